import type { Claim } from '@tongtang/outbox/outbox';
import { Backoff } from '@tongtang/runtime/backoff';
import type { Range } from '@tongtang/wire/messages';
import { gaps, unite } from '@tongtang/wire/ranges';

/**
 * Between two of them that are tried: a batch of 5 to 10 kB a dozen times a day is a twentieth of its bytes. Half of the first is still
 * longer than the minute after which one is known to be refused again.
 */
const waitMs = { first: 140_000, longest: 7_200_000 } as const;

/**
 * Batches that the hub did not take, although it is there: it doubts their times, or its store cannot digest them. They stay claimed,
 * so that all others go on, and are tried one after another, at first after minutes, later after hours, until one is taken: then the
 * others are tried at once. Times are local, in milliseconds.
 */
export class SetAside {
  readonly #backoff: Backoff;
  /** The one that waited longest first. Without their lines: there may be a month of them. */
  #claims: Claim[] = [];
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(random?: () => number) {
    this.#backoff = new Backoff(waitMs.first, waitMs.longest, random);
  }

  /** When the next one is to be tried; undefined where there is none. */
  get dueMs(): number | undefined {
    return this.#claims.length === 0 ? undefined : this.#untilMs;
  }

  add(claim: Claim, nowMs: number): void {
    if (this.#claims.length === 0 && nowMs >= this.#untilMs) {
      this.#backoff.reset();
      this.#untilMs = nowMs + this.#backoff.next();
    }
    this.#claims.push({ ...claim, lines: [] });
  }

  /** The next one, if its time has come; that of the one after it comes later each time. */
  next(nowMs: number): Claim | undefined {
    if (nowMs < this.#untilMs) return undefined;
    const claim = this.#claims.shift();
    if (claim !== undefined) this.#untilMs = nowMs + this.#backoff.next();
    return claim;
  }

  /** The hub took one that was tried, or may be another than it was. */
  tryAtOnce(): void {
    this.#backoff.reset();
    this.#untilMs = Number.NEGATIVE_INFINITY;
  }

  /** The hub stored these ranges: perhaps it took long for one of them. */
  committed(outbox: string, ranges: readonly Range[]): void {
    if (this.#claims.length === 0) return;
    const stored = unite(ranges);
    const left = this.#claims.filter(
      (claim) => claim.outbox !== outbox || gaps(stored, claim.from, claim.to).length > 0,
    );
    if (left.length < this.#claims.length) this.tryAtOnce();
    this.#claims = left;
  }
}
