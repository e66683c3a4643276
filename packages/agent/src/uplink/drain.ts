import type { Claim, ClaimLimits, Outbox } from '@tongtang/outbox/outbox';
import { Backoff } from '@tongtang/runtime/backoff';
import type { Range } from '@tongtang/wire/messages';
import { gaps, unite } from '@tongtang/wire/ranges';
import { commitAfterBatches, commitEveryS } from './cadence.ts';
import { RefusedOutboxes } from './refused-outboxes.ts';

/** What one batch may hold: about 10 kB compressed, one second of the backlog's rate. */
const present: ClaimLimits = { samples: 2000, bytes: 96 * 1024 };
/** While there is a backlog: so small that the hub takes it before the backlogs of a whole county. */
const presentBesideBacklog: ClaimLimits = { samples: 100, bytes: 8 * 1024 };
const backlog: ClaimLimits = { samples: 1000, bytes: 64 * 1024 };
/** Backlog batches that wait for their commit. On a GEO path more would only queue in front of the lesson. */
const backlogWindow = 4;
/** Batches of the present that wait for their commit; beyond, the hub is not listening. */
const presentWindow = 12;
/** A timer that is a little early must not make it a report later. */
const asksEveryMs = (commitEveryS - 5) * 1000;
/** Without a commit for so long a batch is sent again, then after twice the time, and so on. */
const commitMs = { first: 60_000, longest: 600_000 } as const;
/** A commit that was asked for comes within this time where all is well, over GEO paths and from a busy hub as well. */
const answerMs = 25_000;
/** The backlog's rate in bytes per second: an eighth of a 512 kbit/s uplink. */
const backlogRate = 8000;

/** Measured since the last batch, or left over from a time without a hub. */
export type BatchKind = 'present' | 'backlog';

export type Sending = Readonly<{
  kind: BatchKind;
  /** It was sent before. */
  again: boolean;
  /** Nothing was heard of the hub for too long: is the path still there? */
  inDoubt: boolean;
}>;

type InFlight = {
  claim: Claim;
  kind: BatchKind;
  /** Local time of the first and of the last time it was sent. */
  firstSentMs: number;
  sentMs: number;
  /** Infinite until a commit was asked for. */
  resendMs: number;
  backoff: Backoff;
  committed: Range[];
};

/** A sample of an outbox, by its number. */
type Position = Readonly<{ outbox: string; to: number }>;

export type DrainOptions = Readonly<{
  outbox: Outbox;
  /** Local time in milliseconds. */
  nowMs: () => number;
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
  #inFlight: InFlight[] = [];
  /** No backlog before this time. */
  #pacedUntilMs = 0;
  /** Backlog is what was there at this point; undefined when it is sent. */
  #backlogEnd: Position | undefined;
  /** The last sample that was sent as the newest. */
  #presentEnd: Position | undefined;
  #commitHeardMs = Number.NEGATIVE_INFINITY;
  /** The same of each outbox whose batches wait for a commit. */
  readonly #heardOfMs = new Map<string, number>();
  readonly #refused = new RefusedOutboxes(() => this.#backoff());
  /** Outboxes for which a silent hub was asked. */
  readonly #askedFor = new Set<string>();
  /** When a commit was asked for. */
  #askedMs = Number.NEGATIVE_INFINITY;
  #resent = 0;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /** Batches sent again because no commit came in time. */
  get resent(): number {
    return this.#resent;
  }

  /** Whether batches wait for a commit and the hub said nothing since they were due: it is away, the broker is not. */
  get hubSilent(): boolean {
    return this.#inFlight.some(
      ({ firstSentMs, sentMs }) => sentMs > firstSentMs && this.#commitHeardMs < firstSentMs,
    );
  }

  /**
   * Sends what was measured since the last call. Where that does not follow on what was sent before, or is more than a
   * batch holds, the batch is the newest part of a backlog, and the rest follows at the backlog's rate.
   */
  sendPresent(): void {
    if (this.hubSilent || this.#count('present') >= presentWindow) return;
    const limits = this.#backlogEnd === undefined ? present : presentBesideBacklog;
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
    if (follows) this.#send(claim, 'present');
    else {
      this.expectBacklog();
      this.#sendPaced(claim, 1);
    }
  }

  /**
   * Sends backlog if its time has come, and again what was not committed in time.
   * @param paceFactor 1 is the full rate
   */
  proceed(paceFactor: number): void {
    const now = this.#options.nowMs();
    this.#resendOverdue(now);
    if (this.hubSilent) return;
    if (this.#backlogEnd === undefined || now < this.#pacedUntilMs) return;
    if (this.#count('backlog') >= backlogWindow) return;
    const claim = this.#takeBacklog(this.#backlogEnd, now);
    if (claim !== undefined) this.#sendPaced(claim, paceFactor);
    else if (this.#refused.resting(now).size > 0) this.#pacedUntilMs = this.#refused.restedMs(now);
    else {
      this.#backlogEnd = undefined;
      this.#refused.clear();
    }
  }

  /** When `proceed` has something to do, in local milliseconds; undefined while only a commit or a sample can bring it. */
  nextMs(): number | undefined {
    const due = this.#inFlight.map(({ resendMs }) => resendMs);
    if (this.#backlogEnd !== undefined && this.#count('backlog') < backlogWindow && !this.hubSilent)
      due.push(this.#pacedUntilMs);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Whether batches of this outbox wait for a commit. */
  awaits(outbox: string): boolean {
    return this.#inFlight.some(({ claim }) => claim.outbox === outbox);
  }

  /**
   * The hub stored these ranges, which the outbox has been told already.
   * @returns local time when the newest batch that they hold was sent, which bounds when the commit was; and whether
   *   the hub was silent before
   */
  committed(outbox: string, ranges: readonly Range[]): { sentMs: number | undefined; returned: boolean } {
    const returned = this.hubSilent;
    this.#commitHeardMs = this.#options.nowMs();
    this.#askedFor.clear();
    if (ranges.length > 0) {
      this.#heardOfMs.set(outbox, this.#commitHeardMs);
      this.#refused.taken(outbox);
    }
    let sentMs: number | undefined;
    this.#inFlight = this.#inFlight.filter((batch) => {
      if (batch.claim.outbox !== outbox) return true;
      batch.committed = unite(batch.committed, ranges);
      if (gaps(batch.committed, batch.claim.from, batch.claim.to).length > 0) return true;
      sentMs = Math.max(sentMs ?? 0, batch.sentMs);
      return false;
    });
    if (!this.awaits(outbox)) this.#heardOfMs.delete(outbox);
    if (returned) {
      // What it was asked for as well and did not take must not be the first to be sent again.
      const unanswered = this.#inFlight.filter((batch) => batch.sentMs > batch.firstSentMs);
      for (const id of new Set(unanswered.map(({ claim }) => claim.outbox)))
        if (id !== outbox) this.#letRest(id, this.#commitHeardMs);
      this.reset();
    }
    return { sentMs, returned };
  }

  /** A session begins or ended: what was not committed goes back, and what the outbox holds by now is backlog. */
  reset(): void {
    for (const { claim } of this.#inFlight) this.#options.outbox.release(claim);
    this.#inFlight = [];
    this.#heardOfMs.clear();
    this.#presentEnd = undefined;
    this.#pacedUntilMs = 0;
    this.#askedMs = Number.NEGATIVE_INFINITY;
    this.expectBacklog();
  }

  /**
   * What was sent and is not committed died with the hub that it was sent to, or was lost before this one.
   * @returns whether anything goes back
   */
  sentInVain(): boolean {
    if (this.#inFlight.length === 0) return false;
    this.reset();
    return true;
  }

  /** What the outbox holds by now and was not sent is backlog. */
  expectBacklog(): void {
    const { id, lastSequence } = this.#options.outbox.stats();
    this.#backlogEnd = { outbox: id, to: lastSequence };
  }

  /**
   * The oldest samples, unless they are of the present already: those wait for their time. Outboxes that were refused once come after all
   * others, when they have rested.
   */
  #takeBacklog(end: Position, now: number): Claim | undefined {
    const { outbox } = this.#options;
    const claim =
      outbox.takeOldest(backlog, this.#refused.all()) ??
      outbox.takeOldest(backlog, this.#refused.resting(now));
    if (claim === undefined || claim.outbox !== end.outbox || claim.from <= end.to) return claim;
    outbox.release(claim);
    return undefined;
  }

  #resendOverdue(now: number): void {
    const overdue = this.#inFlight.filter(({ resendMs }) => resendMs <= now);
    if (overdue.length === 0) return;
    const hubAway = overdue.every(({ firstSentMs }) => this.#commitHeardMs < firstSentMs);
    const again = hubAway ? this.#askOnly(overdue) : overdue.filter((batch) => !this.#isRefused(batch));
    for (const batch of again) {
      this.#options.send(batch.claim, { kind: batch.kind, again: true, inDoubt: true });
      this.#resent += 1;
      batch.sentMs = now;
      batch.resendMs = now + batch.backoff.next();
    }
    if (hubAway) this.#askOfAnother(again);
    const refused = overdue.filter((batch) => !hubAway && !again.includes(batch));
    for (const outbox of new Set(refused.map(({ claim }) => claim.outbox))) this.#letRest(outbox, now);
  }

  /** One batch asks from time to time; the others go back, so that the newest are first when the hub is there again. */
  #askOnly(overdue: readonly InFlight[]): InFlight[] {
    const newest = overdue.reduce((a, b) => (b.claim.time > a.claim.time ? b : a));
    for (const batch of this.#inFlight) if (batch !== newest) this.#options.outbox.release(batch.claim);
    this.#inFlight = [newest];
    return [newest];
  }

  /** A hub that says nothing to one outbox may be there and take another: it is asked for them in turn, too. */
  #askOfAnother(asked: readonly InFlight[]): void {
    const { outbox } = this.#options;
    const own = asked.map(({ claim }) => claim.outbox);
    let claim = outbox.takeOldest(presentBesideBacklog, new Set([...own, ...this.#askedFor]));
    if (claim === undefined) {
      this.#askedFor.clear();
      claim = outbox.takeOldest(presentBesideBacklog, new Set(own));
    }
    if (claim === undefined) return;
    this.#askedFor.add(claim.outbox);
    this.#send(claim, 'backlog');
  }

  /** Backlog that was sent twice, while the hub took what was sent of others and nothing of this outbox. */
  #isRefused({ kind, claim, firstSentMs, sentMs }: InFlight): boolean {
    const heardOfMs = this.#heardOfMs.get(claim.outbox) ?? Number.NEGATIVE_INFINITY;
    const takesOthers = this.#commitHeardMs >= firstSentMs && heardOfMs < firstSentMs;
    return kind === 'backlog' && sentMs > firstSentMs && takesOthers;
  }

  /** What waits for its commit goes back, and the others have its places. */
  #letRest(outbox: string, now: number): void {
    const refused = ({ claim, kind }: InFlight): boolean => kind === 'backlog' && claim.outbox === outbox;
    for (const batch of this.#inFlight) if (refused(batch)) this.#options.outbox.release(batch.claim);
    this.#inFlight = this.#inFlight.filter((batch) => !refused(batch));
    this.#refused.rest(outbox, now);
    if (this.#backlogEnd === undefined) this.expectBacklog();
  }

  #backoff(): Backoff {
    return new Backoff(commitMs.first * 2, commitMs.longest, this.#options.random);
  }

  #sendPaced(claim: Claim, paceFactor: number): void {
    const bytes = this.#send(claim, 'backlog');
    this.#pacedUntilMs = this.#options.nowMs() + (bytes / (backlogRate * paceFactor)) * 1000;
  }

  #send(claim: Claim, kind: BatchKind): number {
    const now = this.#options.nowMs();
    const waiting = this.#inFlight.filter(({ resendMs }) => resendMs === Number.POSITIVE_INFINITY).length;
    const asks =
      kind === 'backlog' || waiting + 1 >= commitAfterBatches || now - this.#askedMs >= asksEveryMs;
    this.#inFlight.push({
      claim,
      kind,
      firstSentMs: now,
      sentMs: now,
      resendMs: Number.POSITIVE_INFINITY,
      backoff: this.#backoff(),
      committed: [],
    });
    const inDoubt = this.#commitHeardMs < this.#askedMs && now - this.#askedMs >= answerMs;
    if (asks) this.#asked(now);
    return this.#options.send(asks ? claim : { ...claim, commitLater: true }, {
      kind,
      again: false,
      inDoubt,
    });
  }

  /** One commit tells of all that was sent until now. */
  #asked(now: number): void {
    this.#askedMs = now;
    for (const batch of this.#inFlight)
      if (batch.resendMs === Number.POSITIVE_INFINITY) batch.resendMs = now + commitMs.first;
  }

  #count(kind: BatchKind): number {
    return this.#inFlight.reduce((total, batch) => (batch.kind === kind ? total + 1 : total), 0);
  }
}
