import type { Log } from '@tongtang/runtime/log';
import type { BatchHeader } from '@tongtang/wire/batch';
import type { Range } from '@tongtang/wire/messages';
import type { Clocks, Moment, TimeReference } from './time.ts';

/** A sample to keep. */
export type NewSample = Readonly<{
  /** Line protocol without the time, as `encodeReading` makes it: one line. */
  line: string;
  /** Hub time in whole seconds, or where the clocks stood while hub time is unknown. */
  time: number | Moment;
}>;

/**
 * How much one claim may hold: samples, and bytes of their text before compression. At least the samples of one append
 * (200 of them at most) are handed out, however small the limits.
 */
export type ClaimLimits = Readonly<{ samples: number; bytes: number }>;

/**
 * Consecutive samples that are being sent: `encodeBatch(claim, claim.lines, …)` makes the payload. `outbox` is not
 * always the current id: what is left of an earlier one is sent under its own.
 */
export type Claim = BatchHeader &
  Readonly<{
    /** Line protocol with times, in the order of the sequence numbers. */
    lines: readonly string[];
    /** Hub time of the last sample, in seconds. */
    time: number;
  }>;

export type OutboxStats = Readonly<{
  /** The outbox that new samples go to. Another one after damage, or after a power cut that may have taken numbers. */
  id: string;
  /** Samples not committed, those waiting for hub time and those only in memory included. */
  samples: number;
  /** Of the file that is in use. */
  bytes: number;
  /** Hub time in seconds of the oldest stamped sample that is not committed. */
  oldestTime: number | undefined;
  /**
   * Samples given up because the outbox was full, the disk refused them, they could not be read, or were of a time that
   * cannot be known, and those of a file that was damaged or is gone, as far as is known; survives restarts, what the
   * disk refused from the next write on that it takes.
   */
  dropped: number;
  /** Those of the dropped ones that the disk refused since this process started. */
  failedWrites: number;
  /** The highest number given under `id`; 0 when there is none yet. */
  lastSequence: number;
}>;

export type OutboxOptions = Readonly<{
  /** The SQLite file; its folder is made if needed. */
  path: string;
  /** Identifies this boot of the operating system. */
  boot: string;
  /** Where the clocks stand by now: a wall clock that is set before hub time is known shows only by it. */
  opened?: Clocks;
  log: Log;
  /** What the process before said of its outbox: what is known of a file that is damaged or gone by now. */
  before?: Pick<OutboxStats, 'samples' | 'dropped'>;
  limits?: Partial<OutboxLimits>;
}>;

export type OutboxLimits = Readonly<{
  /** Of the file; the oldest samples are dropped beyond it. */
  bytes: number;
  /** Samples kept in memory while the disk refuses them. */
  waitingSamples: number;
}>;

/**
 * Keeps samples until the hub has committed them. No method throws: what the disk refuses is retried, then counted.
 * Samples handed out stay claimed until `commit` or `release`, or until the process ends: then they are handed out
 * again, which is harmless.
 */
export interface Outbox {
  /**
   * Gives the samples the next sequence numbers and writes them; survives a killed process when it returns.
   * @returns their numbers, those of samples that had to wait included; undefined while they are kept in memory only,
   * because the disk refuses them: they are written with the next append that succeeds
   */
  append(samples: readonly NewSample[]): Range | undefined;
  /**
   * Stamps what was appended before hub time was known, the newest first, some hundred at a time. Call it after every
   * sync: nothing to do costs nothing.
   * @returns whether more are waiting
   */
  resolveTimes(reference: TimeReference): boolean;
  /** The newest stamped samples that are not claimed. */
  takeNewest(limits: ClaimLimits): Claim | undefined;
  /** The oldest stamped samples that are not claimed, and of none of the outbox ids in `except`: the backlog. */
  takeOldest(limits: ClaimLimits, except?: ReadonlySet<string>): Claim | undefined;
  /**
   * The hub has stored these ranges of this outbox. May repeat, overlap and name what is not here; ids of other
   * outboxes are ignored.
   */
  commit(outbox: string, ranges: readonly Range[]): void;
  /** The claim was not committed in time, or the link was lost: it is handed out again. */
  release(claim: Claim): void;
  stats(): OutboxStats;
  /** Writes what is still in memory, or counts it as dropped, and closes the file. Only `stats` may be called after it. */
  close(): void;
}
