import { Type } from 'typebox';
import { principalOf } from '../access.ts';
import { Done, done } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import {
  answered,
  LanguageName,
  MailAddress,
  Objective,
  ScheduleAnswer,
  ScopeChoice,
} from '../report-answers.ts';

const County = Type.Object({ county: Type.String() });
const closed = { additionalProperties: false } as const;

const People = Type.Array(MailAddress, { maxItems: 50, uniqueItems: true });

/** The monthly report of a county: whether it comes, of what, to whom, and who approves it. */
export function reportScheduleRoutes(app: App, { reports, nowS }: HttpDeps): void {
  app.get(
    '/counties/:county/report-schedule',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'The monthly report of a county: whether it comes, to whom, and when next',
        params: County,
        response: { 200: ScheduleAnswer },
      },
    },
    ({ params }) => answered(() => reports.schedule(params.county)),
  );

  app.put(
    '/counties/:county/report-schedule',
    {
      config: { access: 'reports' },
      schema: {
        summary: 'Say whether a monthly report comes, of what, and to whom',
        description:
          '`approval` holds for every report of the county: it waits until somebody approves it. `approvers` are told by mail that one waits; they are nobody where left out.',
        params: County,
        body: Type.Object(
          {
            on: Type.Boolean(),
            scope: Type.Optional(ScopeChoice),
            objective: Type.Optional(Objective),
            language: LanguageName,
            recipients: People,
            approval: Type.Boolean(),
            approvers: Type.Optional(People),
          },
          closed,
        ),
        response: { 200: ScheduleAnswer },
      },
    },
    (request) => {
      const { county } = request.params;
      const {
        scope = { kind: 'county', id: county },
        objective = 9950,
        approvers = [],
        ...rest
      } = request.body;
      const by = { who: principalOf(request).user, at: nowS() };
      return answered(() => reports.setSchedule(county, { scope, objective, approvers, ...rest }, by));
    },
  );

  app.post(
    '/counties/:county/report-schedule/test',
    {
      config: { access: 'reports' },
      schema: {
        summary: 'Send a mail for trying: the newest report, or a line where none was issued',
        params: County,
        body: Type.Object({ to: MailAddress }, closed),
        response: { 200: Done },
      },
    },
    async (request) => {
      const by = { who: principalOf(request).user, at: nowS() };
      await answered(() => reports.sendTrial(request.params.county, request.body.to, by));
      return done;
    },
  );
}
