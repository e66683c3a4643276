import type { DatabaseSync } from 'node:sqlite';
import type { MeasurementName } from '@tongtang/model/catalogue';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { MendedDatabase } from '../mended-database.ts';
import { Progress, progressTable } from '../rollup/progress.ts';
import { KnownSeries } from './known-series.ts';

export const migrations: readonly string[] = [
  `CREATE TABLE late (
     measurement TEXT NOT NULL,
     agent TEXT NOT NULL,
     slot INTEGER NOT NULL,
     mark INTEGER NOT NULL,
     PRIMARY KEY (slot, agent, measurement)
   ) WITHOUT ROWID;
   ${progressTable}`,
  `CREATE TABLE series (
     agent TEXT NOT NULL,
     series TEXT NOT NULL,
     seen INTEGER NOT NULL,
     PRIMARY KEY (agent, series)
   ) WITHOUT ROWID`,
];

/** A slot of one agent's measurement that must be rolled up again. `mark` is a new number each time it is set. */
export type LateSlot = Readonly<{ measurement: string; agent: string; slot: number; mark: number }>;

/**
 * How far rollups of an InfluxDB have come, which slots are late, and which series each agent has: what the hub must not
 * forget, in its own file.
 */
export class RollupJournal {
  readonly #file: MendedDatabase<Opened>;

  /** @param start gives where rollups begin if the file is new; late points before that stay out of the minutes */
  constructor(path: string, start: () => number, log: Log) {
    const options = { migrations, durability: 'full' } as const;
    this.#file = new MendedDatabase(path, options, log, (database) => ({
      database,
      progress: new Progress(database, start()),
      series: new KnownSeries(database),
      marks: Number(database.prepare('SELECT max(mark) AS last FROM late').get()?.last ?? 0),
    }));
  }

  get progress(): Progress {
    return this.#file.opened.progress;
  }

  /** Whether an agent may write a series; {@link mark} has to follow. */
  admits(agent: string, series: string, nowS: number): boolean {
    return this.#file.run((opened) => opened.series.admits(agent, series, nowS));
  }

  /** Late slots, and the series that were admitted, are durable on return: to be called before the points are written. */
  mark(slots: readonly (readonly [MeasurementName, string, number])[]): void {
    this.#file.run((opened) => {
      opened.series.keep();
      if (slots.length === 0) return;
      const put = opened.database.prepare(
        `INSERT INTO late (measurement, agent, slot, mark) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET mark = excluded.mark`,
      );
      inTransaction(opened.database, () => {
        for (const [measurement, agent, slot] of slots) {
          opened.marks += 1;
          put.run(measurement, agent, slot, opened.marks);
        }
      });
    });
  }

  /** The oldest late slots before a time. */
  late(before: number, limit: number): LateSlot[] {
    return this.#file.run(({ database }) =>
      database
        .prepare('SELECT measurement, agent, slot, mark FROM late WHERE slot < ? ORDER BY slot LIMIT ?')
        .all(before, limit)
        .map(({ measurement, agent, slot, mark }) => ({
          measurement: String(measurement),
          agent: String(agent),
          slot: Number(slot),
          mark: Number(mark),
        })),
    );
  }

  /** Forgets slots that were rolled up, but for those that were marked again meanwhile. */
  done(slots: readonly LateSlot[]): void {
    this.#file.run(({ database }) => {
      const remove = database.prepare(
        'DELETE FROM late WHERE slot = ? AND agent = ? AND measurement = ? AND mark = ?',
      );
      inTransaction(database, () => {
        for (const { slot, agent, measurement, mark } of slots) remove.run(slot, agent, measurement, mark);
      });
    });
  }

  close(): void {
    this.#file.close();
  }
}

type Opened = {
  readonly database: DatabaseSync;
  readonly progress: Progress;
  readonly series: KnownSeries;
  marks: number;
};
