import {
  definitionOf,
  fieldOf,
  hasTag,
  isMeasurement,
  type MeasurementName,
  placeTags,
} from '@tongtang/model/catalogue';
import type { FieldType } from '@tongtang/model/catalogue/definition';
import {
  type Aggregation,
  type SeriesQuery,
  UnfitQuery,
  UnknownSeries,
  valuesPerSeries,
} from '../telemetry.ts';

export type Layer = 'raw' | 'minute';

/** A part of the range that one layer answers. `to` is exclusive. */
export type Segment = Readonly<{ layer: Layer; from: number; to: number }>;

/** What a store can read: raw points from `rawFrom` on, minutes up to `minutesTo`; both multiples of 60. */
export type Reach = Readonly<{ rawFrom: number; minutesTo: number }>;

/** A query that has been checked, with the segments that answer it in the order of time. */
export type SeriesPlan = Readonly<{
  measurement: MeasurementName;
  field: string;
  type: FieldType;
  tags: Readonly<Record<string, string>>;
  from: number;
  to: number;
  every: number | undefined;
  agg: Aggregation;
  segments: readonly Segment[];
}>;

/** Raw points answer shorter ranges: they are exact to the second, and few enough. */
const minutesFromRangeS = 6 * 3600;

/**
 * Checks a query against the catalogue and says who answers which part of it.
 * @throws UnknownSeries, UnfitQuery
 */
export function planSeries(query: SeriesQuery, reach: Reach): SeriesPlan {
  const { measurement, field, tags, every, agg } = query;
  // Times of samples are whole seconds, so this changes nothing of what lies between.
  const [from, to] = [Math.ceil(query.from), Math.ceil(query.to)];
  if (!isMeasurement(measurement)) throw new UnknownSeries(`no measurement "${measurement}"`);
  const definition = fieldOf(measurement, field);
  if (definition === undefined) throw new UnknownSeries(`${measurement} has no field "${field}"`);
  for (const tag of Object.keys(tags))
    if (!hasTag(measurement, tag) && !placeTags.some((known) => known === tag))
      throw new UnknownSeries(`${measurement} has no tag "${tag}"`);
  if (!(from < to)) throw new UnfitQuery(`from ${from} is not before to ${to}`);
  if (every !== undefined) checkBuckets(from, to, every);
  if (definition.type === 'string' && every !== undefined && agg !== 'last' && agg !== 'count')
    throw new UnfitQuery(`${measurement}.${field} is a text: it has last and count, not ${agg}`);
  return {
    measurement,
    field,
    type: definition.type,
    tags,
    from,
    to,
    every,
    agg: definition.type === 'string' && agg !== 'count' ? 'last' : agg,
    segments: segmentsOf({ from, to, every }, reach),
  };
}

/** Every tag that a series of the measurement may have. */
export function tagNamesOf(measurement: MeasurementName): readonly string[] {
  return [...placeTags, ...definitionOf(measurement).tags];
}

/** @throws UnfitQuery that says how to ask for less */
export function refuseTooMany(): never {
  throw new UnfitQuery(`more than ${valuesPerSeries} values a series: widen "every" or shorten the range`);
}

/** How many buckets the axis of a range has: they begin at multiples of their width. */
export function bucketsIn(from: number, to: number, every: number): number {
  return Math.ceil((to - (from - (from % every))) / every);
}

function checkBuckets(from: number, to: number, every: number): void {
  if (!Number.isInteger(every) || every < 1)
    throw new UnfitQuery(`every is ${every}, not a whole number of seconds`);
  if ((to - from) / every > valuesPerSeries) refuseTooMany();
}

function segmentsOf(
  { from, to, every }: Pick<SeriesPlan, 'from' | 'to' | 'every'>,
  { rawFrom, minutesTo }: Reach,
): Segment[] {
  const cheaper = every !== undefined && every % 60 === 0 && to - from > minutesFromRangeS;
  const firstMinute = Math.ceil(from / 60) * 60;
  const minutesEnd = cheaper ? Math.min(to - (to % 60), minutesTo) : Math.min(to, rawFrom);
  if (minutesEnd <= firstMinute) return raw(Math.max(from, rawFrom), to);
  return [
    ...raw(Math.max(from, rawFrom), firstMinute),
    { layer: 'minute', from: firstMinute, to: minutesEnd },
    ...raw(Math.max(minutesEnd, rawFrom), to),
  ];
}

function raw(from: number, to: number): Segment[] {
  return from < to ? [{ layer: 'raw', from, to }] : [];
}
