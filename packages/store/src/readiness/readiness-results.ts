import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Readiness, readinessStates } from '@tongtang/model/readiness';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { validate } from '@tongtang/runtime/validation';
import { MendedDatabase } from '../mended-database.ts';

const migrations: readonly string[] = [
  `CREATE TABLE readiness (
     start INTEGER NOT NULL,
     county TEXT NOT NULL,
     school TEXT NOT NULL,
     class TEXT NOT NULL,
     at INTEGER NOT NULL,
     state TEXT NOT NULL,
     checks TEXT NOT NULL,
     PRIMARY KEY (start, county, school, class)
   ) WITHOUT ROWID;`,
];

/** A school year and what it takes to write its report. */
const keptS = 400 * 86_400;

/** What a lesson was found to be. `start` in seconds since 1970 tells lessons of a class apart. */
export type CheckedLesson = Readonly<{ school: string; class: string; start: number; readiness: Readiness }>;

/** The same in short, for those who go through thousands. */
export type CheckedHead = Readonly<Omit<CheckedLesson, 'readiness'> & Pick<Readiness, 'at' | 'state'>>;

/** What lessons were found to be before they began, in `<data>/hub/lessons.db`: of each the newest result, for 400 days. */
export type ReadinessResults = Readonly<{
  /** Keeps results; each takes the place of an earlier one of its lesson. @throws where the disk refuses */
  keep: (county: string, lessons: readonly CheckedLesson[]) => void;
  /** Those of lessons that begin from a time on, and before another; seconds since 1970. */
  between: (county: string, from: number, to: number) => CheckedLesson[];
  /** Those of a school's lessons that begin at one of these times, the earliest first. */
  ofSchool: (county: string, school: string, starts: readonly number[]) => CheckedLesson[];
  /** The same without what was looked at. */
  heads: (county: string, from: number, to: number) => CheckedHead[];
  close: () => void;
}>;

/** Opens the results. Where their file is damaged, an empty one takes its place. */
export function openReadinessResults(path: string, log: Log): ReadinessResults {
  const file = new MendedDatabase(path, { migrations, durability: 'normal' }, log, prepare);
  return {
    keep: (county, lessons) => file.run((opened) => keep(opened, county, lessons)),
    between: (county, from, to) =>
      file.run(({ select }) => select.all(county, from, to).flatMap((row) => checkedIn(row) ?? [])),
    ofSchool: (county, school, starts) =>
      file.run(({ selectOfSchool }) =>
        selectOfSchool.all(county, school, JSON.stringify(starts)).flatMap((row) => checkedIn(row) ?? []),
      ),
    heads: (county, from, to) =>
      file.run(({ selectHeads }) => selectHeads.all(county, from, to).flatMap((row) => headIn(row) ?? [])),
    close: () => file.close(),
  };
}

type Opened = Readonly<{
  database: DatabaseSync;
  upsert: StatementSync;
  select: StatementSync;
  selectOfSchool: StatementSync;
  selectHeads: StatementSync;
  forget: StatementSync;
}>;

function prepare(database: DatabaseSync): Opened {
  return {
    database,
    upsert: database.prepare(
      'INSERT OR REPLACE INTO readiness (start, county, school, class, at, state, checks) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    select: database.prepare(
      'SELECT * FROM readiness WHERE county = ? AND start >= ? AND start < ? ORDER BY start, school, class',
    ),
    selectOfSchool: database.prepare(`
      SELECT * FROM readiness WHERE county = ? AND school = ? AND start IN (SELECT value FROM json_each(?))
      ORDER BY start, class`),
    selectHeads: database.prepare(
      'SELECT school, class, start, at, state FROM readiness WHERE county = ? AND start >= ? AND start < ?',
    ),
    forget: database.prepare('DELETE FROM readiness WHERE start < ?'),
  };
}

function keep({ database, upsert, forget }: Opened, county: string, lessons: readonly CheckedLesson[]): void {
  inTransaction(database, () => {
    for (const { school, class: of, start, readiness } of lessons) {
      const { at, state, checks } = readiness;
      upsert.run(start, county, school, of, at, state, JSON.stringify(checks));
    }
    forget.run(Math.max(0, ...lessons.map(({ start }) => start)) - keptS);
  });
}

/** Nothing of a row that another version wrote in a way that this one cannot read. */
function checkedIn({
  school,
  class: of,
  start,
  at,
  state,
  checks,
}: Record<string, unknown>): CheckedLesson | undefined {
  const readiness = validate(Readiness, { state, at, checks: JSON.parse(String(checks)) });
  if (!readiness.ok) return undefined;
  return { school: String(school), class: String(of), start: Number(start), readiness: readiness.value };
}

function headIn({ school, class: of, start, at, state }: Record<string, unknown>): CheckedHead | undefined {
  const known = readinessStates.find((each) => each === state);
  if (known === undefined) return undefined;
  return { school: String(school), class: String(of), start: Number(start), at: Number(at), state: known };
}
