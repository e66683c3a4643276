import type { Reading } from '@tongtang/model/sample';
import type { NewSample, Outbox } from '@tongtang/outbox/outbox';
import type { Moment, TimeReference } from '@tongtang/outbox/time';
import { encodeReading } from '@tongtang/wire/line-protocol';
import type { HubClock } from './clock.ts';
import { economical } from './economy.ts';

/**
 * Readings wait so long for others, so that the outbox writes them together: a transaction costs the disk more than
 * what is in it. What a killed process loses of them was never promised to anybody. Milliseconds.
 */
const togetherMs = 9000;

/** Places readings in hub time and hands them to the outbox. */
export class Intake {
  readonly #outbox: Outbox;
  readonly #clock: HubClock;
  readonly #boot: string;
  #waiting: Readonly<{ line: string; atMs: number }>[] = [];
  #waitingSinceMs = 0;
  /** Whether the outbox may hold samples without a time. */
  #moreUnplaced = true;

  /** @param boot identifies this boot of the operating system */
  constructor(outbox: Outbox, clock: HubClock, boot: string) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#boot = boot;
  }

  /** @param atMs local time when the measurement began, from the clock's `localMs` */
  take(readings: readonly Reading[], atMs: number): void {
    for (const reading of readings) {
      const line = encodeReading(economical(reading));
      if (line === undefined) continue;
      if (this.#waiting.length === 0) this.#waitingSinceMs = this.#clock.localMs();
      this.#waiting.push({ line, atMs });
    }
    if (this.#waiting.length > 0 && this.#clock.localMs() - this.#waitingSinceMs >= togetherMs) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const samples = this.#waiting.map(({ line, atMs }): NewSample => ({ line, time: this.#timeOf(atMs) }));
    this.#waiting = [];
    this.#outbox.append(samples);
  }

  /**
   * The clock learned something: what was taken before hub time was known gets its time, some hundred at a time.
   * @returns whether samples may be ready to be sent that were not before
   */
  resolveTimes(): boolean {
    const reference = this.#reference();
    if (reference === undefined) return false;
    const before = this.#moreUnplaced;
    this.#moreUnplaced = this.#outbox.resolveTimes(reference);
    return before || this.#moreUnplaced;
  }

  #timeOf(atMs: number): number | Moment {
    const offset = this.#clock.offsetMs();
    if (offset !== undefined) return Math.floor((atMs + offset) / 1000);
    const agoMs = this.#clock.localMs() - atMs;
    const { bootMs, wallMs } = this.#clock.moment();
    return { boot: this.#boot, monotonicMs: bootMs - agoMs, wallMs: wallMs - agoMs };
  }

  #reference(): TimeReference | undefined {
    const hubMs = this.#clock.hubMs();
    if (hubMs === undefined) return undefined;
    const { bootMs, wallMs } = this.#clock.moment();
    return { boot: this.#boot, hubMinusMonotonicMs: hubMs - bootMs, hubMinusWallMs: hubMs - wallMs };
  }
}
