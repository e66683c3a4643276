import { join } from 'node:path';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { type AgentReport, writeReport } from './status.ts';
import { BudgetState, ByteBudget } from './uplink/byte-budget.ts';

export type ReporterOptions = Readonly<{
  dataFolder: string;
  log: Log;
  /** What there is to say right now. */
  report: () => AgentReport;
  monotonicMs?: () => number;
}>;

/** Each write costs the disk a block of 4 KiB, and 20 MB a day are for everything: 3 MB, and 6 MB at the very most. */
const reportEveryMs = 120_000;
const changeEveryMs = 60_000;
const budgetEveryMs = 600_000;

/** Keeps the files beside the outbox current: the report for people, the byte budget for the next start. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #now: () => number;
  readonly #budget: ByteBudget;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #changeReportedMs = Number.NEGATIVE_INFINITY;
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
    if (this.#now() - this.#changeReportedMs < changeEveryMs) return;
    this.#changeReportedMs = this.#now();
    this.#writeReport();
  }

  /** To be called about once a minute. */
  tick(): void {
    if (this.#now() - this.#reportedMs >= reportEveryMs) this.#writeReport();
    if (this.#now() - this.#budgetSavedMs >= budgetEveryMs) this.#writeBudget();
  }

  /** Writes both a last time. */
  stop(): void {
    this.#writeReport();
    this.#writeBudget();
  }

  #writeReport(): void {
    this.#reportedMs = this.#now();
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
