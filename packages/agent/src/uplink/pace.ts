import type { HubClock } from '../clock.ts';
import type { LessonWindows } from '../lessons.ts';
import type { ByteBudget } from './byte-budget.ts';
import { type Intervals, nextSendS, restEveryS } from './cadence.ts';

/** What calls for sending, in local milliseconds. */
export type Calls = Readonly<{
  lastSentMs: number;
  /** Since when a change of a link's state waits. */
  changedMs: number | undefined;
  /** Somebody looks until then. */
  liveUntilMs: number;
}>;

/** Puts clock, lessons and byte budget before the cadence. */
export class Pace {
  readonly #clock: HubClock;
  readonly #budget: ByteBudget;
  readonly #lessons: () => LessonWindows;

  constructor(clock: HubClock, budget: ByteBudget, lessons: () => LessonWindows) {
    this.#clock = clock;
    this.#budget = budget;
    this.#lessons = lessons;
  }

  /** When the next batch is due, in local milliseconds. */
  nextSendMs({ lastSentMs, changedMs, liveUntilMs }: Calls): number {
    const nowS = this.#clock.localMs() / 1000;
    const hubS = this.#clock.bestGuessS();
    const nextLesson = this.#lessons().nextStart(hubS);
    const dueS = nextSendS({
      nowS,
      lastSentS: lastSentMs / 1000,
      lessonNear: this.#lessons().near(hubS),
      nextLessonS: nextLesson === undefined ? undefined : nextLesson - hubS + nowS,
      liveUntilS: liveUntilMs / 1000,
      changedS: changedMs === undefined ? undefined : changedMs / 1000,
      intervals: this.#intervals(),
    });
    return dueS * 1000;
  }

  /** Whether the budget asks for longer intervals than is customary. */
  get tight(): boolean {
    return this.#intervals().restS > restEveryS;
  }

  #intervals(): Intervals {
    const nowS = this.#clock.bestGuessS();
    const { day, endS } = dayOf(nowS);
    // A wrong wall clock must not begin a day.
    if (this.#clock.hubMs() !== undefined) this.#budget.enterDay(day);
    return this.#budget.intervals({
      seconds: endS - nowS,
      lessonSeconds: this.#lessons().secondsWithin(nowS, endS),
    });
  }
}

/** The day that a time lies in by the machine's time zone, counted since 1970, and when it ends. Seconds. */
export function dayOf(nowS: number): { day: number; endS: number } {
  const zoneS = new Date(nowS * 1000).getTimezoneOffset() * 60;
  const day = Math.floor((nowS - zoneS) / 86_400);
  return { day, endS: (day + 1) * 86_400 + zoneS };
}
