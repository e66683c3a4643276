import { type Static, Type } from 'typebox';

/** What a simulator's process is told over its channel, one order after the other, and what it answers. */

const Text = Type.String({ minLength: 1 });
const Count = Type.Integer({ minimum: 0 });

export const Order = Type.Union([
  /** The agents that live here from now on. */
  Type.Object({
    order: Type.Literal('settle'),
    enrolled: Type.Array(
      Type.Object({
        address: Type.Object({ county: Text, school: Text, agent: Text }),
        password: Text,
      }),
      { minItems: 1 },
    ),
    retry: Type.Optional(Type.Object({ firstMs: Type.Number(), longestMs: Type.Number() })),
  }),
  Type.Object({ order: Type.Literal('connect'), broker: Type.Object({ host: Text, port: Count }) }),
  Type.Object({ order: Type.Literal('disconnect') }),
  Type.Object({
    order: Type.Literal('pack'),
    backlog: Type.Object({ batches: Count, reportsPerBatch: Count, untilS: Type.Number() }),
  }),
  Type.Object({ order: Type.Literal('drain'), batches: Count }),
  Type.Object({
    order: Type.Literal('reportSteadily'),
    perSecond: Type.Number({ exclusiveMinimum: 0 }),
    seconds: Type.Number({ exclusiveMinimum: 0 }),
  }),
  Type.Object({ order: Type.Literal('reportOnce') }),
  Type.Object({ order: Type.Literal('beginLessons') }),
  Type.Object({ order: Type.Literal('endLessons') }),
  Type.Object({ order: Type.Literal('stayAway') }),
  Type.Object({ order: Type.Literal('comeBack') }),
  Type.Object({ order: Type.Literal('tally') }),
  Type.Object({ order: Type.Literal('outboxes') }),
]);
export type Order = Static<typeof Order>;

/** What became of an order. */
export const Outcome = Type.Union([
  Type.Object({ answer: Type.Unknown() }),
  Type.Object({ problem: Type.String() }),
]);
export type Outcome = Static<typeof Outcome>;

export const Nothing = Type.Object({});
export const Packed = Type.Object({ batches: Count, bytes: Count });
export type Packed = Static<typeof Packed>;

/** Seconds from the first publish to the last commit. */
export const Drained = Type.Object({ samples: Count, seconds: Type.Number() });
export type Drained = Static<typeof Drained>;

export const SteadyResult = Type.Object({
  /** From each publish to its commit, in milliseconds. */
  latenciesMs: Type.Array(Type.Number()),
  /** Reports that could not be sent in their turn, because too many of their agent waited for a commit. */
  heldBack: Count,
  /** The most that a report was sent after its time, in milliseconds: whether the process kept the pace. */
  behindMs: Type.Number(),
});
export type SteadyResult = Static<typeof SteadyResult>;

/** A county in lessons. Times are epoch milliseconds. */
export const Tally = Type.Object({
  connected: Count,
  /** Samples. */
  made: Count,
  committed: Count,
  /** From when each report was due to its commit, of those that were made while the connection stood. */
  latenciesMs: Type.Array(Type.Number()),
  /** The most that a report was made after its time: whether the process kept the pace. */
  behindMs: Type.Number(),
  /** After the hub was away: when the newest, and all, of what each agent held were committed. */
  liveAtMs: Type.Array(Type.Number()),
  wholeAtMs: Type.Array(Type.Number()),
  /** Agents of whose outage something older was committed before the newest. */
  backlogFirst: Count,
});
export type Tally = Static<typeof Tally>;

/** In the order of the agents. */
export const Outbox = Type.Object({ id: Text, made: Count });
export type Outbox = Static<typeof Outbox>;
export const Outboxes = Type.Object({ outboxes: Type.Array(Outbox) });
