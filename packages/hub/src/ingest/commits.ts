import type { Commit, Range } from '@tongtang/wire/messages';
import { unite } from '@tongtang/wire/ranges';
import { type Address, topicOf } from '@tongtang/wire/topics';
import type { PendingBatch } from './reader.ts';

/** Ranges of one outbox that are kept untold; beyond, it is told unasked. */
const mostUntold = 16;

/** What agents are told of what was stored: of each outbox when a batch asks, and then all that was not told yet. */
export class Commits {
  readonly #hub: string;
  readonly #untold = new Map<string, Range[]>();

  /** @param hub the id of this hub's process */
  constructor(hub: string) {
    this.#hub = hub;
  }

  /**
   * The commits that stored batches make due, one for each outbox, with its ranges joined.
   * @param timeMs hub time in milliseconds
   */
  of(
    batches: readonly Pick<PendingBatch, 'address' | 'entry' | 'commitLater'>[],
    timeMs: number,
  ): { topic: string; commit: Commit }[] {
    const due = new Map<string, { address: Address; outbox: string }>();
    for (const { address, entry, commitLater } of batches) {
      const { agent, outbox, from, to } = entry;
      const key = `${agent} ${outbox}`;
      const ranges = unite(this.#untold.get(key) ?? [], [[from, to]]);
      this.#untold.set(key, ranges);
      if (!commitLater || ranges.length > mostUntold) due.set(key, { address, outbox });
    }
    return [...due].map(([key, { address, outbox }]) => {
      const ranges = this.#untold.get(key) ?? [];
      this.#untold.delete(key);
      return { topic: topicOf(address, 'commit'), commit: { outbox, ranges, time: timeMs, hub: this.#hub } };
    });
  }
}
