import { type Rate, TokenBucket } from '@tongtang/runtime/token-bucket';

/**
 * Samples. An honest agent brings some 1,500 a second of a backlog, and never more than 2,500; three batches of the most samples at once are
 * more than it has under way.
 */
const rate: Rate = { perSecond: 5000, burst: 60_000 };
/** Agents that are kept in mind; of the others, whatever they sent, all is forgiven. */
const mostKept = 20_000;

/**
 * How much each agent may make the hub read. A batch of 3 kB may hold 20,000 samples: without this one agent could keep a hub as busy as a
 * whole county does, within all that the broker allows.
 */
export class Allowances {
  readonly #nowMs: () => number;
  /** Those heard of last stand last. */
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param nowMs monotonic time in milliseconds */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Whether a batch of this agent may be read. */
  admits(agent: string): boolean {
    return this.#buckets.get(agent)?.take(0, this.#nowMs()) ?? true;
  }

  /** A batch of this agent was read, and came to so many samples. */
  charge(agent: string, samples: number): void {
    const bucket = this.#buckets.get(agent) ?? new TokenBucket(rate, this.#nowMs());
    bucket.charge(samples, this.#nowMs());
    this.#buckets.delete(agent);
    this.#buckets.set(agent, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > mostKept && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
