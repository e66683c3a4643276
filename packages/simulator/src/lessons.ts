import { Reports } from '@tongtang/wire/report.fixture';
import { reportEveryS } from './backlog.ts';
import type { Tally } from './orders.ts';
import { Reporter } from './reporter.ts';
import type { Batch, VirtualAgent } from './virtual-agent.ts';

/** How often it is looked who is due, and whose backlog may go on. */
const tickMs = 20;

/**
 * A county in lessons: every agent makes a report each ten seconds, at a moment of its own, whether there is a hub or
 * not, until {@link end}.
 */
export class Lessons {
  readonly #reporters: readonly Reporter[];
  readonly #reports: readonly Reports[];
  readonly #startMs = Date.now();
  readonly #timer: NodeJS.Timeout;
  #turns = 0;
  #over = false;
  #away = false;
  #latenciesMs: number[] = [];
  #behindMs = 0;

  constructor(agents: readonly VirtualAgent[]) {
    const onLive = (latencyMs: number): void => {
      this.#latenciesMs.push(latencyMs);
    };
    this.#reporters = agents.map((agent) => new Reporter({ agent, onLive }));
    this.#reports = agents.map((_, number) => {
      const firstS = Math.floor(this.#dueMs(number, agents.length) / 1000);
      return new Reports(number, firstS - reportEveryS);
    });
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** From now on whoever connects returns to a hub that was away. */
  lose(): void {
    this.#away = true;
  }

  opened(number: number): void {
    this.#reporters[number]?.opened(this.#away);
  }

  committed(number: number, batch: Batch): void {
    this.#reporters[number]?.committedBatch(batch);
  }

  /** No further reports; what was made is sent. */
  end(): void {
    this.#over = true;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What happened so far; latencies and lateness since the last time. */
  tally(): Omit<Tally, 'connected'> {
    const total = (read: (reporter: Reporter) => number): number =>
      this.#reporters.reduce((sum, reporter) => sum + read(reporter), 0);
    const returned = this.#reporters.map((reporter) => reporter.returned);
    const tally = {
      made: total(({ made }) => made),
      committed: total(({ committed }) => committed),
      latenciesMs: this.#latenciesMs,
      behindMs: this.#behindMs,
      liveAtMs: returned.flatMap(({ liveAtMs }) => liveAtMs ?? []),
      wholeAtMs: returned.flatMap(({ wholeAtMs }) => wholeAtMs ?? []),
      backlogFirst: returned.filter(({ backlogFirst }) => backlogFirst).length,
    };
    this.#latenciesMs = [];
    this.#behindMs = 0;
    return tally;
  }

  #dueMs(turn: number, agents: number): number {
    return this.#startMs + (turn * reportEveryS * 1000) / agents;
  }

  #tick(): void {
    const agents = this.#reporters.length;
    for (;;) {
      const dueMs = this.#dueMs(this.#turns, agents);
      if (this.#over || dueMs > Date.now()) break;
      this.#behindMs = Math.max(this.#behindMs, Date.now() - dueMs);
      const number = this.#turns % agents;
      this.#reporters[number]?.report(this.#reports[number]?.next() ?? [], dueMs);
      this.#turns += 1;
    }
    for (const reporter of this.#reporters) if (reporter.hasBacklog) reporter.proceed();
  }
}
