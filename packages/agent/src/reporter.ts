import { join } from 'node:path';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { type AgentReport, lastReport, writeReport } from './status.ts';
import { BudgetState, ByteBudget } from './uplink/byte-budget.ts';

export type ReporterOptions = Readonly<{
  dataFolder: string;
  log: Log;
  /** What there is to say right now. */
  report: () => AgentReport;
  monotonicMs?: () => number;
}>;

/** Each write costs the disk a block of 4 KiB, and 20 MB a day are for everything: 1.5 MB, and 6 MB at the very most. */
const reportEveryMs = 240_000;
const changeEveryMs = 60_000;
/** Changes come together, at a start above all: so many are written at once, if as many minutes were quiet. */
const changesAtOnce = 10;
const budgetEveryMs = 600_000;

/**
 * What the process before said of itself last, as samples of its outbox that may be lost.
 * @returns undefined where there was none, or its report is damaged
 */
export function outboxBefore(dataFolder: string, log: Log): { samples: number; dropped: number } | undefined {
  try {
    const report = lastReport(dataFolder);
    return report && { samples: report.backlog, dropped: report.dropped };
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'saved status ignored');
    return undefined;
  }
}

/** Keeps the files beside the outbox current: the report for people, the byte budget for the next start. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #now: () => number;
  readonly #budget: ByteBudget;
  #reportedMs = Number.NEGATIVE_INFINITY;
  /** When the last change was paid for; a change costs a minute, and some minutes may be saved. */
  #changesPaidMs = Number.NEGATIVE_INFINITY;
  #changed = false;
  #budgetSavedMs: number;
  #failing = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#now = options.monotonicMs ?? (() => performance.now());
    this.#budgetSavedMs = this.#now();
    this.#budget = new ByteBudget(this.#readBudget());
  }

  /** The byte budget as the process before left it. */
  get budget(): ByteBudget {
    return this.#budget;
  }

  /** Something changed that people wait for. */
  changed(): void {
    this.#changed = true;
    const paidMs = Math.max(this.#changesPaidMs, this.#now() - changesAtOnce * changeEveryMs) + changeEveryMs;
    if (paidMs > this.#now()) return;
    this.#changesPaidMs = paidMs;
    this.#writeReport();
  }

  /** To be called about once a minute. */
  tick(): void {
    if (this.#changed || this.#now() - this.#reportedMs >= reportEveryMs) this.#writeReport();
    if (this.#now() - this.#budgetSavedMs >= budgetEveryMs) this.#writeBudget();
  }

  /** Writes both a last time. */
  stop(): void {
    this.#writeReport();
    this.#writeBudget();
  }

  #writeReport(): void {
    this.#reportedMs = this.#now();
    this.#changed = false;
    this.#attempt(() => writeReport(this.#options.dataFolder, this.#options.report()));
  }

  #writeBudget(): void {
    this.#budgetSavedMs = this.#now();
    this.#attempt(() => writeJsonFile(this.#budgetPath(), this.#budget.state, false));
  }

  #readBudget(): BudgetState | undefined {
    try {
      return readJsonFile(this.#budgetPath(), BudgetState);
    } catch (error) {
      this.#options.log.warn({ error: messageOf(error) }, 'saved byte budget ignored');
      return undefined;
    }
  }

  #budgetPath(): string {
    return join(this.#options.dataFolder, 'agent', 'budget.json');
  }

  /** A full disk is said once, and once more when it is over. */
  #attempt(write: () => void): void {
    try {
      write();
      if (this.#failing) this.#options.log.info('status is written again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#options.log.error({ error: messageOf(error) }, 'status cannot be written');
      this.#failing = true;
    }
  }
}
