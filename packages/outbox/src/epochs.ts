import type { Range } from '@tongtang/wire/messages';

/** An outbox id and the number at which it begins. Inside the file numbers count on, on the wire each id counts from one. */
export type Epoch = Readonly<{ start: number; id: string }>;

/** The epochs of one file, in order. */
export class Epochs {
  readonly #epochs: readonly Epoch[];

  /** @param epochs at least one */
  constructor(epochs: readonly Epoch[]) {
    this.#epochs = epochs;
  }

  /** The one that new numbers belong to. */
  current(): Epoch {
    const last = this.#epochs.at(-1);
    if (last === undefined) throw new Error('an outbox file without an id');
    return last;
  }

  /** The one that a number of the file belongs to. */
  of(number: number): Epoch {
    return this.#epochs.findLast(({ start }) => start <= number) ?? this.current();
  }

  /** Ranges of an outbox id as numbers of the file, up to `highest`; none for an id that is not ours. */
  inFile(id: string, ranges: readonly Range[], highest: number): Range[] {
    const index = this.#epochs.findIndex((epoch) => epoch.id === id);
    const epoch = this.#epochs[index];
    if (epoch === undefined) return [];
    const end = (this.#epochs[index + 1]?.start ?? highest + 1) - 1;
    return ranges
      .map(([from, to]): Range => [from + epoch.start - 1, Math.min(to + epoch.start - 1, end)])
      .filter(([from, to]) => from <= to);
  }
}
