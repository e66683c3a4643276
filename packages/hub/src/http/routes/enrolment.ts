import { hashPassword, makePassword } from '@tongtang/broker/password';
import { agentKinds } from '@tongtang/model/agent-kind';
import type { EnrolmentRefusal } from '@tongtang/store/registry/enrolment';
import { Type } from 'typebox';
import { principalOf } from '../access.ts';
import { Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError, type ErrorCode } from '../errors.ts';

/** A school enrols its forty classrooms in one morning from behind one address. */
const rateLimit = { max: 60, timeWindow: 60_000 } as const;

const refusals: Readonly<Record<EnrolmentRefusal, readonly [ErrorCode, string]>> = {
  unknown: ['code_unknown', 'code: is none of ours; check how it was typed'],
  used: ['code_used', 'code: has enrolled an agent already; make another'],
  expired: ['code_expired', 'code: is older than 24 hours; make another'],
  gone: ['classroom_gone', 'code: its classroom is no longer in the inventory; make another'],
};

const Address = { host: Type.Optional(Type.String()), port: Type.Integer() };

const EnrolledAnswer = Type.Object(
  {
    agent: Type.String(),
    kind: Type.Enum([...agentKinds]),
    county: Type.String(),
    school: Type.String(),
    password: Type.String(),
    mqtt: Type.Object({ protocol: Type.Enum(['mqtt', 'mqtts']), ...Address }),
    stamp: Type.Object(Address),
  },
  { description: 'A service without a host is on the host where the agent found the hub' },
);

/** How an agent comes to be: an admin makes a code, the machine trades it for an id and a password. */
export function enrolmentRoutes(app: App, { registry, settings, log, simulated }: HttpDeps): void {
  /** What is measured must not stand beside what was made up. */
  function assertReal(): void {
    if (simulated)
      throw new ApiError('simulated', 'the data of this hub are simulated: it takes in no real agent');
  }

  app.post(
    '/enrolment-codes',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Make a one-time code that enrols one agent in a classroom',
        body: Type.Object(
          {
            county: Type.String(),
            school: Type.String(),
            classroom: Type.String(),
            kind: Type.Optional(Type.Enum([...agentKinds])),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            code: Type.String(),
            expiresAt: Seconds,
            command: Type.String({ description: 'To be run on the machine' }),
            onlyHere: Type.Immutable(
              Type.Array(Type.String(), {
                description:
                  "Settings by which only the hub's own machine finds it; no other can use the code until they are changed",
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      assertReal();
      const { kind = 'classroom', ...seat } = request.body;
      const result = registry.createEnrolmentCode({ ...seat, kind }, principalOf(request).user);
      if (!result.ok) throw new ApiError('invalid_input', result.problem);
      const { code, expiresAt } = result;
      const hub = `${request.protocol}://${request.host}`;
      return {
        code,
        expiresAt,
        command: `npx tongtang agent enroll ${hub} ${code}`,
        onlyHere: settings.onlyHere(request.hostname),
      };
    },
  );

  app.post(
    '/enrol',
    {
      config: { access: 'public', rateLimit },
      schema: {
        summary: "Trade a code for an agent's id and password; the password is shown once",
        body: Type.Object(
          {
            code: Type.String({ minLength: 1, maxLength: 40 }),
            hostname: Type.Optional(Type.String({ maxLength: 255 })),
            platform: Type.Optional(Type.String({ maxLength: 128 })),
            version: Type.Optional(Type.String({ maxLength: 64 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: EnrolledAnswer },
      },
    },
    async ({ body, ip }) => {
      assertReal();
      const password = makePassword();
      const result = registry.enrol({ ...body, passwordHash: hashPassword(password) });
      if (!result.ok) {
        log.warn({ address: ip, reason: result.reason }, 'enrolment refused');
        throw new ApiError(...refusals[result.reason]);
      }
      const { id, kind, address } = result.agent;
      log.info({ agent: id, address: ip }, 'agent enrolled');
      const { mqtt, stamp } = settings;
      return { agent: id, kind, county: address.county, school: address.school, password, mqtt, stamp };
    },
  );
}
