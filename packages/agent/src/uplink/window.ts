import type { Claim } from '@tongtang/outbox/outbox';
import { Backoff } from '@tongtang/runtime/backoff';
import type { Range } from '@tongtang/wire/messages';
import { gaps, unite } from '@tongtang/wire/ranges';

/** Measured since the last batch, or left over from a time without a hub. */
export type BatchKind = 'present' | 'backlog';

/**
 * What a batch is: the one that follows on the last; the newest part of a backlog, or of what a silent hub is asked with; the oldest
 * that is left; or one that the hub did not take before.
 */
export type Role = 'following' | 'newest' | 'oldest' | 'retried';

/** A batch that waits for its commit. */
export type InFlight = {
  readonly claim: Claim;
  readonly role: Role;
  /** Local time of the first and of the last time it was sent. */
  readonly firstSentMs: number;
  sentMs: number;
  /** Infinite until a commit was asked for. */
  resendMs: number;
  readonly backoff: Backoff;
  committed: Range[];
};

/** Without a commit for so long a batch is sent again, then after twice the time, and so on. */
const commitMs = { first: 60_000, longest: 600_000 } as const;

export function kindOf(role: Role): BatchKind {
  return role === 'following' ? 'present' : 'backlog';
}

/** Whether it says what is now: a hub that is there takes it, whatever it thinks of what is old. */
export function isOfNow({ role }: Pick<InFlight, 'role'>): boolean {
  return role === 'following' || role === 'newest';
}

function wasRepeated({ firstSentMs, sentMs }: InFlight): boolean {
  return sentMs > firstSentMs;
}

/** What was sent and is not committed, and what it says of the hub. Times are local, in milliseconds. */
export class Window {
  readonly #random: (() => number) | undefined;
  #batches: InFlight[] = [];
  #heardMs = Number.NEGATIVE_INFINITY;
  /** The same of each outbox whose batches wait for a commit. */
  readonly #heardOfMs = new Map<string, number>();

  constructor(random: (() => number) | undefined) {
    this.#random = random;
  }

  get batches(): readonly InFlight[] {
    return this.#batches;
  }

  /** When the hub committed anything last. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /**
   * Whether what is now waits for a commit and the hub said nothing since it was due: it is away, the broker is not. What is old proves
   * nothing: a hub that doubts its clock takes nothing of that, and everything else.
   */
  get hubSilent(): boolean {
    return this.#batches.some((batch) => isOfNow(batch) && wasRepeated(batch) && !this.#heardSince(batch));
  }

  /** Batches that no commit was asked for yet. */
  get unasked(): number {
    return this.#batches.filter(({ resendMs }) => resendMs === Number.POSITIVE_INFINITY).length;
  }

  /** When the next one is to be sent again. */
  get dueMs(): number {
    return Math.min(...this.#batches.map(({ resendMs }) => resendMs));
  }

  count(kind: BatchKind): number {
    return this.#batches.reduce((total, { role }) => (kindOf(role) === kind ? total + 1 : total), 0);
  }

  awaits(outbox: string): boolean {
    return this.#batches.some(({ claim }) => claim.outbox === outbox);
  }

  overdue(nowMs: number): InFlight[] {
    return this.#batches.filter(({ resendMs }) => resendMs <= nowMs);
  }

  /**
   * A batch is sent for the first time.
   * @param asks for its commit. One of now asks for all of now; with one that is old there may come none
   */
  sent(claim: Claim, role: Role, nowMs: number, asks: boolean): void {
    const backoff = new Backoff(commitMs.first * 2, commitMs.longest, this.#random);
    const resendMs = asks ? nowMs + commitMs.first : Number.POSITIVE_INFINITY;
    this.#batches.push({ claim, role, firstSentMs: nowMs, sentMs: nowMs, resendMs, backoff, committed: [] });
    if (!asks || !isOfNow({ role })) return;
    for (const batch of this.#batches)
      if (batch.resendMs === Number.POSITIVE_INFINITY) batch.resendMs = resendMs;
  }

  sentAgain(batch: InFlight, nowMs: number): void {
    batch.sentMs = nowMs;
    batch.resendMs = nowMs + batch.backoff.next();
  }

  /** The hub was asked with this instead of a batch that nothing was heard of. */
  askedInstead({ firstSentMs, backoff }: InFlight, claim: Claim, nowMs: number): void {
    const resendMs = nowMs + backoff.next();
    this.#batches.push({
      claim,
      role: 'newest',
      firstSentMs,
      sentMs: nowMs,
      resendMs,
      backoff,
      committed: [],
    });
  }

  remove(batch: InFlight): void {
    this.#batches = this.#batches.filter((other) => other !== batch);
  }

  clear(): void {
    this.#batches = [];
    this.#heardOfMs.clear();
  }

  /** @returns those that are committed by now, which wait no longer */
  committed(outbox: string, ranges: readonly Range[], nowMs: number): InFlight[] {
    this.#heardMs = nowMs;
    if (ranges.length > 0) this.#heardOfMs.set(outbox, nowMs);
    const done = this.#batches.filter((batch) => {
      if (batch.claim.outbox !== outbox) return false;
      batch.committed = unite(batch.committed, ranges);
      return gaps(batch.committed, batch.claim.from, batch.claim.to).length === 0;
    });
    this.#batches = this.#batches.filter((batch) => !done.includes(batch));
    if (!this.awaits(outbox)) this.#heardOfMs.delete(outbox);
    return done;
  }

  /** What the hub was asked with more than once, and said nothing of. */
  unanswered(): InFlight[] {
    return this.#batches.filter(wasRepeated);
  }

  /** Whether nothing was heard of the hub since any of them was sent. */
  isSilentFor(batches: readonly InFlight[]): boolean {
    return !batches.some((batch) => this.#heardSince(batch));
  }

  /** Whether it was sent often enough to see that the hub does not take it, and takes others. */
  isRefused(batch: InFlight): boolean {
    switch (batch.role) {
      case 'following':
        // Where nothing of its outbox is taken, one after another would be set aside.
        return wasRepeated(batch) && this.#heardOf(batch) >= batch.firstSentMs;
      case 'newest':
        return wasRepeated(batch) && this.#heardSince(batch);
      case 'oldest':
        return wasRepeated(batch);
      case 'retried':
        return true;
    }
  }

  #heardSince({ firstSentMs }: InFlight): boolean {
    return this.#heardMs >= firstSentMs;
  }

  #heardOf({ claim }: InFlight): number {
    return this.#heardOfMs.get(claim.outbox) ?? Number.NEGATIVE_INFINITY;
  }
}
