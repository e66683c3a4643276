/**
 * What was made for each key, as long as it is used: forgotten when idle, and the longest unused one when there are too
 * many. Its memory is bounded whoever chooses the keys.
 */
export class Recent<Value> {
  readonly #entries = new Map<string, { value: Value; usedMs: number }>();
  readonly #make: (nowMs: number) => Value;
  readonly #idleMs: number;
  readonly #max: number;

  /** @param idleMs an entry not used for so long is forgotten */
  constructor(make: (nowMs: number) => Value, limits: Readonly<{ idleMs: number; max: number }>) {
    this.#make = make;
    this.#idleMs = limits.idleMs;
    this.#max = limits.max;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The key's value, made now if there is none. @param nowMs monotonic */
  use(key: string, nowMs: number): Value {
    const known = this.#entries.get(key);
    const live = known !== undefined && nowMs - known.usedMs < this.#idleMs;
    const entry = live ? known : { value: this.#make(nowMs), usedMs: nowMs };
    entry.usedMs = nowMs;
    // A Map iterates in order of insertion: the first entry is always the longest unused one.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#forget(nowMs);
    return entry.value;
  }

  #forget(nowMs: number): void {
    for (const [key, { usedMs }] of this.#entries) {
      if (this.#entries.size <= this.#max && nowMs - usedMs < this.#idleMs) return;
      this.#entries.delete(key);
    }
  }
}
