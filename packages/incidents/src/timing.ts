import type { LessonTimes, Topology } from './topology.ts';

/** Agents look closely from a quarter of an hour before a lesson on. */
const closeBeforeS = 15 * 60;
/** The last report of the quiet time is a minute old when they begin to. Seconds. */
const beginS = 80;

/** What was known of lessons, and until when it counted. */
type Plan = Readonly<{
  until: number;
  /** Merged, in order, by school; undefined where nobody had said when there are lessons. */
  windows: ReadonlyMap<string, [from: number, to: number][]> | undefined;
}>;

/**
 * When which school has lessons, and how often its agents report therefore: by the timetable that counted at the time that is asked
 * about, for what was concluded by it stays so when another is entered later.
 */
export class Timing {
  readonly #closeReportS: number;
  readonly #restReportS: number;
  /** The last one counts for good. */
  readonly #plans: readonly Plan[];

  constructor({
    lessons,
    formerLessons = [],
    closeReportS,
    restReportS,
  }: Pick<Topology, 'lessons' | 'formerLessons' | 'closeReportS' | 'restReportS'>) {
    this.#closeReportS = closeReportS;
    this.#restReportS = restReportS;
    this.#plans = [...formerLessons, { until: Number.POSITIVE_INFINITY, lessons }].map((known) => ({
      until: known.until,
      windows: known.lessons && windowsOf(known.lessons),
    }));
  }

  /** Whether a lesson is on, or begins within a quarter of an hour. */
  isNear(school: string, time: number): boolean {
    return windowAt(this.#planAt(time), school, time) !== undefined;
  }

  /** Whether the next report after a time comes as in lessons. Where no timetable is known it does not. */
  isClose(school: string, time: number): boolean {
    const window = windowAt(this.#planAt(time), school, time);
    // What comes next after the end comes at ease.
    return window !== undefined && window[0] + beginS <= time && time + 3 * this.#closeReportS < window[1];
  }

  /**
   * Whether PCs are wanted at a time: in and shortly before lessons, and at any time where no timetable is known.
   * @param asOf the timetable that counted then is asked: the present one of what goes on
   */
  isWanted(school: string, time: number, asOf: number): boolean {
    const plan = this.#planAt(asOf);
    return plan?.windows === undefined || windowAt(plan, school, time) !== undefined;
  }

  reportS(school: string, time: number): number {
    return this.isClose(school, time) ? this.#closeReportS : this.#restReportS;
  }

  #planAt(time: number): Plan | undefined {
    return this.#plans.find(({ until }) => time < until);
  }
}

function windowsOf(lessons: LessonTimes): Map<string, [from: number, to: number][]> {
  const bySchool = new Map<string, [from: number, to: number][]>();
  for (const { school, start, end } of lessons.toSorted((a, b) => a.start - b.start)) {
    const windows = bySchool.get(school) ?? [];
    const last = windows.at(-1);
    if (last !== undefined && start - closeBeforeS <= last[1]) last[1] = Math.max(last[1], end);
    else windows.push([start - closeBeforeS, end]);
    bySchool.set(school, windows);
  }
  return bySchool;
}

function windowAt(
  plan: Plan | undefined,
  school: string,
  time: number,
): readonly [from: number, to: number] | undefined {
  const windows = plan?.windows?.get(school) ?? [];
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((windows[middle]?.[0] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  const window = windows[low - 1];
  return window !== undefined && time < window[1] ? window : undefined;
}
