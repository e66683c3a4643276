/** Start and end of a lesson, hub time in seconds. */
export type LessonTime = readonly [start: number, end: number];

/** Before a lesson the path is looked at as closely as in it: a technician can still do something. */
export const nearS = 15 * 60;

/** What loads the link begins no later than this before a lesson. */
const quietBeforeS = 20 * 60;

/** The windows in which a lesson is on or near, from the lesson times of the coming days. */
export class LessonWindows {
  readonly #windows: readonly LessonTime[];

  /** @param lessons in any order; they may overlap */
  constructor(lessons: readonly LessonTime[]) {
    this.#windows = lessons.map(([start, end]) => [start - nearS, end] as const).sort((a, b) => a[0] - b[0]);
  }

  /** Whether a lesson is on at this time, or begins within 15 minutes. */
  near(nowS: number): boolean {
    return this.#windows.some(([from, to]) => from <= nowS && nowS < to);
  }

  /** When the next window begins after this time, or undefined where none is known. */
  nextStart(nowS: number): number | undefined {
    return this.#windows.find(([from]) => from > nowS)?.[0];
  }

  /**
   * Until when what loads the link disturbs no lesson, 20 minutes before the next one; undefined where one is on or nearer
   * than that. Infinite where none is known.
   */
  quietUntil(nowS: number): number | undefined {
    const [next] = this.#windows.find(([, to]) => nowS < to) ?? [];
    if (next === undefined) return Number.POSITIVE_INFINITY;
    const untilS = next + nearS - quietBeforeS;
    return nowS < untilS ? untilS : undefined;
  }

  /** How many seconds of the span lie in windows. */
  secondsWithin(fromS: number, toS: number): number {
    let total = 0;
    let counted = fromS;
    for (const [from, to] of this.#windows) {
      const start = Math.max(from, counted);
      const end = Math.min(to, toS);
      if (end <= start) continue;
      total += end - start;
      counted = end;
    }
    return total;
  }
}
