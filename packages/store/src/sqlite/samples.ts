import type { DatabaseSync } from 'node:sqlite';
import { inSlices } from '@tongtang/runtime/slices';
import { assertFew, columnsFor, fieldsOf, type SamplesQuery, type StoredSample } from '../samples.ts';
import { findSeries } from './read.ts';
import { rawTable } from './schema.ts';

/** Raw points of one agent, a series at a time and in slices, so that the past of one holds up nobody. */
export async function readSamples(
  database: DatabaseSync,
  { agent, from, to, fields }: SamplesQuery,
): Promise<StoredSample[]> {
  const samples: StoredSample[] = [];
  const readers = [...fields].flatMap(([measurement, names]) => {
    const columns = columnsFor(measurement, names);
    if (columns.length === 0) return [];
    const listed = columns.map(({ name }) => `"${name}"`).join(', ');
    const statement = database.prepare(
      `SELECT time, ${listed} FROM ${rawTable(measurement)} WHERE series = ? AND time >= ? AND time < ? ORDER BY time`,
    );
    statement.setReturnArrays(true);
    return findSeries(database, { measurement, tags: { agent } }).map(({ id, tags }) => () => {
      for (const row of statement.all(id, Math.ceil(from), Math.ceil(to))) {
        const [time, ...values] = Object.values(row);
        const found = fieldsOf(columns, values);
        if (found !== undefined) samples.push({ measurement, tags, time: Number(time), fields: found });
      }
      assertFew(samples.length);
    });
  });
  let next = 0;
  await inSlices((enough) => {
    while (next < readers.length && !enough()) {
      readers[next]?.();
      next += 1;
    }
    return next < readers.length;
  });
  return samples;
}
