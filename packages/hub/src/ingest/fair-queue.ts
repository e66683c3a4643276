/**
 * What waits, of many senders: one of each in turn, each sender's in the order in which they came. However much one of them sends, the
 * others wait for one of its things at most.
 */
export class FairQueue<T> {
  /** Whose turn is next stands first. */
  readonly #waiting = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many of this sender's wait. */
  sizeOf(sender: string): number {
    return this.#waiting.get(sender)?.length ?? 0;
  }

  add(sender: string, item: T): void {
    const own = this.#waiting.get(sender);
    if (own === undefined) this.#waiting.set(sender, [item]);
    else own.push(item);
    this.#size += 1;
  }

  /** Takes what is next; undefined where nothing waits. */
  take(): T | undefined {
    for (const [sender, own] of this.#waiting) {
      const item = own.shift();
      this.#waiting.delete(sender);
      if (own.length > 0) this.#waiting.set(sender, own);
      this.#size -= 1;
      return item;
    }
    return undefined;
  }
}
