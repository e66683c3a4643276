import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { LedgerEntry } from '@tongtang/store/ledger';
import type { Ledger } from '@tongtang/store/ledger/ledger';
import type { Quarantine, QuarantineItem } from '@tongtang/store/quarantine/quarantine';
import type { AgentRegistry, EnrolledAgent } from '@tongtang/store/registry/registry';
import type { PlacedSamples } from '@tongtang/store/telemetry';
import { CourseReader, type Unfollowed } from '@tongtang/wire/following/course-reader';
import { type Address, topicOf } from '@tongtang/wire/topics';
import type { HubClock } from '../hub-clock.ts';
import type { HubMetrics } from '../metrics.ts';
import { checkTimes, type Unusable } from './times.ts';

/** A message on a telemetry topic, as it came. */
export type Arrival = Readonly<{ address: Address; payload: Buffer; arrivedMs: number; bytes: number }>;

/** A batch that was read and checked, and waits to be stored. */
export type PendingBatch = Readonly<{
  address: Address;
  placed: PlacedSamples;
  entry: LedgerEntry;
  /** A later batch of its outbox asks for the commit. */
  commitLater: boolean;
  unusable: readonly Unusable[];
  /** What it takes in the queue. */
  bytes: number;
  /** What its samples keep in memory. */
  textBytes: number;
  arrivedMs: number;
}>;

export type ReaderParts = Readonly<{
  registry: Pick<AgentRegistry, 'agent'>;
  quarantine: Pick<Quarantine, 'keep'>;
  ledger: Pick<Ledger, 'admits'>;
  metrics: Pick<HubMetrics, 'quarantined' | 'dropped' | 'repeated'>;
  clock: Pick<HubClock, 'isBelieved'>;
  log: Log;
  /** Hub time in seconds. */
  nowS: () => number;
  /** What an agent's batch follows on was not read here: asks for a batch that is told as a whole. */
  askForWhole: (agent: EnrolledAgent) => void;
}>;

/** Of one kind in one batch: more of them tell nothing new, and a disk that writes them all stands still. */
const mostSetAside = 200;

/** Decodes, checks and places what arrives; sets aside what cannot be used, and never throws for it. */
export class BatchReader {
  readonly #parts: ReaderParts;
  /** By agent: what its batches follow on. */
  readonly #courses = new Map<string, CourseReader>();

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /**
   * @returns the batch, or undefined where there is none in it; then it is in the quarantine, or its agent sends it again
   */
  read({ address, payload, arrivedMs, bytes }: Arrival): PendingBatch | undefined {
    const now = this.#parts.nowS();
    const agent = this.#parts.registry.agent(address.agent);
    if (agent === undefined || !livesAt(agent, address)) {
      this.#keep('unknown-agent', [{ ...this.#item(address, 'not enrolled at this address'), payload }]);
      return undefined;
    }
    const batch = this.#courseOf(agent.id).read(payload);
    if ('unfollowed' in batch) {
      this.#unfollowed(agent, batch.unfollowed);
      return undefined;
    }
    if ('reason' in batch) {
      this.#keep('unreadable', [{ ...this.#item(address, batch.reason), payload }]);
      return undefined;
    }
    const { outbox, from, to, oldest, commitLater = false } = batch;
    if (!this.#parts.ledger.admits(agent.id, outbox, now)) {
      this.#keep('outboxes', [{ ...this.#item(address, 'the agent has too many outboxes'), payload }]);
      return undefined;
    }
    const { usable, unusable } = checkTimes(batch.samples, now);
    // By a clock that may be wrong nothing is given up: its agent keeps it and sends it again.
    if (unusable.length > 0 && !this.#parts.clock.isBelieved()) {
      this.#parts.metrics.dropped.inc({ reason: 'clock' });
      return undefined;
    }
    const rejected = batch.rejected.map(({ line, reason }): Unusable => ({ line, reason, kind: 'line' }));
    return {
      address,
      placed: { place: agent.place, samples: usable },
      entry: { agent: agent.id, outbox, from, to, oldest, time: now },
      commitLater,
      unusable: [...rejected, ...unusable],
      bytes,
      textBytes: batch.textBytes,
      arrivedMs,
    };
  }

  /** Puts lines that cannot be used into the quarantine, when the rest of their batch is stored. */
  setAside(address: Address, lines: readonly Unusable[]): void {
    for (const kind of new Set(lines.map((line) => line.kind))) {
      const alike = lines.filter((line) => line.kind === kind);
      const items = alike
        .slice(0, mostSetAside)
        .map(({ line, reason }) => ({ ...this.#item(address, reason), payload: Buffer.from(line) }));
      this.#keep(kind, items, alike.length);
    }
  }

  #unfollowed(agent: EnrolledAgent, why: Unfollowed['unfollowed']): void {
    if (why === 'again') {
      this.#parts.metrics.repeated.inc();
      return;
    }
    this.#parts.metrics.dropped.inc({ reason: why });
    this.#parts.askForWhole(agent);
  }

  #courseOf(agent: string): CourseReader {
    const known = this.#courses.get(agent);
    if (known !== undefined) return known;
    const reader = new CourseReader();
    this.#courses.set(agent, reader);
    return reader;
  }

  #item(address: Address, reason: string): Omit<QuarantineItem, 'payload'> {
    return {
      time: this.#parts.nowS(),
      agent: address.agent,
      topic: topicOf(address, 'telemetry'),
      reason,
    };
  }

  /** @param count how many there were, where only some are kept */
  #keep(kind: string, items: readonly QuarantineItem[], count = items.length): void {
    const { quarantine, metrics, log } = this.#parts;
    metrics.quarantined.inc({ reason: kind }, count);
    try {
      quarantine.keep(items);
    } catch (error) {
      log.error({ error: messageOf(error), kind, items: items.length }, 'the quarantine did not take them');
    }
  }
}

function livesAt({ address: { county, school } }: EnrolledAgent, topic: Address): boolean {
  return county === topic.county && school === topic.school;
}
