import { assertFew, columnsFor, fieldsOf, type SamplesQuery, type StoredSample } from '../samples.ts';
import type { InfluxQueries } from './ask.ts';
import { selectFields } from './influxql.ts';

/** Raw points of one agent, a measurement at a time. */
export async function askSamples(
  queries: InfluxQueries,
  { agent, from, to, fields }: SamplesQuery,
): Promise<StoredSample[]> {
  const samples: StoredSample[] = [];
  for (const [measurement, names] of fields) {
    const columns = columnsFor(measurement, names);
    if (columns.length === 0) continue;
    const listed = columns.map(({ name }) => name);
    const statement = selectFields(measurement, listed, Math.ceil(from), Math.ceil(to), { agent });
    for await (const rows of queries.rows(statement)) {
      const tags = Object.fromEntries(Object.entries(rows.tags).filter(([, value]) => value !== ''));
      for (const [time, ...values] of rows.values) {
        const found = fieldsOf(columns, values);
        if (found !== undefined) samples.push({ measurement, tags, time: Number(time), fields: found });
      }
      assertFew(samples.length);
    }
  }
  return samples;
}
