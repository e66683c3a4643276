import type { Backoff } from '@tongtang/runtime/backoff';

/** Until when an outbox is left alone. */
type Rest = { untilMs: number; backoff: Backoff };

/** Outboxes of which the hub took nothing, although it took others: they rest, each time longer. Times are local, in milliseconds. */
export class RefusedOutboxes {
  readonly #rests = new Map<string, Rest>();
  readonly #newBackoff: () => Backoff;

  constructor(newBackoff: () => Backoff) {
    this.#newBackoff = newBackoff;
  }

  rest(outbox: string, nowMs: number): void {
    const backoff = this.#rests.get(outbox)?.backoff ?? this.#newBackoff();
    this.#rests.set(outbox, { untilMs: nowMs + backoff.next(), backoff });
  }

  /** The hub took something of an outbox. */
  taken(outbox: string): void {
    this.#rests.delete(outbox);
  }

  /** None of them has anything left. */
  clear(): void {
    this.#rests.clear();
  }

  /** All of them. */
  all(): Set<string> {
    return new Set(this.#rests.keys());
  }

  /** Those that rest now. */
  resting(nowMs: number): Set<string> {
    return new Set([...this.#rests].flatMap(([outbox, { untilMs }]) => (untilMs > nowMs ? [outbox] : [])));
  }

  /** When the next of them has rested; infinite where none rests. */
  restedMs(nowMs: number): number {
    const ends = [...this.#rests.values()].map(({ untilMs }) => untilMs);
    return Math.min(...ends.filter((untilMs) => untilMs > nowMs));
  }
}
