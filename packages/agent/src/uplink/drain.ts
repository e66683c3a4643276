import type { Claim, ClaimLimits, Outbox } from '@tongtang/outbox/outbox';
import type { Range } from '@tongtang/wire/messages';
import { ByteRate } from './byte-rate.ts';
import { commitAfterBatches, commitEveryS } from './cadence.ts';
import { SetAside } from './set-aside.ts';
import { type BatchKind, type InFlight, isOfNow, kindOf, type Role, Window } from './window.ts';

/** What one batch may hold: about 10 kB compressed, one second of the backlog's rate. */
const present: ClaimLimits = { samples: 2000, bytes: 96 * 1024 };
/** The first of a session: so small that the hub takes it before the backlogs of a whole county. */
const newest: ClaimLimits = { samples: 100, bytes: 8 * 1024 };
/**
 * What a silent hub is asked with: the samples that were written together last. Beside what is older, a hub would refuse them that
 * cannot take that.
 */
const asking: ClaimLimits = { samples: 1, bytes: 1 };
const backlog: ClaimLimits = { samples: 1000, bytes: 64 * 1024 };
/** Backlog batches that wait for their commit. On a GEO path more would only queue in front of the lesson. */
const backlogWindow = 4;
/** Batches of the present that wait for their commit; beyond, the hub is not listening. */
const presentWindow = 12;
/** A timer that is a little late must not make it a report sooner. */
const asksWithinMs = (commitEveryS + 5) * 1000;
/** A commit that was asked for comes within this time where all is well, over GEO paths and from a busy hub as well. */
const answerMs = 25_000;
/** The backlog's rate in bytes per second: an eighth of a 512 kbit/s uplink. */
const backlogRate = 8000;

export type Sending = Readonly<{
  kind: BatchKind;
  /** It was sent before. */
  again: boolean;
  /** Nothing was heard of the hub for too long: is the path still there? */
  inDoubt: boolean;
}>;

/** A sample of an outbox, by its number. */
type Position = Readonly<{ outbox: string; to: number }>;

export type DrainOptions = Readonly<{
  outbox: Outbox;
  /** Local time in milliseconds. */
  nowMs: () => number;
  /** When a batch of the present is due that follows on one sent now, in local milliseconds. */
  nextPresentMs: () => number;
  /**
   * Sends a batch, `commitLater` where another one will ask for its commit.
   * @returns its payload in bytes; a lost session is told by {@link Drain.reset}
   */
  send: (claim: Claim, sending: Sending) => number;
  random?: () => number;
}>;

/**
 * Empties the outbox towards the hub: what was measured since the last time first, then the backlog at a bounded rate,
 * and each batch until the hub has committed it. Time only passes through the calls; `nextMs` says when the next one
 * makes sense.
 */
export class Drain {
  readonly #options: DrainOptions;
  readonly #window: Window;
  readonly #setAside: SetAside;
  /** What the lesson beside it does not feel, and what the bytes of the day allow of that. */
  readonly #rate = new ByteRate(backlogRate);
  readonly #allowance = new ByteRate(backlogRate);
  /** Backlog is what was there at this point; undefined when it is sent, but for what is set aside. */
  #backlogEnd: Position | undefined;
  /** The last sample that was sent as the newest. */
  #presentEnd: Position | undefined;
  /** Outboxes for which a silent hub was asked. */
  readonly #askedFor = new Set<string>();
  /** When a commit was asked for, and when of what is now. */
  #askedMs = Number.NEGATIVE_INFINITY;
  #askedOfNowMs = Number.NEGATIVE_INFINITY;
  #resent = 0;

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#window = new Window(options.random);
    this.#setAside = new SetAside(options.random);
  }

  /** Batches sent again because no commit came in time. */
  get resent(): number {
    return this.#resent;
  }

  /** Whether the hub is away, and the broker is not. */
  get hubSilent(): boolean {
    return this.#window.hubSilent;
  }

  /**
   * Sends what was measured since the last call. Where that does not follow on what was sent before, or is more than a
   * batch holds, the batch is the newest part of a backlog, and the rest follows at the backlog's rate.
   */
  sendPresent(): void {
    if (this.hubSilent || this.#window.count('present') >= presentWindow) return;
    const limits = this.#presentEnd === undefined ? newest : present;
    const claim = this.#options.outbox.takeNewest(limits);
    if (claim === undefined) return;
    const { outbox, from, to } = claim;
    // Older than what went as the newest: that is backlog, which has a pace of its own.
    if (outbox === this.#presentEnd?.outbox && to <= this.#presentEnd.to) {
      this.#options.outbox.release(claim);
      return;
    }
    const follows = outbox === this.#presentEnd?.outbox && from === this.#presentEnd.to + 1;
    this.#presentEnd = { outbox, to };
    if (follows) this.#send(claim, 'following');
    else {
      this.expectBacklog();
      this.#rate.spend(this.#send(claim, 'newest'), this.#options.nowMs());
    }
  }

  /**
   * Sends backlog if its time has come, and again what was not committed in time.
   * @param paceFactor 1 is the full rate
   */
  proceed(paceFactor: number): void {
    const now = this.#options.nowMs();
    this.#allowance.part = paceFactor;
    this.#resendOverdue(now);
    if (!this.#hasRoomForBacklog() || now < this.#backlogFromMs) return;
    const oldest = this.#takeBacklog();
    const claim = oldest ?? this.#takeSetAside(now);
    if (claim === undefined) return;
    this.#sentOfBacklog(this.#send(claim, oldest === undefined ? 'retried' : 'oldest'), now);
  }

  /** When `proceed` has something to do, in local milliseconds; undefined while only a commit or a sample can bring it. */
  nextMs(): number | undefined {
    let next = this.#window.dueMs;
    const fromMs = this.#backlogFromMs;
    const backlogMs = this.#backlogEnd === undefined ? this.#setAside.dueMs : fromMs;
    if (backlogMs !== undefined && this.#hasRoomForBacklog())
      next = Math.min(next, Math.max(backlogMs, fromMs));
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /** Whether batches of this outbox wait for a commit. */
  awaits(outbox: string): boolean {
    return this.#window.awaits(outbox);
  }

  /**
   * The hub stored these ranges, which the outbox has been told already.
   * @returns local time when the newest batch that they hold was sent, which bounds when the commit was; and whether
   *   the hub was silent before
   */
  committed(outbox: string, ranges: readonly Range[]): { sentMs: number | undefined; returned: boolean } {
    const now = this.#options.nowMs();
    const returned = this.hubSilent;
    this.#askedFor.clear();
    const done = this.#window.committed(outbox, ranges, now);
    this.#setAside.committed(outbox, ranges);
    if (returned || done.some(({ role }) => role === 'retried')) this.#setAside.tryAtOnce();
    if (returned) {
      // What it was asked with as well and did not take must not be the first to be sent again.
      for (const batch of this.#window.unanswered())
        if (batch.claim.outbox !== outbox) this.#putAside(batch, now);
      this.reset();
    }
    const sentMs = done.length === 0 ? undefined : Math.max(...done.map((batch) => batch.sentMs));
    return { sentMs, returned };
  }

  /** Another hub may take what the one before did not. */
  hubChanged(): void {
    this.#setAside.tryAtOnce();
  }

  /** A session begins or ended: what was not committed goes back, and what the outbox holds by now is backlog. */
  reset(): void {
    for (const { claim } of this.#window.batches) this.#options.outbox.release(claim);
    this.#window.clear();
    this.#presentEnd = undefined;
    this.#askedMs = Number.NEGATIVE_INFINITY;
    this.#askedOfNowMs = Number.NEGATIVE_INFINITY;
    this.expectBacklog();
  }

  /**
   * What was sent and is not committed died with the hub that it was sent to, or was lost before this one.
   * @returns whether anything goes back
   */
  sentInVain(): boolean {
    if (this.#window.batches.length === 0) return false;
    this.reset();
    return true;
  }

  /** What the outbox holds by now and was not sent is backlog. */
  expectBacklog(): void {
    const { id, lastSequence } = this.#options.outbox.stats();
    this.#backlogEnd = { outbox: id, to: lastSequence };
  }

  /** No backlog before this time. */
  get #backlogFromMs(): number {
    return Math.max(this.#rate.freeMs, this.#allowance.freeMs);
  }

  #sentOfBacklog(bytes: number, now: number): void {
    this.#rate.spend(bytes, now);
    this.#allowance.spend(bytes, now);
  }

  #hasRoomForBacklog(): boolean {
    return !this.hubSilent && this.#window.count('backlog') < backlogWindow;
  }

  /** The oldest samples, unless they are of the present already: those wait for their time. */
  #takeBacklog(): Claim | undefined {
    const { outbox } = this.#options;
    const end = this.#backlogEnd;
    if (end === undefined) return undefined;
    const claim = outbox.takeOldest(backlog);
    if (claim !== undefined && (claim.outbox !== end.outbox || claim.from <= end.to)) return claim;
    if (claim !== undefined) outbox.release(claim);
    this.#backlogEnd = undefined;
    return undefined;
  }

  /** What the hub did not take before, when all other backlog is sent. */
  #takeSetAside(now: number): Claim | undefined {
    const waited = this.#setAside.next(now);
    if (waited === undefined) return undefined;
    this.#options.outbox.release(waited);
    this.#backlogEnd = this.#presentEnd ?? waited;
    return this.#takeBacklog();
  }

  #resendOverdue(now: number): void {
    const overdue = this.#window.overdue(now);
    const ofNow = overdue.filter(isOfNow);
    if (ofNow.length > 0 && this.#window.isSilentFor(ofNow)) {
      this.#askSilentHub(ofNow, now);
      return;
    }
    for (const batch of overdue)
      if (this.#window.isRefused(batch)) this.#putAside(batch, now);
      else if (this.hubSilent && !isOfNow(batch)) this.#giveBack(batch);
      else this.#sendAgain(batch, now);
  }

  #sendAgain(batch: InFlight, now: number): void {
    const kind = kindOf(batch.role);
    const bytes = this.#options.send(batch.claim, { kind, again: true, inDoubt: true });
    this.#resent += 1;
    this.#window.sentAgain(batch, now);
    if (kind === 'backlog') this.#sentOfBacklog(bytes, now);
  }

  /** The newest ask from time to time; all else goes back, so that the newest are the first when the hub is there again. */
  #askSilentHub(overdue: readonly InFlight[], now: number): void {
    const { outbox, send } = this.#options;
    const unheard = overdue.reduce((a, b) => (b.claim.time > a.claim.time ? b : a));
    for (const batch of this.#window.batches) this.#giveBack(batch);
    const claim = outbox.takeNewest(asking);
    if (claim === undefined) return;
    this.#window.askedInstead(unheard, claim, now);
    send(claim, { kind: 'present', again: true, inDoubt: true });
    this.#resent += 1;
    this.#askOfAnother(claim.outbox);
  }

  /** A hub that says nothing to one outbox may be there and take another: it is asked for them in turn, too. */
  #askOfAnother(asked: string): void {
    const { outbox } = this.#options;
    let claim = outbox.takeOldest(newest, new Set([asked, ...this.#askedFor]));
    if (claim === undefined) {
      this.#askedFor.clear();
      claim = outbox.takeOldest(newest, new Set([asked]));
    }
    if (claim === undefined) return;
    this.#askedFor.add(claim.outbox);
    this.#send(claim, 'oldest');
  }

  /** It waits for its turn behind all others, which have its place. */
  #putAside(batch: InFlight, now: number): void {
    this.#window.remove(batch);
    this.#setAside.add(batch.claim, now);
  }

  #giveBack(batch: InFlight): void {
    this.#window.remove(batch);
    this.#options.outbox.release(batch.claim);
  }

  #send(claim: Claim, role: Role): number {
    const now = this.#options.nowMs();
    const inDoubt = this.#window.heardMs < this.#askedMs && now - this.#askedMs >= answerMs;
    const kind = kindOf(role);
    const asks = kind === 'backlog' || this.#presentAsks();
    this.#window.sent(claim, role, now, asks);
    if (asks) this.#askedMs = now;
    if (asks && isOfNow({ role })) this.#askedOfNowMs = now;
    return this.#options.send(asks ? claim : { ...claim, commitLater: true }, {
      kind,
      again: false,
      inDoubt,
    });
  }

  /** Clause C-10: with every third batch, and where the next one would come too late. */
  #presentAsks(): boolean {
    if (this.#window.unasked + 1 >= commitAfterBatches) return true;
    return this.#options.nextPresentMs() - this.#askedOfNowMs > asksWithinMs;
  }
}
