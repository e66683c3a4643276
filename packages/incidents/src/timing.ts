import type { Topology } from './topology.ts';

/** Agents look closely from a quarter of an hour before a lesson on. */
const closeBeforeS = 15 * 60;
/** The last report of the quiet time is a minute old when they begin to. Seconds. */
const beginS = 80;

/** When which school has lessons, and how often its agents report therefore. */
export class Timing {
  readonly #closeReportS: number;
  readonly #restReportS: number;
  /** Merged, in order, by school. */
  readonly #windows = new Map<string, [from: number, to: number][]>();
  readonly #everywhere: boolean;

  constructor({
    lessons,
    closeReportS,
    restReportS,
  }: Pick<Topology, 'lessons' | 'closeReportS' | 'restReportS'>) {
    this.#closeReportS = closeReportS;
    this.#restReportS = restReportS;
    this.#everywhere = lessons === undefined;
    for (const { school, start, end } of (lessons ?? []).toSorted((a, b) => a.start - b.start)) {
      const windows = this.#windows.get(school) ?? [];
      const last = windows.at(-1);
      if (last !== undefined && start - closeBeforeS <= last[1]) last[1] = Math.max(last[1], end);
      else windows.push([start - closeBeforeS, end]);
      this.#windows.set(school, windows);
    }
  }

  /** Whether a lesson is on, or begins within a quarter of an hour. */
  isNear(school: string, time: number): boolean {
    return this.#windowAt(school, time) !== undefined;
  }

  /** Whether the next report after a time comes as in lessons. Where no timetable is known it does not. */
  isClose(school: string, time: number): boolean {
    const window = this.#windowAt(school, time);
    // What comes next after the end comes at ease.
    return window !== undefined && window[0] + beginS <= time && time + 3 * this.#closeReportS < window[1];
  }

  /** Whether PCs are wanted then: in and shortly before lessons, and at any time where no timetable is known. */
  isWanted(school: string, time: number): boolean {
    return this.#everywhere || this.isNear(school, time);
  }

  reportS(school: string, time: number): number {
    return this.isClose(school, time) ? this.#closeReportS : this.#restReportS;
  }

  #windowAt(school: string, time: number): readonly [from: number, to: number] | undefined {
    const windows = this.#windows.get(school) ?? [];
    let [low, high] = [0, windows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((windows[middle]?.[0] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    const window = windows[low - 1];
    return window !== undefined && time < window[1] ? window : undefined;
  }
}
