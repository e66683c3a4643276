import { type Batch, readBatch, textOfPayload } from '../batch.ts';
import { Course, fitsCourse, isFollowing } from './course.ts';

/**
 * Why a batch that follows cannot be read: what it follows on was not read here; or it is the last one once more, which a
 * broker may deliver twice.
 */
export type Unfollowed = Readonly<{ unfollowed: 'thread-lost' | 'again' }>;

/** Reads the batches of one agent, told as a whole or by what differs. */
export class CourseReader {
  #course: Course | undefined;

  /**
   * Reads a payload, whatever it is. Never throws.
   * @returns the batch, or why there is none
   */
  read(payload: Uint8Array): Batch | Unfollowed | { reason: string } {
    if (!isFollowing(payload)) return this.#whole(payload);
    const read = this.#course?.read(payload);
    if (read === 'again') return { unfollowed: 'again' };
    if (read === undefined) {
      this.#course = undefined;
      return { unfollowed: 'thread-lost' };
    }
    return readBatch(read.text);
  }

  #whole(payload: Uint8Array): Batch | { reason: string } {
    const text = textOfPayload(payload);
    if ('reason' in text) return text;
    const batch = readBatch(text);
    if (!('reason' in batch) && batch.basis) {
      const [, ...lines] = text.toString('utf8').trimEnd().split('\n');
      this.#course = fitsCourse(lines) ? new Course(batch, lines) : undefined;
    }
    return batch;
  }
}
