import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDamage, isReadFailure, setAside } from '@tongtang/runtime/database';
import { messageOf } from '@tongtang/runtime/errors';
import type { Range } from '@tongtang/wire/messages';
import type {
  Claim,
  ClaimLimits,
  NewSample,
  Outbox,
  OutboxLimits,
  OutboxOptions,
  OutboxStats,
} from './outbox.ts';
import { OutboxFile } from './outbox-file.ts';
import { StandingCount } from './standing-count.ts';
import type { TimeReference } from './time.ts';

/**
 * A classroom agent writes one chunk of about 250 bytes every 10 s: 2.2 MB a day, 64 MB in 30 days (measured, see
 * README.md), for which the hub keeps raw samples, and half as much again for rooms with many targets. Samples that wait in memory
 * are an hour's worth.
 */
export const defaultLimits: OutboxLimits = {
  bytes: 96 * 1024 * 1024,
  waitingSamples: 2000,
};

/**
 * A file that cannot be read so many times in a row, an append apart, is given up: after one and a half to five minutes. A disk that was
 * slow to wake, or was plugged in again, is there by then.
 */
const readsTried = 10;

/** Opens the outbox, now or, where the disk refuses, as soon as it can. */
export function openOutbox(options: OutboxOptions): Outbox {
  return new SqliteOutbox(options);
}

/** A small room in memory before the file, and the care for a file that fails. */
class SqliteOutbox implements Outbox {
  readonly #options: OutboxOptions;
  readonly #limits: OutboxLimits;
  #file: OutboxFile | undefined;
  /** What is lost where the next file is a new one. */
  #before: Pick<OutboxStats, 'samples' | 'dropped'>;
  #waiting: NewSample[] = [];
  #failedWrites = 0;
  /** Those of them that the file does not count as dropped yet. */
  #uncounted = 0;
  #failing = false;
  /** How often in a row the disk could not read the file. */
  #unread = 0;
  /** What was dropped at least: what waits in memory is in it, for as long as the disk refuses it. */
  readonly #least: StandingCount;
  readonly #droppedBefore: number;
  #unnoted = false;
  #closed = false;
  #last: Omit<OutboxStats, 'failedWrites'> = {
    id: randomBytes(8).toString('hex'),
    samples: 0,
    bytes: 0,
    oldestTime: undefined,
    dropped: 0,
    lastSequence: 0,
  };

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#before = options.before ?? { samples: 0, dropped: 0 };
    this.#least = new StandingCount(`${options.path}-least`);
    this.#droppedBefore = this.#least.read();
    this.#last = { ...this.#last, dropped: this.#droppedBefore };
    this.#attempt((file) => this.#standBy(file.counts().dropped));
  }

  append(samples: readonly NewSample[]): Range | undefined {
    this.#waiting.push(...samples);
    if (this.#waiting.length === 0) return undefined;
    const numbers = this.#attempt((file) => file.append(this.#waiting, this.#uncounted));
    if (numbers === undefined) {
      this.#lose(this.#waiting.length - this.#limits.waitingSamples);
      const dropped = this.#file?.counts().dropped;
      if (dropped !== undefined) this.#standBy(dropped + this.#uncounted + this.#waiting.length);
    } else {
      this.#waiting = [];
      this.#uncounted = 0;
      this.#unread = 0;
      if (this.#failing) this.#worksAgain();
    }
    return numbers;
  }

  resolveTimes(reference: TimeReference): boolean {
    return (
      this.#look((file) => {
        const { dropped } = file.counts();
        const more = file.resolveTimes(reference);
        const samples = file.counts().dropped - dropped;
        if (samples > 0)
          this.#options.log.warn({ samples }, 'samples were dropped: when they were taken cannot be known');
        return more;
      }) ?? false
    );
  }

  takeNewest(limits: ClaimLimits): Claim | undefined {
    return this.#look((file) => file.take('newest', limits));
  }

  takeOldest(limits: ClaimLimits, except?: ReadonlySet<string>): Claim | undefined {
    return this.#look((file) => file.take('oldest', limits, except));
  }

  commit(outbox: string, ranges: readonly Range[]): void {
    this.#look((file) => file.commit(outbox, ranges));
  }

  release(claim: Claim): void {
    this.#file?.release(claim);
  }

  stats(): OutboxStats {
    if (!this.#closed) this.#last = this.#look((file) => file.stats()) ?? this.#last;
    return {
      ...this.#last,
      samples: this.#last.samples + this.#waiting.length,
      dropped: this.#last.dropped + this.#uncounted,
      failedWrites: this.#failedWrites,
    };
  }

  close(): void {
    this.append([]);
    if (this.#waiting.length > 0) {
      this.#options.log.error({ samples: this.#waiting.length }, 'samples were lost: the disk refused them');
      this.#lose(this.#waiting.length);
    }
    this.stats();
    this.#closed = true;
    try {
      this.#file?.close();
    } catch (error) {
      this.#options.log.warn({ error: messageOf(error) }, 'outbox could not be closed in order');
    }
    this.#file = undefined;
  }

  /** Does the work on the file; where that fails, says so once, mends what can be mended, and returns undefined. */
  #attempt<T>(work: (file: OutboxFile) => T): T | undefined {
    try {
      return work(this.#open());
    } catch (error) {
      if (!this.#failing)
        this.#options.log.error({ error: messageOf(error) }, 'outbox fails: samples wait in memory');
      this.#failing = true;
      this.#mend(error);
      return undefined;
    }
  }

  /** The same for all but appends, which alone try again where the file cannot be read: a disk takes seconds to say so. */
  #look<T>(work: (file: OutboxFile) => T): T | undefined {
    return this.#unread > 0 ? undefined : this.#attempt(work);
  }

  /** Only what was written shows it: a full disk can be read all the time. */
  #worksAgain(): void {
    this.#options.log.info({ lost: this.#failedWrites }, 'outbox works again');
    this.#failing = false;
    this.#standBy(this.#file?.counts().dropped ?? 0);
  }

  /** Notes what would be lost with this process. */
  #standBy(dropped: number): void {
    try {
      this.#least.set(dropped);
      this.#unnoted = false;
    } catch (error) {
      if (!this.#unnoted)
        this.#options.log.error({ error: messageOf(error) }, 'what the disk refuses cannot be counted on it');
      this.#unnoted = true;
    }
  }

  #open(): OutboxFile {
    if (this.#file !== undefined) return this.#file;
    const { log } = this.#options;
    const file = new OutboxFile(this.#options, this.#limits, this.#before, this.#droppedBefore);
    this.#file = file;
    if (file.setAside !== undefined) this.#tell(file.setAside);
    if (file.rolledBack)
      log.error(
        { samples: file.lost },
        'the log of the outbox was damaged: another id begins, what is missing is dropped',
      );
    else if (file.lost > 0)
      log.error({ samples: file.lost }, 'an outbox is gone: what it held is counted as dropped');
    try {
      file.keepRoom();
    } catch (error) {
      if (isDamage(error) || isReadFailure(error)) throw error;
      log.warn({ error: messageOf(error) }, 'outbox finds no room to keep for a full disk');
    }
    return file;
  }

  #mend(error: unknown): void {
    this.#unread = isReadFailure(error) ? this.#unread + 1 : 0;
    try {
      if (isDamage(error) || this.#unread >= readsTried) this.#setAside();
      else if (this.#unread > 0) this.#leave();
      else this.#file?.reuseLog();
    } catch (second) {
      this.#options.log.error({ error: messageOf(second) }, 'outbox could not be mended');
    }
  }

  /** The next attempt begins a new file. */
  #setAside(): void {
    try {
      this.#leave();
    } finally {
      this.#tell(setAside(this.#options.path, new Date()));
      this.#unread = 0;
    }
  }

  /** The next attempt opens the file again, and reads all of it. */
  #leave(): void {
    const file = this.#file;
    this.#file = undefined;
    this.#before = file?.counts() ?? this.#before;
    file?.abandon();
  }

  /** Reports a damaged file, and removes the one before it: a disk that fails again and again must not fill up. */
  #tell(aside: string): void {
    this.#options.log.error({ file: aside }, 'outbox was damaged and set aside: a new one begins');
    const folder = dirname(aside);
    const family = `${basename(this.#options.path)}.damaged-`;
    for (const name of readdirSync(folder))
      if (name.startsWith(family) && !name.startsWith(basename(aside))) rmSync(join(folder, name));
  }

  /** Gives up the oldest of those that wait. */
  #lose(samples: number): void {
    const lost = this.#waiting.splice(0, Math.max(0, samples));
    this.#failedWrites += lost.length;
    this.#uncounted += lost.length;
  }
}
