import type { Commit, Range } from '@tongtang/wire/messages';
import { unite } from '@tongtang/wire/ranges';
import { type Address, topicOf } from '@tongtang/wire/topics';
import type { PendingBatch } from './reader.ts';

/** Ranges of one outbox that are kept untold; beyond, it is told unasked. */
const mostUntold = 16;

type Untold = Readonly<{ address: Address; outbox: string; ranges: readonly Range[] }>;

/** What agents are told of what was stored: of each outbox when a batch asks, and then all that was not told yet. */
export class Commits {
  readonly #hub: string;
  /** By agent. */
  readonly #untold = new Map<string, Untold>();

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
    const due = new Map<string, Untold>();
    const keyOf = ({ address, outbox }: Pick<Untold, 'address' | 'outbox'>) => `${address.agent} ${outbox}`;
    const tell = (told: Untold): void => {
      const ranges = unite(due.get(keyOf(told))?.ranges ?? [], told.ranges);
      due.set(keyOf(told), { ...told, ranges });
    };
    for (const { address, entry, commitLater } of batches) {
      const { agent, outbox, from, to } = entry;
      const before = this.#untold.get(agent);
      const ranges = unite(before?.outbox === outbox ? before.ranges : [], [[from, to]]);
      const mayWait = commitLater && ranges.length <= mostUntold && !due.has(keyOf({ address, outbox }));
      // Of an outbox that another one follows, none may ever ask: a PC that puts its disk back begins one at each start.
      if (before !== undefined && before.outbox !== outbox && mayWait) tell(before);
      if (mayWait) this.#untold.set(agent, { address, outbox, ranges });
      else {
        tell({ address, outbox, ranges });
        if (before?.outbox === outbox) this.#untold.delete(agent);
      }
    }
    return [...due.values()].map(({ address, outbox, ranges }) => ({
      topic: topicOf(address, 'commit'),
      commit: { outbox, ranges: [...ranges], time: timeMs, hub: this.#hub },
    }));
  }
}
