import type { HubClock } from '../clock.ts';
import type { LessonWindows } from '../lessons.ts';
import type { ByteBudget } from './byte-budget.ts';
import { closeEveryS, type Intervals, nextSendS, restEveryS } from './cadence.ts';
import { Spacing } from './spacing.ts';

/**
 * A backlog that nothing was saved for goes at this part of its rate once bytes run low. It may take them from what is sent while nobody
 * is taught: 40 bytes per second, thrice what is measured. It may not take them from lessons: a batch or two a day, so that something of
 * it arrives even where lessons take all bytes every day.
 */
const tightPace = { fromRest: 0.005, fromLessons: 0.000025 } as const;
/** So much of a day's bytes it leaves for what cannot be foreseen. */
const reserved = 0.1;

/**
 * While bytes run low so many changes are told at once, what an hour of reports at rest costs, and then one in five minutes: a link that
 * flaps or wavers must not use up the budget.
 */
const changes = { atOnce: 60, apartMs: 300_000 } as const;

/**
 * A session that ended sooner was short. While bytes run low the next one comes as fast as ever after so many of them, and then one in
 * twenty minutes: two machines with one identity end each other's, and each costs as much as half an hour of reports at rest.
 */
const shortSessions = { shorterMs: 300_000, atOnce: 12, apartMs: 1_200_000 } as const;

/** What calls for sending, in local milliseconds. */
export type Calls = Readonly<{
  lastSentMs: number;
  /** From when on a change of a link's state may go that waits. */
  changedMs: number | undefined;
  /** Somebody looks until then. */
  liveUntilMs: number;
}>;

/** Puts clock, lessons and byte budget before the cadence. */
export class Pace {
  readonly #clock: HubClock;
  readonly #budget: ByteBudget;
  readonly #lessons: () => LessonWindows;
  readonly #changes = new Spacing(changes.atOnce, changes.apartMs);
  readonly #shortSessions = new Spacing(shortSessions.atOnce, shortSessions.apartMs);

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

  /** At which part of its rate the backlog goes. */
  get ofBacklog(): number {
    if (this.#budget.hasSaved) return 1;
    const { closeS, restS } = this.#intervals(reserved);
    if (closeS > closeEveryS) return tightPace.fromLessons;
    return restS > restEveryS ? tightPace.fromRest : 1;
  }

  /**
   * From when on a change of a link's state may go, in local milliseconds.
   * @param urgent others do not go soon after another, once bytes run low
   */
  changeMs(urgent: boolean): number {
    const now = this.#clock.localMs();
    if (!this.tight) return now;
    return Math.max(now, urgent ? this.#changes.freeMs : this.#changes.quietMs);
  }

  /** A batch went because of a change. */
  changeWent(): void {
    this.#changes.went(this.#clock.localMs());
  }

  /** @param sinceMs local time when the session was opened */
  sessionEnded(sinceMs: number): void {
    const now = this.#clock.localMs();
    if (now - sinceMs < shortSessions.shorterMs) this.#shortSessions.went(now);
  }

  /** How long the next session has to wait at least, in milliseconds. */
  get sessionWaitsMs(): number {
    return this.tight ? Math.max(0, this.#shortSessions.freeMs - this.#clock.localMs()) : 0;
  }

  #intervals(reservedPart = 0): Intervals {
    const nowS = this.#clock.bestGuessS();
    const { day, endS } = dayOf(nowS);
    // A wrong wall clock must not begin a day.
    if (this.#clock.hubMs() !== undefined) this.#budget.enterDay(day);
    const ahead = { seconds: endS - nowS, lessonSeconds: this.#lessons().secondsWithin(nowS, endS) };
    return this.#budget.intervals(ahead, reservedPart);
  }
}

/** The day that a time lies in by the machine's time zone, counted since 1970, and when it ends. Seconds. */
export function dayOf(nowS: number): { day: number; endS: number } {
  const zoneS = new Date(nowS * 1000).getTimezoneOffset() * 60;
  const day = Math.floor((nowS - zoneS) / 86_400);
  return { day, endS: (day + 1) * 86_400 + zoneS };
}
