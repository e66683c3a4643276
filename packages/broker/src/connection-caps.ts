/**
 * How many connections there are that have not signed in, so that a crowd of silent ones (slow loris) costs a bounded
 * amount of memory. Those that have signed in are bounded by the number of agents: a second one ends the first.
 */
export class ConnectionCaps {
  readonly #perAddress: number;
  readonly #total: number;
  readonly #counts = new Map<string, number>();
  #all = 0;

  constructor(perAddress: number, total: number) {
    this.#perAddress = perAddress;
    this.#total = total;
  }

  /** @returns whether there is room; then {@link leave} must follow */
  enter(address: string): boolean {
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#perAddress || this.#all >= this.#total) return false;
    this.#counts.set(address, count + 1);
    this.#all += 1;
    return true;
  }

  /** It signed in or went away. */
  leave(address: string): void {
    const count = this.#counts.get(address) ?? 0;
    if (count > 1) this.#counts.set(address, count - 1);
    else this.#counts.delete(address);
    this.#all -= 1;
  }
}
