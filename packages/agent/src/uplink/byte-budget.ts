import { type Static, Type } from 'typebox';
import { commitIntervalS, type Intervals, intervalLadder } from './cadence.ts';

/** What outlives a restart. */
export const BudgetState = Type.Object({
  /** Days since 1970 in the machine's time zone. */
  day: Type.Integer({ minimum: 0 }),
  usedBytes: Type.Number({ minimum: 0 }),
  backlogBytes: Type.Number({ minimum: 0 }),
  savedBytes: Type.Number({ minimum: 0 }),
});
export type BudgetState = Static<typeof BudgetState>;

/** Until the hub says otherwise. */
export const defaultBytesPerDay = 1_200_000;
/** So much of an absence is saved for its backlog, as long as the outbox keeps samples. Days. */
const savedDays = 30;
/**
 * What a batch costs beside what its reports make: where it is told as a whole, its first report has nothing to lean on;
 * where it follows on others, its header is all. Bytes.
 */
const batchBytes = { whole: 120, following: 10 } as const;
/** Time constant of the running average of what measuring makes: a batch of two seconds tells little. Seconds. */
const averagedOverS = 600;
/** Weight of the newest in the running average of what commits and batches cost: one batch as a whole among many says little. */
const newestWeight = 0.1;

/** A message that went out. */
export type SentMessage = Readonly<{
  payloadBytes: number;
  /** Topic, headers and acknowledgements on the wire. */
  messageBytes: number;
  /** What its commit costs beside; 0 where it asked for none. */
  commitBytes: number;
  /** Seconds of measuring that it carries. */
  coveredS: number;
  /** Told by what differs from those before it. */
  follows: boolean;
}>;

/** What is left of the day. Seconds. */
export type DayAhead = Readonly<{ seconds: number; lessonSeconds: number }>;

/**
 * Meters the bytes of telemetry on the wire and keeps them within a day's budget by sending less often; measuring goes
 * on. What an absence of the link did not use is saved, and only the backlog that it left is paid from that.
 */
export class ByteBudget {
  #bytesPerDay = defaultBytesPerDay;
  #state: BudgetState;
  /**
   * Observed: compressed bytes that a second of measuring makes; what a message, a commit and a batch cost beside. At first what
   * they are in a classroom, TLS included: an agent that is switched on in a lesson shall not begin by saving.
   */
  #payloadPerS = 3;
  #perMessage = 180;
  #perCommit = 270;
  #perBatch: number = batchBytes.following;

  constructor(state: BudgetState = { day: 0, usedBytes: 0, backlogBytes: 0, savedBytes: 0 }) {
    this.#state = { ...state };
  }

  set bytesPerDay(bytes: number) {
    this.#bytesPerDay = bytes;
  }

  get state(): BudgetState {
    return { ...this.#state };
  }

  /** Sent and received today, the backlog included. */
  get todayBytes(): number {
    return this.#state.usedBytes + this.#state.backlogBytes;
  }

  /** Whether an absence of the link left bytes to send its backlog with. */
  get hasSaved(): boolean {
    return this.#state.savedBytes > 0;
  }

  /** Begins the count again when the day changes. A day before the present one is a corrected clock: nothing begins. */
  enterDay(day: number): void {
    if (day <= this.#state.day) this.#state.day = day;
    else this.#state = { day, usedBytes: 0, backlogBytes: 0, savedBytes: this.#state.savedBytes };
  }

  /** Bytes on the wire that belong to the present. */
  meter(bytes: number): void {
    this.#state.usedBytes += bytes;
  }

  /** Bytes on the wire that belong to the backlog: paid from what was saved, then from the day's budget. */
  meterBacklog(bytes: number): void {
    const saved = Math.min(bytes, this.#state.savedBytes);
    this.#state.savedBytes -= saved;
    this.#state.backlogBytes += saved;
    this.#state.usedBytes += bytes - saved;
  }

  /** Nothing could be sent for so long. */
  saveAbsence(seconds: number): void {
    const saved = this.#state.savedBytes + (Math.max(0, seconds) / 86_400) * this.#bytesPerDay;
    this.#state.savedBytes = Math.min(saved, savedDays * this.#bytesPerDay);
  }

  /** Learns what messages cost. */
  observe({ payloadBytes, messageBytes, commitBytes, coveredS, follows }: SentMessage): void {
    if (coveredS < 1) return;
    const perBatch = follows ? batchBytes.following : batchBytes.whole;
    this.#perBatch += newestWeight * (perBatch - this.#perBatch);
    const perS = Math.max(0, payloadBytes - perBatch) / coveredS;
    this.#payloadPerS += (coveredS / (coveredS + averagedOverS)) * (perS - this.#payloadPerS);
    this.#perMessage = messageBytes;
    if (commitBytes > 0) this.#perCommit += newestWeight * (commitBytes - this.#perCommit);
  }

  /**
   * The shortest intervals with which the rest of the day fits what is left of the budget.
   * @param reserved the part of the day's budget that shall be left over
   */
  intervals({ seconds, lessonSeconds }: DayAhead, reserved = 0): Intervals {
    const left = this.#bytesPerDay * (1 - reserved) - this.#state.usedBytes;
    const perS = (everyS: number) =>
      (this.#perMessage + this.#perBatch) / everyS + this.#perCommit / commitIntervalS(everyS);
    const fits = ({ closeS, restS }: Intervals) =>
      seconds * this.#payloadPerS + lessonSeconds * perS(closeS) + (seconds - lessonSeconds) * perS(restS) <=
      left;
    return intervalLadder.find(fits) ?? intervalLadder[intervalLadder.length - 1] ?? intervalLadder[0];
  }
}
