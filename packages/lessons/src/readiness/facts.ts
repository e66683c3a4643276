import type { LinkKind, LinkState } from '@tongtang/model/link';

/** A reading with its time, in hub time in seconds. */
export type Known<Value> = Readonly<{ value: Value; at: number }>;

/**
 * `off`: it said so itself. `lost`: it went without a word, or sends nothing, while others of the school are heard; `gone`: the same, and
 * the others are off, so nobody can say. `unheard`: the whole school went without a word. `silent`: the hub itself has not been there for
 * long enough to say. `none`: no agent in the classroom.
 */
export const pcStates = ['on', 'asleep', 'off', 'gone', 'lost', 'unheard', 'silent', 'none'] as const;
export type PcState = (typeof pcStates)[number];

/** What is known of a classroom and its school at a moment. What is absent is not known. Times are hub time in seconds. */
export type Facts = Readonly<{
  pc: Readonly<{
    state: PcState;
    /** When it was heard last, where it is not on; of `unheard` the whole school. */
    heardAt?: number;
  }>;
  /** The hub's clock minus the PC's. */
  clockOffsetMs?: Known<number>;
  diskFreeBytes?: Known<number>;
  /** The folder of recorded lessons on the PC; `undefined` where it cannot be read. Ages in seconds, of when they were told. */
  files?: Known<Readonly<{ entries: number; newestAgeS: number }> | undefined>;
  links: Readonly<Partial<Record<LinkKind, Known<LinkState>>>>;
  /** Of the weakest receiver of the school. */
  marginDb?: Known<number>;
  /** An open incident that is said to hit the lesson. */
  incident?: Readonly<{ id: string; from: number }>;
  /** The first predicted sun outage (日凌) of the school's dish within the lesson. */
  sunOutage?: Readonly<{ begin: number; end: number }>;
  /** Announced work within the lesson. */
  maintenance?: Readonly<{ start: number; end: number }>;
}>;

/**
 * Agents report once a minute out of lessons, and are silent after three reports that did not come. Older readings say nothing of the
 * present. Seconds.
 */
export const freshS = 180;
/** A platform may be asked each five minutes, a receiver once a minute: three of the longest interval. Seconds. */
export const linkFreshS = 900;
