import { type BatchHeader, encodeBatch } from '../batch.ts';
import { dictionaryId } from '../dictionary.ts';
import type { Config } from '../messages.ts';
import { Course, fitsCourse } from './course.ts';

/** What the hub is known to read, beside texts and plain zlib streams. */
export type HubReads = Readonly<{ dictionary: boolean; following: boolean }>;

/** @param config undefined until the hub has said one */
export function hubReads(config: Pick<Config, 'dictionaries' | 'following'> | undefined): HubReads {
  return {
    dictionary: config?.dictionaries.includes(dictionaryId) ?? false,
    following: config?.following ?? false,
  };
}

/**
 * Batches follow on one basis for so long, by the times of their samples. Whoever listens in from the middle, or lost one and
 * cannot say so, waits no longer. Seconds.
 */
export const basisEveryS = 600;

/** Makes the payloads of batches: those that come one after another are told by what differs, where the hub reads that. */
export class BatchWriter {
  readonly #reads: () => HubReads;
  #course: Course | undefined;
  /** Of the last sample of the basis. Seconds. */
  #basisTime = 0;

  constructor(reads: () => HubReads) {
    this.#reads = reads;
  }

  /** A new connection, a new hub, or one that lost the thread: the next batch is told as a whole. */
  beginAnew(): void {
    this.#course = undefined;
  }

  /** A batch as a whole, that nothing follows on: of the past, or sent again. */
  whole(header: BatchHeader, lines: readonly string[]): Buffer {
    return encodeBatch(header, lines, this.#reads().dictionary);
  }

  /** The next batch of what is measured now. */
  next(header: BatchHeader, lines: readonly string[]): Buffer {
    const { following, dictionary } = this.#reads();
    if (!following || !fitsCourse(lines)) return this.whole(header, lines);
    const time = timeOf(lines);
    // A clock that was set back counts as well.
    const isFresh = Math.abs(time - this.#basisTime) < basisEveryS;
    const payload = isFresh ? this.#course?.write(header, lines, dictionary) : undefined;
    if (payload !== undefined) return payload;
    this.#course = new Course(header, lines);
    this.#basisTime = time;
    return encodeBatch({ ...header, basis: true }, lines, dictionary);
  }
}

/** Of the last sample. Seconds. */
function timeOf(lines: readonly string[]): number {
  const last = lines.at(-1) ?? '';
  return Number(last.slice(last.lastIndexOf(' ') + 1));
}
