import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Part, SeriesParts } from '../series/axis.ts';
import { refuseTooMany, type Segment, type SeriesPlan } from '../series/plan.ts';
import { RowsLeft, type SamplesPlan, sampleOf } from '../series/sample-fields.ts';
import { type Aggregation, type StoredSample, valuesPerSeries } from '../telemetry.ts';
import { minuteTable, rawTable } from './schema.ts';

export type FoundSeries = Readonly<{ id: number; tags: Readonly<Record<string, string>> }>;

/** The series that have all tags of the plan. */
export function findSeries(
  database: DatabaseSync,
  { measurement, tags }: Pick<SeriesPlan, 'measurement' | 'tags'>,
): FoundSeries[] {
  const { agent, school } = tags;
  const [filter, values] =
    agent !== undefined
      ? [' AND agent = ?', [agent]]
      : school !== undefined
        ? [' AND school = ?', [school]]
        : ['', []];
  return (
    database
      // With `ORDER BY tags` the index of all series of the measurement is gone through, for the order it has.
      .prepare(`SELECT id, tags FROM series WHERE measurement = ?${filter} ORDER BY +tags`)
      .all(measurement, ...values)
      .map((row) => ({ id: Number(row.id), tags: readTags(row.tags) }))
      .filter((series) => Object.entries(tags).every(([name, value]) => series.tags[name] === value))
  );
}

/**
 * Prepares the reading of a plan.
 * @returns reads what the layers hold of one series; throws UnfitQuery where it is too much
 */
export function seriesReader(database: DatabaseSync, plan: SeriesPlan): (series: FoundSeries) => SeriesParts {
  const statements = plan.segments.map((segment) => {
    const statement = database.prepare(segmentQuery(plan, segment));
    statement.setReturnArrays(true);
    return { statement, segment };
  });
  return ({ id, tags }) => ({
    tags,
    segments: statements.map(({ statement, segment }) => readSegment(statement, segment, id)),
  });
}

/**
 * Prepares the reading of samples.
 * @returns reads those of one series, in the order of time; throws UnfitQuery where it is too much with those before
 */
export function samplesReader(
  database: DatabaseSync,
  plan: SamplesPlan,
): (series: FoundSeries) => StoredSample[] {
  const names = plan.fields.map(({ name }) => `, "${name}"`).join('');
  const statement = database.prepare(
    `SELECT time${names} FROM ${rawTable(plan.measurement)} WHERE series = ? AND time >= ? AND time < ? ORDER BY time LIMIT ?`,
  );
  statement.setReturnArrays(true);
  const left = new RowsLeft(plan);
  return ({ id, tags }) => {
    const rows: readonly Record<number, unknown>[] = statement.all(id, plan.from, plan.to, left.count + 1);
    left.take(rows.length);
    return rows.flatMap((row) => {
      const values = plan.fields.map((_, index) => row[index + 1]);
      return sampleOf(plan, tags, Number(row[0]), values) ?? [];
    });
  };
}

function readSegment(statement: StatementSync, segment: Segment, series: number): Part[] {
  const rows = statement.all(series, segment.from, segment.to, valuesPerSeries + 1);
  if (rows.length > valuesPerSeries) refuseTooMany();
  return rows.map(({ 0: time, 1: count, 2: sum, 3: value }) => ({
    time: Number(time),
    count: Number(count),
    sum: Number(sum),
    value: typeof value === 'string' ? value : Number(value),
  }));
}

/**
 * Columns time, count, sum and value. Where one of max() or min() stands in a query, SQLite takes plain columns from
 * the row that it found: that gives the last value (SQLite, "Bare columns in an aggregate query").
 */
function segmentQuery({ measurement, field, every, agg }: SeriesPlan, { layer }: Segment): string {
  const f = `"${field}"`;
  const of =
    layer === 'raw'
      ? { count: '1', sum: f, min: f, max: f, from: rawTable(measurement) }
      : {
          count: `COALESCE("${field}_count", 1)`,
          sum: `COALESCE("${field}_sum", ${f} * COALESCE("${field}_count", 1))`,
          min: `COALESCE("${field}_min", ${f})`,
          max: `COALESCE("${field}_max", ${f})`,
          from: minuteTable(measurement),
        };
  const where = `FROM ${of.from} WHERE series = ? AND time >= ? AND time < ? AND ${f} IS NOT NULL`;
  if (every === undefined) {
    const value = layer === 'minute' && (agg === 'min' || agg === 'max') ? of[agg] : f;
    const [count, sum] = agg === 'last' ? ['1', '0'] : [of.count, of.sum];
    return `SELECT time, ${count}, ${sum}, ${value} ${where} ORDER BY time LIMIT ?`;
  }
  const bucket = `time - time % ${every}`;
  return `SELECT ${bucket}, ${aggregate(agg, f, of)} ${where} GROUP BY 1 ORDER BY 1 LIMIT ?`;
}

function aggregate(
  agg: Aggregation,
  f: string,
  of: Readonly<{ count: string; sum: string; min: string; max: string }>,
): string {
  switch (agg) {
    case 'mean':
    case 'sum':
      return `total(${of.count}), total(${of.sum}), 0`;
    case 'count':
      return `total(${of.count}), 0, 0`;
    case 'min':
    case 'max':
      return `1, 0, ${agg}(${of[agg]})`;
    case 'last':
      return `1, 0, ${f}, max(time)`;
  }
}

export function readTags(text: unknown): Record<string, string> {
  const tags: Record<string, string> = JSON.parse(String(text));
  return tags;
}
