import type { DatabaseSync } from 'node:sqlite';
import { type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import type { FieldType } from '@tongtang/model/catalogue/definition';
import { inTransaction } from '@tongtang/runtime/database';
import { type Column, columnsOf } from '../catalogue-columns.ts';
import { progressTable } from '../rollup/progress.ts';

/**
 * Tables that do not depend on the catalogue. `series` gives each (measurement, tags) a number; `late` holds slots of
 * series that must be rolled up again; `progress` holds how far rollups and removal have come.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE series (
     id INTEGER PRIMARY KEY,
     measurement TEXT NOT NULL,
     tags TEXT NOT NULL,
     agent TEXT NOT NULL,
     school TEXT NOT NULL,
     UNIQUE (measurement, tags)
   );
   CREATE INDEX series_of_agent ON series (measurement, agent);
   CREATE INDEX series_of_school ON series (measurement, school);
   CREATE TABLE late (
     series INTEGER NOT NULL,
     slot INTEGER NOT NULL,
     PRIMARY KEY (series, slot)
   ) WITHOUT ROWID;
   ${progressTable}`,
  'CREATE INDEX series_by_agent ON series (agent)',
];

/** Points as they came: one row a point, one column a field, in the order of series and time. */
export function rawTable(measurement: MeasurementName): string {
  return `"raw_${measurement}"`;
}

/**
 * Minutes: the last value under the field's own name, and beside it count, sum, smallest and largest. One of these is
 * NULL where it follows from the last value alone (count 1, sum = last × count, min = last, max = last): many probes
 * run once a minute, and their minutes are then no larger than their samples.
 */
export function minuteTable(measurement: MeasurementName): string {
  return `"minute_${measurement}"`;
}

/** The columns of {@link minuteTable} for a field, in order. */
export function minuteColumns({ name, type }: Column): string[] {
  const kept = type === 'string' ? ['', '_count'] : ['', '_count', '_sum', '_min', '_max'];
  return kept.map((suffix) => `"${name}${suffix}"`);
}

/** Makes the tables of measurements that are new in the catalogue, and adds the columns of fields that are. */
export function followCatalogue(database: DatabaseSync): void {
  inTransaction(database, () => {
    for (const measurement of measurementNames) {
      const columns = columnsOf(measurement);
      const raw = columns.map(({ name, type }) => [`"${name}"`, affinity(type)]);
      const minutes = columns.flatMap((column) =>
        minuteColumns(column).map((name, index) => [name, index > 1 ? 'REAL' : affinity(column.type)]),
      );
      follow(database, rawTable(measurement), raw);
      follow(database, minuteTable(measurement), minutes);
    }
  });
}

function follow(database: DatabaseSync, table: string, columns: readonly (readonly string[])[]): void {
  const there = new Set(
    database
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .map(({ name }) => `"${String(name)}"`),
  );
  if (there.size === 0) {
    const fields = columns.map(([name, type]) => `${name} ${type}`).join(', ');
    database.exec(
      `CREATE TABLE ${table} (series INTEGER NOT NULL, time INTEGER NOT NULL, ${fields}, PRIMARY KEY (series, time)) WITHOUT ROWID`,
    );
    return;
  }
  for (const [name = '', type = ''] of columns)
    if (!there.has(name)) database.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
}

function affinity(type: FieldType): string {
  switch (type) {
    case 'float':
      return 'REAL';
    case 'string':
      return 'TEXT';
    case 'integer':
    case 'boolean':
      return 'INTEGER';
  }
}
