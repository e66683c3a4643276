import type { DatabaseSync } from 'node:sqlite';
import type { MeasurementName } from '@tongtang/model/catalogue';
import { type Column, columnsOf } from '../catalogue-columns.ts';
import type { Layer, Piece, Span } from '../contents.ts';
import type { FieldMinute, Minute, Row } from '../rollup/fold.ts';
import { readTags } from './read.ts';
import { stored } from './rollup.ts';
import { minuteTable, rawTable } from './schema.ts';

/** The series of a measurement, in the order in which they came. */
export function seriesIdsOf(database: DatabaseSync, measurement: MeasurementName): number[] {
  return database
    .prepare('SELECT id FROM series WHERE measurement = ? ORDER BY id')
    .all(measurement)
    .map(({ id }) => Number(id));
}

/**
 * Prepares the reading of all that is there in a span.
 * @returns reads it of one series; a piece without rows where there is nothing
 */
export function contentsReader(
  database: DatabaseSync,
  layer: Layer,
  measurement: MeasurementName,
  { from, to }: Span,
): (series: number) => Piece {
  const columns = columnsOf(measurement);
  const [table, selected] =
    layer === 'raw'
      ? [rawTable(measurement), columns.map(({ name }) => `"${name}"`)]
      : [minuteTable(measurement), columns.flatMap(wholeMinute)];
  const read = database.prepare(
    `SELECT time, ${selected.join(', ')} FROM ${table} WHERE series = ? AND time >= ? AND time < ? ORDER BY time`,
  );
  read.setReturnArrays(true);
  const tagsOf = database.prepare('SELECT tags FROM series WHERE id = ?');
  return (series) => {
    const tags = readTags(tagsOf.get(series)?.tags ?? '{}');
    const found: Record<number, unknown>[] = read.all(series, from, to);
    return layer === 'raw'
      ? { layer, measurement, tags, rows: found.map((row) => rowOf(columns, row)) }
      : { layer, measurement, tags, rows: found.map((row) => minuteOf(columns, row)) };
  };
}

/** Last, count, sum, smallest and largest; what follows from the last is NULL in the table. */
function wholeMinute({ name, type }: Column): string[] {
  const [last, count] = [`"${name}"`, `COALESCE("${name}_count", 1)`];
  if (type === 'string') return [last, count, '0', '0', '0'];
  return [
    last,
    count,
    `COALESCE("${name}_sum", ${last} * ${count})`,
    `COALESCE("${name}_min", ${last})`,
    `COALESCE("${name}_max", ${last})`,
  ];
}

function rowOf(columns: readonly Column[], row: Readonly<Record<number, unknown>>): Row {
  return { time: Number(row[0]), values: columns.map((_, at) => stored(row[at + 1])) };
}

function minuteOf(columns: readonly Column[], row: Readonly<Record<number, unknown>>): Minute {
  const fields = columns.map((_, at): FieldMinute | undefined => {
    const last = stored(row[at * 5 + 1]);
    if (last === null) return undefined;
    const [count, sum, min, max] = [2, 3, 4, 5].map((offset) => Number(row[at * 5 + offset]));
    return { count: count ?? 0, sum: sum ?? 0, min: min ?? 0, max: max ?? 0, last };
  });
  return { time: Number(row[0]), fields };
}
