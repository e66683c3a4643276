import type { MeasurementName, Place } from '@tongtang/model/catalogue';
import type { FieldValue } from '@tongtang/model/sample';
import type { DecodedSample } from '@tongtang/wire/line-protocol';
import type { Layer, Piece, Span } from './contents.ts';

/** Samples of one agent with the place where it lives, as the inventory says it. */
export type PlacedSamples = Readonly<{ place: Place; samples: readonly DecodedSample[] }>;

export const aggregations = ['mean', 'min', 'max', 'sum', 'count', 'last'] as const;
export type Aggregation = (typeof aggregations)[number];

export type SeriesQuery = Readonly<{
  measurement: string;
  field: string;
  /** Only series that have these tags with exactly these values; place tags and the measurement's own. */
  tags: Readonly<Record<string, string>>;
  /** Seconds, inclusive. */
  from: number;
  /** Seconds, exclusive. */
  to: number;
  /**
   * Width of a bucket in whole seconds; buckets start at multiples of it. Absent: every sample as it is, and where
   * only minutes are left, their aggregate.
   */
  every?: number;
  /** Booleans count as 0 and 1, so that their mean is a ratio; texts have `last` and `count` only. */
  agg: Aggregation;
}>;

/** One time axis for all series; null where a series has nothing. Times are starts of buckets, in seconds. */
export type SeriesResult = Readonly<{
  times: readonly number[];
  series: readonly Readonly<{
    tags: Readonly<Record<string, string>>;
    values: readonly (FieldValue | null)[];
  }>[];
}>;

/** Which samples of one agent are read as they were measured. */
export type SamplesQuery = Readonly<{
  agent: string;
  measurement: string;
  /** Only these; samples that have none of them are left out. */
  fields: readonly string[];
  /** Seconds, inclusive. */
  from: number;
  /** Seconds, exclusive. */
  to: number;
  /** For so many who asks has room: a stolen or broken agent may have measured anything. */
  most: number;
}>;

/** A sample without the place where it was measured. */
export type StoredSample = Readonly<{
  measurement: string;
  tags: Readonly<Record<string, string>>;
  time: number;
  fields: Readonly<Record<string, FieldValue>>;
}>;

/** A measurement, field or tag that the catalogue does not have. */
export class UnknownSeries extends Error {}

/** A query that can be understood and not answered: too many values, or an aggregation that the field has not. */
export class UnfitQuery extends Error {}

/** The most values of one series that a query may ask for. */
export const valuesPerSeries = 20_000;

/**
 * The most values of all series together, gaps included: some 100 MB while the answer is made. An hour of minutes of
 * three targets at each of 5,000 agents is just below it.
 */
export const valuesInAnswer = 1_000_000;

/** A point that the store will never take, however often it is tried. */
export type Refusal = Readonly<{ agent: string; line: string; reason: string }>;
export type Written = Readonly<{ refused: readonly Refusal[] }>;

/**
 * The most series (measurement and tags) of one agent at one place that are kept. An honest one has some fifty; a stolen or broken
 * one could make half a million, which every page, rollup and retention run would then have to go through.
 */
export const seriesPerAgent = 1000;

/** Why a point of a further series is refused. */
export const tooManySeries = `the agent has ${seriesPerAgent} series already`;

/** How long data are kept. Older points are neither kept nor accepted. */
export const retention = { rawS: 30 * 86_400, minuteS: 730 * 86_400 } as const;

/**
 * Telemetry, kept for good. (measurement, tags, time) is the key: late and repeated points overwrite, fields merge.
 * Every implementation passes the suite in telemetry.contract.ts.
 */
export interface TelemetryStore {
  /**
   * Resolves when all of it is durable but for what the store refuses for good (too old, a series too many, field type conflict); rejects
   * when none or only a part is, and then writing again is safe.
   */
  write(batches: readonly PlacedSamples[]): Promise<Written>;
  /**
   * Reads raw points, or the minute rollup where the raw ones are gone or `every` and the range are long enough that
   * it is cheaper. With `every` the axis holds every bucket of the range, so that a gap is seen as one.
   * @throws UnknownSeries, UnfitQuery
   */
  series(query: SeriesQuery): Promise<SeriesResult>;
  /**
   * Raw samples of one agent, those of each series in the order of time; nothing where they are past their retention.
   * @throws UnknownSeries; UnfitQuery where there are more than there is room for, of which no more than that was read
   */
  samples(query: SamplesQuery): Promise<readonly StoredSample[]>;
  /** Brings rollups up to date, late data included, and removes what is past its retention. Run every minute. */
  maintain(nowS: number): Promise<void>;
  /** All that it holds of a measurement, piece by piece, and every series in order of time: to be taken elsewhere. */
  contents(layer: Layer, measurement: MeasurementName, span: Span): AsyncIterable<Piece>;
  /**
   * Puts in what another store gave: as it is, however old, and nothing is late because of it. What is there already is
   * overwritten. Resolves when all of it is durable.
   * @throws (rejects) where a piece is refused; a part may be stored then
   */
  restore(pieces: readonly Piece[]): Promise<void>;
  /** Resolves when the store can be written and read; rejects with what is wrong. */
  check(): Promise<void>;
  close(): Promise<void>;
}
