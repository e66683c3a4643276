/** After so many failures in a row the waits begin; each further one doubles the wait. */
const freeFailures = 5;
const longestWaitS = 15 * 60;
/** Failures are forgotten when none has followed for so long. */
const memoryS = 3600;
/** The oldest names are forgotten first, so that a flood of names cannot fill the memory. */
const mostNames = 10_000;

type Failures = { count: number; last: number };

/** Slows down whoever guesses passwords. In memory: a restart forgives, which costs a guesser a restart to use. */
export class Throttle {
  readonly #failures = new Map<string, Failures>();
  readonly #nowS: () => number;

  constructor(nowS: () => number) {
    this.#nowS = nowS;
  }

  /** Seconds that these names have to wait before another try; 0 where they need not. */
  waitS(...names: readonly string[]): number {
    return Math.max(...names.map((name) => this.#waitOf(name)));
  }

  /** Counts a try as failed. It is counted before it is verified, so that tries at the same time count too. */
  fail(...names: readonly string[]): void {
    const now = this.#nowS();
    for (const name of names) {
      const known = this.#failures.get(name);
      const count = known !== undefined && now - known.last < memoryS ? known.count + 1 : 1;
      this.#failures.delete(name);
      this.#failures.set(name, { count, last: now });
    }
    for (const name of this.#failures.keys()) {
      if (this.#failures.size <= mostNames) break;
      this.#failures.delete(name);
    }
  }

  /** They were right: forgets their failures. */
  forgive(...names: readonly string[]): void {
    for (const name of names) this.#failures.delete(name);
  }

  #waitOf(name: string): number {
    const failures = this.#failures.get(name);
    if (failures === undefined || failures.count < freeFailures) return 0;
    const wait = Math.min(longestWaitS, 2 ** (failures.count - freeFailures));
    return Math.max(0, failures.last + wait - this.#nowS());
  }
}
