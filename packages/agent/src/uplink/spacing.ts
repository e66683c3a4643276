/** Lets some go at once, and then one in so long on average. Times are local, in milliseconds. */
export class Spacing {
  readonly #atOnce: number;
  readonly #apartMs: number;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** When it will be as if none had ever gone. */
  #restedMs = Number.NEGATIVE_INFINITY;

  /**
   * @param atOnce so many may go together after a rest
   * @param apartMs and then one each time so long is over
   */
  constructor(atOnce: number, apartMs: number) {
    this.#atOnce = atOnce;
    this.#apartMs = apartMs;
  }

  /** From when on the next one may go. */
  get freeMs(): number {
    return this.#restedMs - (this.#atOnce - 1) * this.#apartMs;
  }

  /** From when on one may go that can wait: not soon after another. */
  get quietMs(): number {
    return Math.max(this.freeMs, this.#lastMs + this.#apartMs);
  }

  /** One went. Those that go although they may not do not add up. */
  went(nowMs: number): void {
    const most = nowMs + (this.#atOnce - 1) * this.#apartMs;
    this.#restedMs = Math.min(Math.max(nowMs, this.#restedMs), most) + this.#apartMs;
    this.#lastMs = nowMs;
  }
}
