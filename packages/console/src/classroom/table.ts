import type { FieldValue, Series, Tags } from '../api/answers.ts';
import type { Grid } from './range.ts';

export type Aggregation = 'mean' | 'max' | 'min' | 'sum' | 'last';

/** Values of one field on one time axis: a line for each set of tags. */
export type Line = Readonly<{
  tags: Tags;
  values: readonly (number | null)[];
  /** How many samples a value is made of; what the hub aggregated counts as one. */
  weights: readonly number[];
}>;
export type Table = Readonly<{ grid: Grid; lines: readonly Line[] }>;

/** Lays what the hub answered on the grid; texts and times off the grid are left out. */
export function tableOf(answer: Series, grid: Grid): Table {
  const places = answer.times.map((time) => bucketOf(time, grid));
  return {
    grid,
    lines: answer.series.map(({ tags, values }) => {
      const line = emptyLine(tags, grid);
      values.forEach((value, index) => {
        const place = places[index];
        const number = toNumber(value);
        if (place === undefined || number === undefined) return;
        line.values[place] = number;
        line.weights[place] = 1;
      });
      return line;
    }),
  };
}

/** The table with a sample that just arrived, in its bucket; a late one fills in its own past. */
export function addSample(
  table: Table,
  sample: Readonly<{ tags: Tags; time: number; value: FieldValue | undefined }>,
  agg: Aggregation,
): Table {
  const place = bucketOf(sample.time, table.grid);
  const value = toNumber(sample.value);
  if (place === undefined || value === undefined) return table;
  const known = table.lines.some(({ tags }) => sameTags(tags, sample.tags));
  const lines = known ? table.lines : [...table.lines, emptyLine(sample.tags, table.grid)];
  return {
    ...table,
    lines: lines.map((line) => (sameTags(line.tags, sample.tags) ? merged(line, place, value, agg) : line)),
  };
}

function merged(line: Line, place: number, value: number, agg: Aggregation): Line {
  const before = line.values[place] ?? null;
  const weight = line.weights[place] ?? 0;
  const values = [...line.values];
  const weights = [...line.weights];
  values[place] = before === null ? value : combine(before, weight, value, agg);
  weights[place] = weight + 1;
  return { ...line, values, weights };
}

function combine(before: number, weight: number, value: number, agg: Aggregation): number {
  switch (agg) {
    case 'mean':
      return (before * weight + value) / (weight + 1);
    case 'max':
      return Math.max(before, value);
    case 'min':
      return Math.min(before, value);
    case 'sum':
      return before + value;
    case 'last':
      return value;
  }
}

/** The same table on a later grid of the same step: the past leaves on the left, room for the present on the right. */
export function slideTable(table: Table, grid: Grid): Table {
  const shift = Math.round((grid.from - table.grid.from) / grid.every);
  if (shift === 0) return table;
  const at = <T>(values: readonly T[], none: T): T[] =>
    Array.from({ length: grid.count }, (_, index) => values[index + shift] ?? none);
  return {
    grid,
    lines: table.lines.map(({ tags, values, weights }) => ({
      tags,
      values: at(values, null),
      weights: at(weights, 0),
    })),
  };
}

/** Tags of the measurement are compared, those that the hub adds (where the agent lives) are not. */
export function sameTags(a: Tags, b: Tags): boolean {
  return ['link', 'target', 'interface'].every((name) => a[name] === b[name]);
}

function emptyLine(tags: Tags, grid: Grid): { tags: Tags; values: (number | null)[]; weights: number[] } {
  return {
    tags,
    values: new Array<number | null>(grid.count).fill(null),
    weights: new Array<number>(grid.count).fill(0),
  };
}

function bucketOf(time: number, grid: Grid): number | undefined {
  const place = Math.floor((time - grid.from) / grid.every);
  return place >= 0 && place < grid.count ? place : undefined;
}

function toNumber(value: FieldValue | null | undefined): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : undefined;
}

/** More than so many usual intervals without a value is a gap. */
const gapIntervals = 3;

/**
 * Tells gaps from the empty buckets between two runs of a probe that measures less often than a bucket is wide. Empty
 * buckets between runs become undefined (a line goes on over them), gaps stay null (it breaks).
 */
export function bridge(values: readonly (number | null)[]): (number | null | undefined)[] {
  const known = values.flatMap((value, index) => (value === null ? [] : [index]));
  const distances = known.slice(1).map((index, at) => index - (known[at] ?? index));
  const usual = distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1;
  const result: (number | null | undefined)[] = [...values];
  for (let at = 1; at < known.length; at += 1) {
    const [from, to] = [known[at - 1] ?? 0, known[at] ?? 0];
    if (to - from <= usual * gapIntervals) result.fill(undefined, from + 1, to);
  }
  return result;
}

/** The nearest place with a value, at most `reach` away; undefined where there is none. */
export function nearestKnown(
  values: ArrayLike<number | null | undefined>,
  place: number,
  reach: number,
): number | undefined {
  for (let away = 0; away <= reach; away += 1) {
    if (values[place - away] != null) return place - away;
    if (values[place + away] != null) return place + away;
  }
  return undefined;
}

/** The value at the end of a line, at most `reach` places from it; what is older is not of now. */
export function presentOf(values: ArrayLike<number | null | undefined>, reach: number): number | undefined {
  const place = nearestKnown(values, values.length - 1, reach);
  return place === undefined ? undefined : (values[place] ?? undefined);
}

/**
 * Where none of the bridged lines has anything, as spans from the first to the last empty place. At the end a few empty
 * places are usual: what fills them is on its way.
 */
export function silences(
  lines: readonly (readonly (number | null | undefined)[])[],
  count: number,
  reach: number,
): [from: number, to: number][] {
  const spans: [number, number][] = [];
  for (let place = 0; place < count; place += 1) {
    if (lines.some((values) => values[place] !== null)) continue;
    const last = spans.at(-1);
    if (last !== undefined && last[1] === place - 1) last[1] = place;
    else spans.push([place, place]);
  }
  const end = spans.at(-1);
  return end !== undefined && end[1] === count - 1 && end[1] - end[0] < reach ? spans.slice(0, -1) : spans;
}
