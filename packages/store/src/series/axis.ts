import type { FieldType } from '@tongtang/model/catalogue/definition';
import type { FieldValue } from '@tongtang/model/sample';
import type { Aggregation, SeriesResult } from '../telemetry.ts';
import { assertFits } from './answer-size.ts';
import type { SeriesPlan } from './plan.ts';

/**
 * What one segment knows of one bucket (or of one sample): the count and sum of its values, and its smallest, largest
 * or last one, as the aggregation wants it. Booleans are 0 and 1.
 */
export type Part = Readonly<{ time: number; count: number; sum: number; value: number | string }>;

/** The parts of one series, in the order of the plan's segments. */
export type SeriesParts = Readonly<{
  tags: Readonly<Record<string, string>>;
  segments: readonly (readonly Part[])[];
}>;

/** Lays all series on one axis of time. @throws UnfitQuery where series that share few times make it too large */
export function onOneAxis(plan: SeriesPlan, found: readonly SeriesParts[]): SeriesResult {
  const columns = found.map(({ tags, segments }) => ({ tags, values: valuesOf(plan, segments) }));
  const filled = columns.filter(({ values }) => values.size > 0);
  const times = filled.length === 0 ? [] : timesOf(plan, filled);
  assertFits(times.length * filled.length);
  return {
    times,
    series: filled.map(({ tags, values }) => ({
      tags,
      values: times.map((time) => values.get(time) ?? null),
    })),
  };
}

function timesOf(
  { every, from, to }: SeriesPlan,
  columns: readonly Readonly<{ values: ReadonlyMap<number, FieldValue> }>[],
): number[] {
  if (every === undefined) {
    const times = new Set(columns.flatMap(({ values }) => [...values.keys()]));
    return [...times].sort((a, b) => a - b);
  }
  const times: number[] = [];
  for (let time = from - (from % every); time < to; time += every) times.push(time);
  return times;
}

function valuesOf(plan: SeriesPlan, segments: readonly (readonly Part[])[]): Map<number, FieldValue> {
  const values = new Map<number, FieldValue>();
  if (plan.every === undefined) {
    for (const [index, parts] of segments.entries()) {
      const agg = plan.segments[index]?.layer === 'raw' ? 'last' : plan.agg;
      for (const part of parts) values.set(part.time, finish(part, agg, plan.type));
    }
    return values;
  }
  const merged = new Map<number, Part>();
  for (const part of segments.flat()) {
    const earlier = merged.get(part.time);
    merged.set(part.time, earlier === undefined ? part : merge(earlier, part, plan.agg));
  }
  for (const part of merged.values()) values.set(part.time, finish(part, plan.agg, plan.type));
  return values;
}

/** Segments come in the order of time, so the later part has the last value. */
function merge(earlier: Part, later: Part, agg: Aggregation): Part {
  return {
    time: later.time,
    count: earlier.count + later.count,
    sum: earlier.sum + later.sum,
    value: agg === 'last' ? later.value : extreme(earlier.value, later.value, agg),
  };
}

function extreme(a: number | string, b: number | string, agg: Aggregation): number | string {
  return (agg === 'min') === a < b ? a : b;
}

function finish({ count, sum, value }: Part, agg: Aggregation, type: FieldType): FieldValue {
  switch (agg) {
    case 'mean':
      return sum / count;
    case 'sum':
      return sum;
    case 'count':
      return count;
    case 'min':
    case 'max':
      return value;
    case 'last':
      return type === 'boolean' ? value === 1 : value;
  }
}
