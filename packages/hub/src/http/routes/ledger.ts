import { Type } from 'typebox';
import { List, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

const Ranges = List(
  Type.Immutable(
    Type.Tuple([Type.Integer(), Type.Integer()], { description: 'First and last, both included' }),
  ),
);

const LedgerAnswer = Type.Object({
  outboxes: List(
    Type.Object({
      id: Type.String(),
      received: Ranges,
      unknownBefore: Type.Integer({
        description: 'Of lower numbers the ledger knows only those in `received`; 1 where it knows of all',
      }),
      missing: Ranges,
      lost: Ranges,
      firstSeen: Seconds,
      lastSeen: Seconds,
    }),
  ),
  earlier: Type.Integer({
    description:
      'Outboxes that are not listed: beyond the newest thousand, or forgotten as nothing was heard of them for long',
  }),
});

/** What was received of each outbox, and what is missing. */
export function ledgerRoutes(app: App, { registry, ledger }: HttpDeps): void {
  app.get(
    '/ledger/:agent',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'Sequence numbers received of each outbox of an agent, revoked ones included',
        description:
          '`missing`: not received although later ones were. `lost`: the part of it that the agent no longer holds.',
        params: Type.Object({ agent: Type.String() }),
        response: { 200: LedgerAnswer },
      },
    },
    async ({ params: { agent } }) => {
      const outboxes = ledger.outboxes(agent);
      if (outboxes.length === 0 && registry.agent(agent) === undefined)
        throw new ApiError('not_found', `agent: no agent "${agent}" is enrolled`);
      return { outboxes, earlier: ledger.earlier(agent) };
    },
  );
}
