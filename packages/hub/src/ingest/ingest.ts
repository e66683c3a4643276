import { setTimeout as wait } from 'node:timers/promises';
import type { BrokerLink } from '@tongtang/broker/link';
import { Backoff } from '@tongtang/runtime/backoff';
import { messageOf } from '@tongtang/runtime/errors';
import type { Ledger } from '@tongtang/store/ledger/ledger';
import type { PlacedSamples, TelemetryStore } from '@tongtang/store/telemetry';
import { type DecodedSample, textOf } from '@tongtang/wire/line-protocol';
import { filterOf, parseTopic } from '@tongtang/wire/topics';
import type { HubMetrics } from '../metrics.ts';
import { Allowances } from './allowances.ts';
import { Commits } from './commits.ts';
import { FairQueue } from './fair-queue.ts';
import { type Arrival, BatchReader, type PendingBatch, type ReaderParts } from './reader.ts';

/** Samples of one batch; when they came, in hub time. */
export type StoredBatch = PlacedSamples & Readonly<{ arrivedAt: number }>;

export type IngestParts = Omit<ReaderParts, 'metrics'> &
  Readonly<{
    link: BrokerLink;
    /** The id of this hub's process, which commits carry. */
    hub: string;
    telemetry: Pick<TelemetryStore, 'write' | 'check'>;
    ledger: Pick<Ledger, 'accept' | 'holds' | 'admits'>;
    metrics: HubMetrics;
    /** Sees what arrives, stored or not. */
    observe: (agent: string, samples: readonly DecodedSample[]) => void;
    /** Sees what is stored, before the ledger has it. Where it throws, the agents send it again. */
    stored: (batches: readonly StoredBatch[]) => void;
  }>;

export const ingestLimits = {
  /** Payloads that wait, with what surrounds them. Beyond it they are dropped: their agents send them again. */
  queueBytes: 64 * 1024 * 1024,
  /** Batches of one agent that wait: it has no more than 16 that are not committed (clause W-1), and may have sent each again. */
  ofAgent: 64,
  /** Payloads up to here, with what surrounds them, go before larger ones. */
  smallBytes: 4096,
  /** One write to the store; lines that cannot be used count as well. */
  groupSamples: 10_000,
  /** The same by their texts, which a sample or two may drag along. */
  groupBytes: 4 * 1024 * 1024,
  /** A second one begins beside the first where a whole group waits: the store then has work while its answer is read. */
  writes: 2,
  /** How long a write waits for more: one durable commit costs a disk flush, whatever it holds. */
  gatherMs: 25,
  /** After so many failures, a store that says that it is well is given the batches one by one. */
  attempts: 3,
  /** How long the end waits for what is under way. */
  drainMs: 5000,
} as const;

type Limits = Readonly<Record<keyof typeof ingestLimits, number>>;

const overheadBytes = 500;
const usualLineBytes = 100;
/** What a batch comes to that cannot be read: it takes a tenth of a second at most. */
const unreadSamples = 5000;
/** Reading holds up everybody else no longer than a little over this. */
const readSliceMs = 20;

/**
 *  arrival ─▶ queue ─▶ read, check, place ─▶ gathered ─▶ store ─▶ ledger ─▶ commit
 *
 * While one group is being written, the next is gathered. Nothing is committed that is not stored; whatever fails or
 * does not fit is left for the agent to send again.
 */
export class Ingest {
  readonly #parts: IngestParts;
  readonly #reader: BatchReader;
  readonly #commits: Commits;
  readonly #limits: Limits;
  readonly #allowances = new Allowances(() => performance.now());
  /**
   * What is measured now comes in small batches, what waited from an outage in large ones; and when a county comes back
   * after one, its technicians want to see the present of all classrooms before the past of any. Of each, agents have their turns.
   */
  readonly #queues = { small: new FairQueue<Arrival>(), large: new FairQueue<Arrival>() };
  readonly #stopping = new AbortController();
  #queuedBytes = 0;
  #closed = false;
  #gathered: PendingBatch[] = [];
  #gatheredSamples = 0;
  #gatheredBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #goingOn: NodeJS.Immediate | undefined;
  readonly #writing = new Set<Promise<void>>();
  readonly #committing = new Set<Promise<void>>();

  constructor(parts: IngestParts, limits: Partial<Limits> = {}) {
    this.#parts = parts;
    this.#limits = { ...ingestLimits, ...limits };
    this.#reader = new BatchReader(parts);
    this.#commits = new Commits(parts.hub);
    parts.metrics.gauge('ingest_queue_bytes', 'Telemetry that waits to be stored', () => this.#queuedBytes);
  }

  /** Takes what the agents of a county measure. */
  async follow(county: string): Promise<void> {
    await this.#parts.link.subscribe(filterOf(county, 'telemetry'), (topic, payload) =>
      this.take(topic, payload),
    );
  }

  /** Whether more waits than one write takes. */
  get busy(): boolean {
    return this.#queued > 0;
  }

  /** Takes a message, whatever it is. */
  take(topic: string, payload: Buffer): void {
    const address = parseTopic(topic)?.address;
    if (address === undefined || this.#closed) return;
    const { small, large } = this.#queues;
    const { agent } = address;
    const bytes = payload.length + overheadBytes;
    const isFull = this.#queuedBytes + bytes > this.#limits.queueBytes;
    const isAhead = small.sizeOf(agent) + large.sizeOf(agent) >= this.#limits.ofAgent;
    if (isFull || isAhead || !this.#allowances.admits(agent)) {
      this.#parts.metrics.dropped.inc({ reason: isFull ? 'queue-full' : 'agent-ahead' });
      return;
    }
    this.#queuedBytes += bytes;
    const queue = bytes <= this.#limits.smallBytes ? small : large;
    queue.add(agent, { address, payload, arrivedMs: performance.now(), bytes });
    if (this.#goingOn === undefined) this.#gather();
  }

  /** Takes no more, and writes what was taken for as long as the limit allows; what is left, agents send again. */
  async stop(): Promise<void> {
    this.#closed = true;
    const deadline = wait(this.#limits.drainMs, 'late', { ref: false });
    for (
      let late: unknown;
      late !== 'late' && this.#writing.size + this.#gathered.length + this.#queued > 0;
    ) {
      this.#gather();
      this.#write();
      late = await Promise.race([...this.#writing, deadline]);
    }
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await Promise.race([Promise.allSettled(this.#committing), deadline]);
  }

  get #queued(): number {
    return this.#queues.small.size + this.#queues.large.size;
  }

  /** Whether one write is gathered. */
  get #isFull(): boolean {
    const { groupSamples, groupBytes } = this.#limits;
    return this.#gatheredSamples >= groupSamples || this.#gatheredBytes >= groupBytes;
  }

  /** Reads from the queues until the next group is full, and sees to it that it is written. */
  #gather(): void {
    if (this.#stopping.signal.aborted) return;
    const startMs = performance.now();
    while (!this.#isFull) {
      if (!this.#closed && performance.now() - startMs > readSliceMs) {
        // What is gathered does not wait until nothing comes any more.
        this.#gatherOn();
        break;
      }
      const arrival = this.#queues.small.take() ?? this.#queues.large.take();
      if (arrival === undefined) break;
      const { address, bytes } = arrival;
      // What came before it may have used up what its agent has.
      if (this.#allowances.admits(address.agent)) this.#read(arrival);
      else {
        this.#queuedBytes -= bytes;
        this.#parts.metrics.dropped.inc({ reason: 'agent-ahead' });
      }
    }
    const [oldest] = this.#gathered;
    if (oldest === undefined) return;
    const full = this.#isFull;
    if (!full && this.#writing.size > 0) return;
    const waitMs = full ? 0 : this.#limits.gatherMs - (performance.now() - oldest.arrivedMs);
    if (waitMs <= 0) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), waitMs);
  }

  /** A registry or ledger that fails costs a repeated sending, never the hub. */
  #read(arrival: Arrival): void {
    const { metrics, log } = this.#parts;
    try {
      const batch = this.#reader.read(arrival);
      this.#allowances.charge(arrival.address.agent, samplesRead(batch));
      if (batch === undefined) this.#queuedBytes -= arrival.bytes;
      else this.#accept(batch);
    } catch (error) {
      this.#queuedBytes -= arrival.bytes;
      metrics.dropped.inc({ reason: 'failure' });
      log.error({ agent: arrival.address.agent, error: messageOf(error) }, 'a batch could not be taken');
    }
  }

  #accept(batch: PendingBatch): void {
    const { agent, outbox, from, to } = batch.entry;
    this.#parts.observe(agent, batch.placed.samples);
    if (this.#parts.ledger.holds(agent, outbox, [from, to])) {
      this.#parts.metrics.repeated.inc();
      this.#queuedBytes -= batch.bytes;
      this.#commit([batch]);
      return;
    }
    this.#gathered.push(batch);
    this.#gatheredSamples += batch.placed.samples.length + batch.unusable.length;
    this.#gatheredBytes += batch.textBytes;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing.size >= this.#limits.writes || this.#gathered.length === 0) return;
    const group = this.#gathered;
    this.#gathered = [];
    this.#gatheredSamples = 0;
    this.#gatheredBytes = 0;
    const writing = this.#storeUntilDone(group).finally(() => {
      for (const { bytes } of group) this.#queuedBytes -= bytes;
      this.#writing.delete(writing);
      this.#gatherOn();
    });
    this.#writing.add(writing);
    this.#gatherOn();
  }

  /**
   * Gathers in another turn of the event loop. A store in this process answers within the turn that asked it: without
   * a break between the groups, nobody would be heard until the whole queue is stored.
   */
  #gatherOn(): void {
    this.#goingOn ??= setImmediate(() => {
      this.#goingOn = undefined;
      this.#gather();
    });
  }

  async #storeUntilDone(group: readonly PendingBatch[]): Promise<void> {
    const backoff = new Backoff(250, 15_000);
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt += 1) {
      if (await this.#store(group)) return;
      if (attempt >= this.#limits.attempts && (await this.#storeIsWell())) return this.#storeEach(group);
      await wait(backoff.next(), undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  /** Parts the one batch that the store cannot digest from the others, which must not wait for it. */
  async #storeEach(group: readonly PendingBatch[]): Promise<void> {
    for (const batch of group)
      if (!(await this.#store([batch]))) this.#parts.metrics.dropped.inc({ reason: 'store' });
  }

  /** @returns whether all of it is stored, and committed to the agents */
  async #store(batches: readonly PendingBatch[]): Promise<boolean> {
    const { telemetry, ledger, metrics, log } = this.#parts;
    try {
      const { refused } = await telemetry.write(batches.map(({ placed }) => placed));
      this.#parts.stored(batches.map(({ placed, entry }) => ({ ...placed, arrivedAt: entry.time })));
      ledger.accept(batches.map(({ entry }) => entry));
      for (const { address, placed, unusable } of batches) {
        const { agent } = placed.place;
        const own = new Set(refused.length === 0 ? [] : placed.samples.map(textOf));
        const byStore = refused.filter((one) => one.agent === agent && own.has(one.line));
        this.#reader.setAside(address, [
          ...unusable,
          ...byStore.map((one) => ({ ...one, kind: 'store' as const })),
        ]);
      }
    } catch (error) {
      metrics.storeErrors.inc();
      log.error({ error: messageOf(error), batches: batches.length }, 'the store did not take telemetry');
      return false;
    }
    this.#commit(batches);
    return true;
  }

  async #storeIsWell(): Promise<boolean> {
    try {
      await this.#parts.telemetry.check();
      return true;
    } catch {
      // The failed write has been logged and counted.
      return false;
    }
  }

  /** The next write does not wait for it: a broker may take its time. */
  #commit(batches: readonly PendingBatch[]): void {
    const committing = this.#publish(batches).finally(() => this.#committing.delete(committing));
    this.#committing.add(committing);
  }

  /** A commit that does not get through costs a repeated sending, or none: the next `online` is answered with all. */
  async #publish(batches: readonly PendingBatch[]): Promise<void> {
    const { link, metrics, log } = this.#parts;
    const results = await Promise.allSettled(
      this.#commits
        .of(batches, Date.now())
        .map(({ topic, commit }) => link.publish(topic, JSON.stringify(commit))),
    );
    const now = performance.now();
    for (const { placed, arrivedMs } of batches) {
      metrics.batches.inc();
      metrics.samples.inc(placed.samples.length);
      metrics.commitSeconds.observe((now - arrivedMs) / 1000);
    }
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed[0] === undefined) return;
    metrics.publishErrors.inc(failed.length);
    log.warn(
      { error: messageOf(failed[0].reason), commits: failed.length },
      'the broker did not take commits',
    );
  }
}

/** What reading came to, in samples of usual length. */
function samplesRead(batch: PendingBatch | undefined): number {
  if (batch === undefined) return unreadSamples;
  return Math.max(batch.placed.samples.length + batch.unusable.length, batch.textBytes / usualLineBytes);
}
