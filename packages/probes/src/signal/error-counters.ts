/** More counters than a school has demodulators; beyond them the one that was not read for the longest is forgotten. */
const mostCounters = 500;

/** What counters of receivers, which run from when they were switched on, have grown by since they were read before. */
export class ErrorCounters {
  /** In the order in which they were read, the oldest first. */
  readonly #totals = new Map<string, number>();

  /**
   * @param key names the counter: receiver and demodulator
   * @param total what the receiver says now
   * @returns the packets since the last reading; undefined for what is no count, and at the first reading, where nobody knows
   *   of when they are. A counter that is lower than before began anew, and all that it has counted since is new
   */
  grownBy(key: string, total: number): number | undefined {
    if (!Number.isSafeInteger(total) || total < 0) return undefined;
    const before = this.#totals.get(key);
    this.#totals.delete(key);
    this.#totals.set(key, total);
    const [oldest] = this.#totals.keys();
    if (this.#totals.size > mostCounters && oldest !== undefined) this.#totals.delete(oldest);
    if (before === undefined) return undefined;
    return total < before ? total : total - before;
  }
}
