import type { Reading } from '@tongtang/model/sample';
import { median } from '@tongtang/probes/median';
import { hubTarget } from '../probe-set.ts';

/** Runs of STAMP that the usual round trip is the median of: five minutes of them. */
const usualRuns = 30;
/** A test whose load makes the way so much longer than usual would be felt in a lesson, which bears 400 ms. Milliseconds. */
const mostRiseMs = 200;

/** Watches what else the agent measures, and ends a test that disturbs or that a lesson follows. */
export class GiveWay {
  /** Round trips to the hub, the newest last; those during a test are none of the usual. */
  #rtts: number[] = [];
  readonly #streams = new Map<string, boolean>();
  #test: { ending: AbortController; usualMs: number } | undefined;

  /** A test begins. @returns what aborts, with its reason in a word, when it has to end */
  begin(): AbortSignal {
    const ending = new AbortController();
    this.#test = { ending, usualMs: median(this.#rtts) };
    return ending.signal;
  }

  /** The test is over. */
  end(): void {
    this.#test = undefined;
  }

  /** A lesson is near that was not known of when the test began. */
  lessonNear(): void {
    this.#test?.ending.abort('lesson');
  }

  observe({ measurement, tags, fields }: Reading): void {
    const { target = '' } = tags;
    const { ok, rtt_ms: rtt } = fields;
    if (measurement === 'stamp' && target === hubTarget && typeof rtt === 'number') this.#learnRtt(rtt);
    if (measurement !== 'mpegts') return;
    if (ok === true && this.#streams.get(target) === false) this.#test?.ending.abort('stream');
    this.#streams.set(target, ok === true);
  }

  #learnRtt(rttMs: number): void {
    if (this.#test === undefined) this.#rtts = [...this.#rtts, rttMs].slice(-usualRuns);
    // Without a usual one there is nothing to compare with, and the comparison with NaN is false.
    else if (rttMs > this.#test.usualMs + mostRiseMs) this.#test.ending.abort('rtt');
  }
}
