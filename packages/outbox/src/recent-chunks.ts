import type { NewChunk } from './chunk.ts';

const kept = 8;

/** The lines of the last stamped chunks: what is sent soon after it was measured need not be unpacked. */
export class RecentChunks {
  readonly #lines = new Map<number, readonly string[]>();

  /** @param from the number of the first sample of the first chunk */
  remember(from: number, chunks: readonly NewChunk[]): void {
    let first = from;
    for (const { lines, stamp } of chunks) {
      if ('time' in stamp) this.#lines.set(first, lines);
      first += lines.length;
    }
    for (const oldest of this.#lines.keys()) {
      if (this.#lines.size <= kept) break;
      this.#lines.delete(oldest);
    }
  }

  /** The lines of the chunk that begins at the number, if they are still known. */
  linesOf(first: number): readonly string[] | undefined {
    return this.#lines.get(first);
  }
}
