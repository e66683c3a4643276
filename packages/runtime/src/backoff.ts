/**
 * Growing waits with full spread between half and all of each step, so that a district that lost its link does not
 * come back in the same second.
 */
export class Backoff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #ceilingMs: number;

  /**
   * @param firstMs the first wait
   * @param maxMs no wait is longer
   * @param random numbers from 0 to 1
   */
  constructor(firstMs: number, maxMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#ceilingMs = firstMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** The next wait in milliseconds. */
  next(): number {
    const ceiling = Math.min(this.#maxMs, this.#ceilingMs);
    this.#ceilingMs = ceiling * 2;
    return ceiling * (0.5 + 0.5 * this.#random());
  }

  /** What waited for has succeeded: begin again with the first wait. */
  reset(): void {
    this.#ceilingMs = this.#firstMs;
  }
}
