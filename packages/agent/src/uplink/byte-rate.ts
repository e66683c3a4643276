/** Lets bytes go at a rate that may change meanwhile. Times are local, in milliseconds. */
export class ByteRate {
  readonly #bytesPerS: number;
  #part = 1;
  /** What the rate had not let go yet, and when. */
  #owedBytes = 0;
  #sinceMs = 0;

  constructor(bytesPerS: number) {
    this.#bytesPerS = bytesPerS;
  }

  /** From now on this part of the rate. */
  set part(part: number) {
    this.#part = part;
  }

  /** When more may go. */
  get freeMs(): number {
    return this.#sinceMs + (this.#owedBytes / (this.#bytesPerS * this.#part)) * 1000;
  }

  /** These went. */
  spend(bytes: number, nowMs: number): void {
    const owed = (Math.max(0, this.freeMs - nowMs) / 1000) * this.#bytesPerS * this.#part;
    this.#owedBytes = owed + bytes;
    this.#sinceMs = nowMs;
  }
}
