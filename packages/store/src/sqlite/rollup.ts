import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { isMeasurement, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import { type Column, columnsOf } from '../catalogue-columns.ts';
import { type FieldMinute, foldMinutes, type Minute } from '../rollup/fold.ts';
import { minuteColumns, minuteTable, rawTable } from './schema.ts';

type Statements = Readonly<{ columns: readonly Column[]; read: StatementSync; put: StatementSync }>;

/** Makes minutes out of raw points, a stretch of one series at a time. */
export class MinuteMaker {
  readonly #statements: ReadonlyMap<MeasurementName, Statements>;

  constructor(database: DatabaseSync) {
    this.#statements = new Map(measurementNames.map((name) => [name, statementsOf(database, name)]));
  }

  /** Makes the minutes of `from`…`to` (exclusive, multiples of 60) again from all that is there. */
  make(measurement: string, series: number, from: number, to: number): void {
    // Measurements that are no longer in the catalogue keep the minutes that they have.
    const statements = isMeasurement(measurement) ? this.#statements.get(measurement) : undefined;
    if (statements === undefined) return;
    const { columns, read, put } = statements;
    const rows = read.all(series, from, to).map((row: Record<number, unknown>) => ({
      time: Number(row[0]),
      values: columns.map((_, index) => stored(row[index + 1])),
    }));
    for (const minute of foldMinutes(rows)) put.run(series, ...rowOf(columns, minute));
  }

  /** A minute that was made elsewhere. */
  put(measurement: MeasurementName, series: number, minute: Minute): void {
    const statements = this.#statements.get(measurement);
    if (statements === undefined) throw new Error(`no table for ${measurement}`);
    statements.put.run(series, ...rowOf(statements.columns, minute));
  }
}

function statementsOf(database: DatabaseSync, measurement: MeasurementName): Statements {
  const columns = columnsOf(measurement);
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const read = database.prepare(
    `SELECT time, ${names} FROM ${rawTable(measurement)} WHERE series = ? AND time >= ? AND time < ? ORDER BY time`,
  );
  read.setReturnArrays(true);
  const kept = columns.flatMap(minuteColumns);
  const put = database.prepare(
    `INSERT OR REPLACE INTO ${minuteTable(measurement)} (series, time, ${kept.join(', ')})
     VALUES (?, ?${', ?'.repeat(kept.length)})`,
  );
  return { columns, read, put };
}

/** A value as a column holds it. */
export function stored(value: unknown): number | string | null {
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

function rowOf(columns: readonly Column[], { time, fields }: Minute): SQLInputValue[] {
  return [time, ...columns.flatMap((column, index) => kept(column, fields[index]))];
}

/** In the order of {@link minuteColumns}; NULL for what follows from the last value. */
function kept({ type }: Column, field: FieldMinute | undefined): SQLInputValue[] {
  const { count, sum, min, max, last } = field ?? { count: 1, sum: 0, min: 0, max: 0, last: null };
  const counted = count === 1 ? null : count;
  if (type === 'string') return [last, counted];
  if (typeof last !== 'number') return [null, null, null, null, null];
  return [
    last,
    counted,
    sum === last * count ? null : sum,
    min === last ? null : min,
    max === last ? null : max,
  ];
}
