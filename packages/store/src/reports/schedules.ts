import type { DatabaseSync } from 'node:sqlite';
import { integer, optionalText, type Row, text } from '../registry/rows.ts';
import { oneOf } from './revisions.ts';

/** What a county has said of its monthly report. */
export type KeptSchedule = Readonly<{
  county: string;
  /** JSON, as the hub writes it. */
  document: string;
  /** Since when it is on, seconds since 1970: what was due before is not made. */
  since: number;
}>;

/** What became of the report of a month; `nothing`: it had no lesson. */
export const runOutcomes = ['issued', 'awaiting', 'unchanged', 'nothing'] as const;
export type Run = Readonly<{
  /** The month that it is about, such as `2026-11`. */
  month: string;
  /** Seconds since 1970. */
  at: number;
  outcome: (typeof runOutcomes)[number];
  report?: string;
}>;

export type Schedules = Readonly<{
  schedule: (county: string) => KeptSchedule | undefined;
  schedules: () => KeptSchedule[];
  keepSchedule: (schedule: KeptSchedule) => void;
  /** The newest month first. */
  runs: (county: string) => Run[];
  ran: (county: string, run: Run) => void;
}>;

export function openSchedules(database: DatabaseSync): Schedules {
  const one = database.prepare('SELECT * FROM schedule WHERE county = ?');
  const all = database.prepare('SELECT * FROM schedule ORDER BY county');
  const keep = database.prepare('INSERT OR REPLACE INTO schedule (county, document, since) VALUES (?, ?, ?)');
  const runs = database.prepare('SELECT * FROM run WHERE county = ? ORDER BY month DESC');
  const ran = database.prepare('INSERT INTO run (county, month, at, outcome, report) VALUES (?, ?, ?, ?, ?)');
  return {
    schedule(county) {
      const row = one.get(county);
      return row && scheduleIn(row);
    },
    schedules: () => all.all().map(scheduleIn),
    keepSchedule: ({ county, document, since }) => {
      keep.run(county, document, since);
    },
    runs: (county) =>
      runs.all(county).map((row) => {
        const report = optionalText(row, 'report');
        return {
          month: text(row, 'month'),
          at: integer(row, 'at'),
          outcome: oneOf(runOutcomes, text(row, 'outcome')),
          ...(report !== undefined && { report }),
        };
      }),
    ran: (county, { month, at, outcome, report }) => {
      ran.run(county, month, at, outcome, report ?? null);
    },
  };
}

function scheduleIn(row: Row): KeptSchedule {
  return { county: text(row, 'county'), document: text(row, 'document'), since: integer(row, 'since') };
}
