import { randomBytes } from 'node:crypto';
import { Backoff } from '@tongtang/runtime/backoff';
import { type Validated, validate } from '@tongtang/runtime/validation';
import type { BatchHeader } from '@tongtang/wire/batch';
import { BatchWriter, type HubReads, hubReads } from '@tongtang/wire/following/batch-writer';
import { Commit, Config, type Range, type Status } from '@tongtang/wire/messages';
import { gaps, unite } from '@tongtang/wire/ranges';
import type { Channel } from '@tongtang/wire/topics';
import type { Static, TSchema } from 'typebox';
import { type Broker, type Enrolled, Session } from './session.ts';

/** Samples with their numbers, as they go over the wire. */
export type Batch = Readonly<{ from: number; to: number; payload: Buffer }>;

/** How long to wait before connecting again: the first time, and at most. Clause T-7 where absent. */
export type Retry = Readonly<{ firstMs: number; longestMs: number }>;

export type VirtualAgentParts = Readonly<{
  enrolled: Enrolled;
  retry?: Retry;
  /** The hub has stored all of a batch. @param latencyMs from its first sending */
  onCommitted: (batch: Batch, latencyMs: number) => void;
  /** A connection stands: what is sent now goes before what the last one did not get through. */
  onOpen?: () => void;
}>;

/** Batches that may wait for their commit (clause W-1). */
const windowBatches = 16;
/** A batch without a commit is sent again after so long, then after twice the time, and so on (clause C-7). */
const resendMs = { first: 60_000, longest: 600_000 } as const;

type Waiting = {
  readonly batch: Batch;
  /** What it is sent as once more: nothing that follows on others can be. */
  readonly again: () => Buffer;
  /** Monotonic; undefined until a session could take it. */
  sentMs: number | undefined;
  resendAtMs: number;
  waitMs: number;
  /** What no commit has named yet. */
  left: readonly Range[];
};

/**
 * An agent as the hub sees one: connection, credentials, outbox id and numbers, window, resending. It measures nothing
 * and keeps nothing on disk; some 5,000 of them fit into a process.
 */
export class VirtualAgent {
  readonly outbox: string = randomId();
  readonly #parts: VirtualAgentParts;
  #boot = randomId();
  #startedAt = Math.floor(Date.now() / 1000);
  readonly #backoff: Backoff;
  #waiting: Waiting[] = [];
  #next = 1;
  #hubReads: HubReads = hubReads(undefined);
  readonly #writer = new BatchWriter(() => this.#hubReads);
  #hub = '';
  #broker: Broker | undefined;
  #session: Session | undefined;
  #open = false;
  #holding = false;
  #retry: NodeJS.Timeout | undefined;
  #answered: { resolve: () => void; reject: (reason: Error) => void } | undefined;

  constructor(parts: VirtualAgentParts) {
    this.#parts = parts;
    const { firstMs, longestMs } = parts.retry ?? { firstMs: 1000, longestMs: 60_000 };
    this.#backoff = new Backoff(firstMs, longestMs);
  }

  /** Whether a connection stands. */
  get open(): boolean {
    return this.#open;
  }

  /** Samples that have numbers. */
  get made(): number {
    return this.#next - 1;
  }

  /** How many more batches may be sent now. */
  get room(): number {
    return windowBatches - this.#waiting.length;
  }

  /**
   * Connects, and again after each loss until {@link disconnect}.
   * @returns when the hub has answered with the configuration
   * @throws where the broker refuses
   */
  connect(broker: Broker): Promise<void> {
    this.#broker = broker;
    this.#holding = false;
    clearTimeout(this.#retry);
    return new Promise((resolve, reject) => {
      this.#answered = { resolve, reject };
      this.#connect(broker);
    });
  }

  /** Goes away in order, and forgets what waits: the next hub is a new one. */
  async disconnect(): Promise<void> {
    this.#broker = undefined;
    clearTimeout(this.#retry);
    if (this.#open) this.#session?.publish('status', this.#status('stopping'));
    this.#open = false;
    this.#waiting = [];
    await this.#session?.end();
  }

  /** When the connection is lost, waits for {@link comeBack}. */
  hold(): void {
    this.#holding = true;
  }

  /** Connects at once, and goes on trying. @param broker where it is not the one of before */
  comeBack(broker = this.#broker): void {
    this.#holding = false;
    this.#broker = broker;
    if (broker !== undefined && !this.#open) this.#connect(broker);
  }

  /** Gives samples their numbers and packs them. */
  pack(lines: readonly string[]): Batch {
    return this.encode(this.number(lines.length), lines);
  }

  /** Gives samples their numbers. @returns the first */
  number(samples: number): number {
    const from = this.#next;
    this.#next += samples;
    return from;
  }

  /** The line is cut, for the time until {@link comeBack}. */
  sever(): void {
    this.#stayAway();
    this.#session?.sever();
  }

  /** The process dies, and does not start before {@link restart}. */
  die(): void {
    this.#stayAway();
    this.#session?.break();
  }

  /** The machine is switched off or goes to sleep, in order; what waits is sent when it is back. */
  async leave(state: 'stopping' | 'asleep'): Promise<void> {
    if (this.#open) this.#session?.publish('status', this.#status(state));
    this.#stayAway();
    await this.#session?.end();
  }

  /** A new process with the same outbox: it connects at once, and goes on trying. */
  restart(broker = this.#broker): void {
    this.#boot = randomId();
    this.#startedAt = Math.floor(Date.now() / 1000);
    this.comeBack(broker);
  }

  /** Packs samples that have numbers; with the preset dictionary once the hub has listed it (clause D-3). */
  encode(from: number, lines: readonly string[]): Batch {
    const header = this.#header(from, lines);
    return { from, to: header.to, payload: this.#writer.whole(header, lines) };
  }

  /** Sends a batch, now or as soon as there is a session. @throws where the window is full */
  send(batch: Batch): void {
    this.#send(batch, () => batch.payload);
  }

  /** Sends what was measured just now: told by what differs where there is a session, and the hub reads that. @throws as {@link send} */
  sendNext(from: number, lines: readonly string[]): Batch {
    const header = this.#header(from, lines);
    const payload = this.#open ? this.#writer.next(header, lines) : this.#writer.whole(header, lines);
    const batch = { from, to: header.to, payload };
    this.#send(batch, () => this.#writer.whole(header, lines));
    return batch;
  }

  /** Sends again what the hub has left without a commit for too long. */
  resendOverdue(): void {
    if (!this.#open) return;
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (waiting.resendAtMs > now) continue;
      waiting.waitMs = Math.min(waiting.waitMs * 2, resendMs.longest);
      this.#publish(waiting);
    }
  }

  #header(from: number, lines: readonly string[]): BatchHeader {
    return { outbox: this.outbox, from, to: from + lines.length - 1, oldest: 1 };
  }

  #send(batch: Batch, again: () => Buffer): void {
    if (this.room <= 0) throw new Error(`${this.#parts.enrolled.address.agent}: the window is full`);
    const left: Range[] = [[batch.from, batch.to]];
    const waiting = { batch, again, sentMs: undefined, resendAtMs: 0, waitMs: resendMs.first, left };
    this.#waiting.push(waiting);
    if (this.#open) this.#publish(waiting);
  }

  #stayAway(): void {
    this.#holding = true;
    this.#open = false;
    clearTimeout(this.#retry);
  }

  #connect(broker: Broker): void {
    const session = new Session({
      broker,
      enrolled: this.#parts.enrolled,
      will: this.#status('offline'),
      onOpen: () => this.#begin(session),
      onMessage: (channel, payload) => this.#hear(channel, payload),
      onClose: (trouble, refused) => this.#lose(trouble, refused),
    });
    this.#session = session;
  }

  /** Says hello, then sends again what the last session did not get through. */
  #begin(session: Session): void {
    this.#open = true;
    this.#backoff.reset();
    this.#writer.beginAnew();
    session.publish('status', this.#status('online'));
    const before = this.#waiting;
    this.#waiting = [...before];
    this.#parts.onOpen?.();
    for (const waiting of before) this.#publish(waiting);
  }

  #lose(trouble: string, refused: boolean): void {
    this.#open = false;
    if (refused) {
      this.#answered?.reject(new Error(`${this.#parts.enrolled.address.agent}: ${trouble}`));
      return;
    }
    const broker = this.#broker;
    if (broker !== undefined && !this.#holding)
      this.#retry = setTimeout(() => this.#connect(broker), this.#backoff.next());
  }

  #hear(channel: Channel, payload: Buffer): void {
    if (channel === 'commit') {
      const commit = read(Commit, payload);
      if (commit.ok && commit.value.outbox === this.outbox) this.#hearCommit(commit.value);
    } else if (channel === 'config') {
      const config = read(Config, payload);
      if (!config.ok) return;
      this.#hubReads = hubReads(config.value);
      this.#answered?.resolve();
    }
  }

  /** Another hub, or one that lost the thread, has nothing of what it does not name: that is sent again, as a whole. */
  #hearCommit({ ranges, hub, whole }: Commit): void {
    const another = this.#hub !== '' && this.#hub !== hub;
    this.#hub = hub;
    this.#committed(ranges);
    if (!another && whole !== true) return;
    this.#writer.beginAnew();
    for (const waiting of this.#waiting) if (waiting.sentMs !== undefined) this.#publish(waiting);
  }

  #committed(ranges: readonly Range[]): void {
    const stored = unite(ranges);
    const done: Waiting[] = [];
    this.#waiting = this.#waiting.filter((waiting) => {
      waiting.left = waiting.left.flatMap(([from, to]) => gaps(stored, from, to));
      if (waiting.left.length > 0) return true;
      done.push(waiting);
      return false;
    });
    const now = performance.now();
    for (const { batch, sentMs = now } of done) this.#parts.onCommitted(batch, now - sentMs);
  }

  #publish(waiting: Waiting): void {
    const now = performance.now();
    const payload = waiting.sentMs === undefined ? waiting.batch.payload : waiting.again();
    waiting.sentMs ??= now;
    waiting.resendAtMs = now + waiting.waitMs;
    this.#session?.publish('telemetry', payload);
  }

  #status(state: Status['state']): string {
    const status: Status = {
      state,
      boot: this.#boot,
      version: 'virtual',
      startedAt: this.#startedAt,
      outbox: this.outbox,
    };
    return JSON.stringify(status);
  }
}

function randomId(): string {
  return randomBytes(6).toString('hex');
}

function read<Schema extends TSchema>(schema: Schema, payload: Buffer): Validated<Static<Schema>> {
  try {
    return validate(schema, JSON.parse(payload.toString('utf8')));
  } catch {
    return { ok: false, problems: ['not JSON'] };
  }
}
