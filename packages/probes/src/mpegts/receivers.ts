import { setTimeout as wait } from 'node:timers/promises';
import type { ProbeContext, ProbeResult } from '../probe.ts';
import { failureToListen } from './membership.ts';
import { Receiver } from './receiver.ts';
import type { SocketSource } from './source.ts';

/** How long a stream is listened to where nobody has listened before: longer than a PID of it may be away. */
export const windowMs = 6000;
/** Runs that follow so closely are worth a receiver that goes on in between; it ends when none follows. */
const closeMs = 90_000;
/** More lessons than a school has at once, and as many as memory is meant for. */
export const mostStreams = 32;

type Entry = { askedMs: number; receiver?: Receiver; idle?: NodeJS.Timeout };

/**
 * Receivers that go on from run to run, one for each stream that is asked for again and again: a loss between two runs
 * counts, too. A stream that is asked for once is listened to for a moment.
 */
export class Receivers {
  readonly #entries = new Map<string, Entry>();
  readonly #windowMs: number;
  #open = 0;

  /** @param window another one in tests */
  constructor(window: number = windowMs) {
    this.#windowMs = window;
  }

  /** What came of a stream since the run before, or, where there was none, from now on for a moment. */
  async run(key: string, source: SocketSource, context: ProbeContext): Promise<ProbeResult> {
    const nowMs = context.monotonicMs();
    const entry = this.#entries.get(key) ?? { askedMs: Number.NEGATIVE_INFINITY };
    const follows = nowMs - entry.askedMs <= closeMs;
    entry.askedMs = nowMs;
    this.#entries.set(key, entry);
    clearTimeout(entry.idle);
    entry.idle = setTimeout(() => this.stop(key), closeMs).unref();
    try {
      if (entry.receiver !== undefined) return entry.receiver.read();
      if (this.#open >= mostStreams)
        return { ok: false, source: 'agent', error: `more than ${mostStreams} streams at once` };
      return await this.#listen(key, entry, source, follows, context);
    } catch (error) {
      this.#close(entry);
      return failureToListen(error);
    }
  }

  /** Leaves a stream that is not asked for any more. */
  stop(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    clearTimeout(entry?.idle);
    if (entry !== undefined) this.#close(entry);
  }

  async #listen(
    key: string,
    entry: Entry,
    source: SocketSource,
    follows: boolean,
    { signal, monotonicMs }: ProbeContext,
  ): Promise<ProbeResult> {
    this.#open += 1;
    let receiver: Receiver | undefined;
    try {
      receiver = await Receiver.open(source, monotonicMs);
      // Ended early, it tells what came until then.
      await wait(this.#windowMs, undefined, { signal }).catch(() => {});
      const result = receiver.read();
      // Another target with this address may have been asked for meanwhile: one receiver is enough.
      const goesOn = follows && !signal.aborted && this.#entries.get(key) === entry;
      if (goesOn) entry.receiver ??= receiver;
      return result;
    } finally {
      if (receiver === undefined || entry.receiver !== receiver) {
        receiver?.close();
        this.#open -= 1;
      }
    }
  }

  #close(entry: Entry): void {
    if (entry.receiver === undefined) return;
    entry.receiver.close();
    delete entry.receiver;
    this.#open -= 1;
  }
}
