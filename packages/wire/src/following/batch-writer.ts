import { type BatchHeader, encodeBatch } from '../batch.ts';
import { dictionaryId } from '../dictionary.ts';
import type { Config } from '../messages.ts';
import { Course, courseLimits } from './course.ts';

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
 * So many batches follow on one basis: an hour at rest, ten minutes in lessons. Whoever listens in from the middle, or lost
 * one and cannot say so, waits no longer.
 */
export const followersOfBasis = 60;

/** Makes the payloads of batches: those that come one after another are told by what differs, where the hub reads that. */
export class BatchWriter {
  readonly #reads: () => HubReads;
  #course: Course | undefined;
  #followers = 0;

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
    if (!following || lines.length > courseLimits.lines) return this.whole(header, lines);
    const payload =
      this.#followers < followersOfBasis ? this.#course?.write(header, lines, dictionary) : undefined;
    if (payload !== undefined) {
      this.#followers += 1;
      return payload;
    }
    this.#course = new Course(header, lines);
    this.#followers = 0;
    return encodeBatch({ ...header, basis: true }, lines, dictionary);
  }
}
