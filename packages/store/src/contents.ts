import type { MeasurementName } from '@tongtang/model/catalogue';
import type { Minute, Row } from './rollup/fold.ts';

/** Samples as they came, and the minutes that were made of them. */
export const layers = ['raw', 'minute'] as const;
export type Layer = (typeof layers)[number];

/** From `from` to before `to`, in seconds. */
export type Span = Readonly<{ from: number; to: number }>;

/**
 * What a store holds of one series, in the order of time: all of it or a piece. Values are in the order of the catalogue's
 * fields, null or undefined where there is none; booleans are 0 and 1.
 */
export type Piece = Readonly<{ measurement: MeasurementName; tags: Readonly<Record<string, string>> }> &
  (Readonly<{ layer: 'raw'; rows: readonly Row[] }> | Readonly<{ layer: 'minute'; rows: readonly Minute[] }>);
