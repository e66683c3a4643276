import { Identifier } from '@tongtang/model/identifier';
import { linkKinds } from '@tongtang/model/link';
import { type Static, Type } from 'typebox';

/**
 * Payloads of every channel but `telemetry`, which carries a batch (batch.ts). All are JSON; receivers ignore keys
 * that they do not know (clause M-2), so fields can be added.
 */

const Seconds = Type.Number({ minimum: 0, maximum: 4e9 });
const Sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** Outbox ids and boot ids: random, never reused. */
export const RandomId = Type.String({ pattern: '^[a-z0-9]{8,32}$' });

/** An inclusive range of sequence numbers of one outbox. */
export const Range = Type.Tuple([Sequence, Sequence]);
export type Range = Static<typeof Range>;

/** `asleep` is said by an agent that is told of a suspend before it happens. */
export const agentStatuses = ['online', 'stopping', 'asleep', 'offline'] as const;

/** `status`, retained; the will is the same with `offline`. */
export const Status = Type.Object({
  state: Type.Enum([...agentStatuses]),
  /** A new one each time the agent process starts: a death is ignored when its boot is not the current one. */
  boot: RandomId,
  version: Type.String({ maxLength: 64 }),
  /** Hub time if known, else the agent's own clock; seconds. */
  startedAt: Seconds,
  /** The outbox in use: the hub answers with what it has stored of it. */
  outbox: RandomId,
  platform: Type.Optional(Type.String({ maxLength: 128 })),
  hostname: Type.Optional(Type.String({ maxLength: 255 })),
});
export type Status = Static<typeof Status>;

/** `commit`: these ranges of this outbox are stored for good. */
export const Commit = Type.Object({
  outbox: RandomId,
  ranges: Type.Array(Range, { maxItems: 10_000 }),
  /** Hub time in milliseconds when this was sent: the agent's clock of last resort where UDP is blocked. */
  time: Type.Number({ minimum: 0, maximum: 4e12 }),
  /** A new one each time the hub starts (clause C-9). */
  hub: RandomId,
  /** The hub lost the thread of batches that follow: tell the next one as a whole (clause F-6). */
  whole: Type.Optional(Type.Boolean()),
});
export type Commit = Static<typeof Commit>;

/** One probe to run again and again. */
export const ProbeTask = Type.Object({
  /** One that the agent has not is for agents of another kind, or a later version (clause M-6). */
  probe: Identifier,
  link: Type.Enum([...linkKinds]),
  target: Identifier,
  address: Type.String({ minLength: 1, maxLength: 500 }),
  every: Type.Integer({ minimum: 5, maximum: 86_400 }),
});
export type ProbeTask = Static<typeof ProbeTask>;

/** `config`, retained. */
export const Config = Type.Object({
  /** Same text for same content: an agent applies a revision once. */
  revision: Type.String({ minLength: 1, maxLength: 64 }),
  /** Added to the agent's own gateway, resolver, hub and host probes. */
  tasks: Type.Array(ProbeTask, { maxItems: 500 }),
  /** Start and end of lessons of the coming days, hub time in seconds, in order. */
  lessons: Type.Array(Type.Tuple([Seconds, Seconds]), { maxItems: 1000 }),
  /** Preset dictionaries (zlib DICTID, hexadecimal) that the hub can inflate. */
  dictionaries: Type.Array(Type.String({ pattern: '^[0-9a-f]{8}$' }), { maxItems: 32 }),
  /** Whether the hub reads batches that follow on each other (clause F-3). */
  following: Type.Optional(Type.Boolean()),
  /** The most the agent may send and receive a day for telemetry, protocol overhead included. */
  bytesPerDay: Type.Integer({ minimum: 100_000 }),
  /** Folder to which recorded lessons are delivered, on the PCs of the school's classrooms. */
  lessonFiles: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
});
export type Config = Static<typeof Config>;

/** `command`: the whole list of what may be asked of an agent from afar. Each is audited by the hub. */
export const Command = Type.Union([
  /** Send every 10 s for so long: somebody looks at the page. */
  Type.Object({
    id: RandomId,
    action: Type.Literal('live'),
    seconds: Type.Integer({ minimum: 1, maximum: 600 }),
  }),
]);
export type Command = Static<typeof Command>;

/** `reply` to a command. */
export const Reply = Type.Object({
  id: RandomId,
  ok: Type.Boolean(),
  error: Type.Optional(Type.String({ maxLength: 500 })),
});
export type Reply = Static<typeof Reply>;
