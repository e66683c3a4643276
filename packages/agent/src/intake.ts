import type { Reading } from '@tongtang/model/sample';
import type { NewSample, Outbox } from '@tongtang/outbox/outbox';
import type { Moment, TimeReference } from '@tongtang/outbox/time';
import { encodeReading } from '@tongtang/wire/line-protocol';
import type { HubClock } from './clock.ts';
import { economical } from './economy.ts';

/**
 * Readings wait for others, so that the outbox writes them together: a transaction costs the disk more than what is in it. What a
 * killed process loses of them was never promised to anybody. Milliseconds.
 */
const togetherMs = {
  /** At the end of a session with the hub while no lesson is near: twice a minute, where reports go once. */
  rest: 25_000,
  /** Where there are no sessions. */
  longest: 30_000,
} as const;

/** A clock that steps back by less is one that learned better; by more, somebody set the hub's. Seconds. */
const correctionS = 60;
/** More series than any agent has. */
const remembered = 2000;

/** Places readings in hub time and hands them to the outbox. */
export class Intake {
  readonly #outbox: Outbox;
  readonly #clock: HubClock;
  readonly #boot: string;
  readonly #lessonNear: () => boolean;
  /** Local time of the start. */
  readonly #startMs: number;
  #waiting: Readonly<{ line: string; atMs: number }>[] = [];
  #waitingSinceMs = 0;
  /** The newest second of each series: no two samples get one identity (clause L-11). */
  readonly #lastS = new Map<string, number>();
  /** Local time of the newest sample of each series that waits for hub time. */
  readonly #unplacedMs = new Map<string, number>();
  /** Whether the outbox may hold samples without a time. */
  #moreUnplaced = true;

  /**
   * @param boot identifies this boot of the operating system
   * @param lessonNear whether a lesson is on or near
   */
  constructor(outbox: Outbox, clock: HubClock, boot: string, lessonNear: () => boolean) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#boot = boot;
    this.#lessonNear = lessonNear;
    this.#startMs = clock.localMs();
  }

  /** @param atMs local time when the measurement began, from the clock's `localMs` */
  take(readings: readonly Reading[], atMs: number): void {
    for (const reading of readings) {
      const line = encodeReading(economical(reading));
      if (line === undefined) continue;
      if (this.#waiting.length === 0) this.#waitingSinceMs = this.#clock.localMs();
      this.#waiting.push({ line, atMs: this.#apart(atMs) });
    }
    if (this.#waitedMs() >= togetherMs.longest) this.flush();
  }

  /**
   * A session with the hub ended, and a report that was due has gone with it: in and near lessons what still waits is written. At
   * any other moment it would be written shortly before a report, and the report's own a second time.
   */
  sessionEnded(): void {
    if (this.#lessonNear() || this.#waitedMs() >= togetherMs.rest) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const samples = this.#waiting.map(
      ({ line, atMs }): NewSample => ({ line, time: this.#timeOf(line, atMs) }),
    );
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
    const offset = this.#clock.offsetMs() ?? 0;
    for (const [series, atMs] of this.#unplacedMs) this.#lastS.set(series, Math.ceil((atMs + offset) / 1000));
    this.#unplacedMs.clear();
    const before = this.#moreUnplaced;
    this.#moreUnplaced = this.#outbox.resolveTimes(reference);
    return before || this.#moreUnplaced;
  }

  /**
   * What is measured in the first second of a process counts as of its end: what the process before measured in the second in
   * which it died and this one began keeps its identity (clause L-11).
   */
  #apart(atMs: number): number {
    const endMs = this.#startMs + 1000;
    return atMs >= this.#startMs && atMs < endMs ? endMs : atMs;
  }

  #waitedMs(): number {
    return this.#waiting.length === 0 ? 0 : this.#clock.localMs() - this.#waitingSinceMs;
  }

  #timeOf(line: string, atMs: number): number | Moment {
    const series = /^(?:\\.|[^\\ ])*/.exec(line)?.[0] ?? '';
    const offset = this.#clock.offsetMs();
    if (offset !== undefined) return this.#distinct(series, Math.floor((atMs + offset) / 1000));
    this.#unplacedMs.set(series, atMs);
    const agoMs = this.#clock.localMs() - atMs;
    const { bootMs, wallMs } = this.#clock.moment();
    return { boot: this.#boot, monotonicMs: bootMs - agoMs, wallMs: wallMs - agoMs };
  }

  /** The second itself, or the first one that its series has not had. */
  #distinct(series: string, second: number): number {
    const last = this.#lastS.get(series);
    const taken = last !== undefined && second <= last && last - second < correctionS;
    const own = taken ? last + 1 : second;
    if (this.#lastS.size >= remembered) this.#lastS.clear();
    this.#lastS.set(series, own);
    return own;
  }

  #reference(): TimeReference | undefined {
    const hubMs = this.#clock.hubMs();
    if (hubMs === undefined) return undefined;
    const { bootMs, wallMs } = this.#clock.moment();
    return {
      boot: this.#boot,
      hubMs,
      hubMinusMonotonicMs: hubMs - bootMs,
      hubMinusWallMs: hubMs - wallMs,
    };
  }
}
