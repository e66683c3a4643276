/**
 * Watches that things come again within a limit: tables, PCRs, PTSs (TR 101 290, 5.2). Each thing has a number; one that
 * is not expected has no time.
 */
export class Repetition {
  readonly #limitMs: number;
  readonly #seenMs: Float64Array;
  /** What is missing was told of already. */
  readonly #told: Uint8Array;
  #errors = 0;
  #everFound = 0;
  #longestMs: number | undefined;

  /** @param count of things */
  constructor(limitMs: number, count: number) {
    this.#limitMs = limitMs;
    this.#seenMs = new Float64Array(count).fill(Number.NaN);
    this.#told = new Uint8Array(count);
  }

  /** Errors since the beginning. */
  get everFound(): number {
    return this.#everFound;
  }

  /** It is due from now on. */
  expect(thing: number, nowMs: number): void {
    if (Number.isNaN(this.#seenMs[thing])) this.#seenMs[thing] = nowMs;
  }

  /**
   * It came.
   * @param excused whether a long wait was not its fault
   * @returns milliseconds since it came last; NaN where it was not expected
   */
  seen(thing: number, nowMs: number, excused = false): number {
    const waitMs = nowMs - (this.#seenMs[thing] ?? Number.NaN);
    this.#judge(thing, waitMs, excused);
    this.#seenMs[thing] = nowMs;
    this.#told[thing] = 0;
    return waitMs;
  }

  /** It is not due any more. */
  forget(thing: number): void {
    this.#seenMs[thing] = Number.NaN;
    this.#told[thing] = 0;
  }

  forgetAll(): void {
    this.#seenMs.fill(Number.NaN);
    this.#told.fill(0);
  }

  /** Whether it is missing at this moment. */
  isMissing(thing: number, nowMs: number): boolean {
    return nowMs - (this.#seenMs[thing] ?? Number.NaN) > this.#limitMs;
  }

  /** What was found since the last call; what is missing at this moment counts, and counts again next time. */
  read(nowMs: number): Readonly<{ errors: number; longestMs: number | undefined; missing: number }> {
    let missing = 0;
    for (let thing = 0; thing < this.#seenMs.length; thing += 1) {
      const waitMs = nowMs - (this.#seenMs[thing] ?? Number.NaN);
      if (waitMs > this.#limitMs) missing += 1;
      this.#judge(thing, waitMs, false);
    }
    const found = { errors: this.#errors, longestMs: this.#longestMs, missing };
    this.#errors = 0;
    this.#longestMs = undefined;
    this.#told.fill(0);
    return found;
  }

  #judge(thing: number, waitMs: number, excused: boolean): void {
    if (Number.isNaN(waitMs)) return;
    if (waitMs > (this.#longestMs ?? -1)) this.#longestMs = waitMs;
    if (waitMs <= this.#limitMs || excused || this.#told[thing] === 1) return;
    this.#errors += 1;
    this.#everFound += 1;
    this.#told[thing] = 1;
  }
}
