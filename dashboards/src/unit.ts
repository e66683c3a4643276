import type { Unit } from '@tongtang/model/catalogue/definition';
import { definitionOfReading, type Reading } from './influxql.ts';

/** Grafana's ids of units. */
export type GrafanaUnit =
  | 'ns'
  | 'ms'
  | 's'
  | 'd'
  | 'bps'
  | 'bytes'
  | 'dB'
  | 'dBm'
  | 'hertz'
  | 'percentunit'
  | 'sci'
  | 'short'
  | 'none'
  | 'bool'
  | 'string';

const units: Readonly<Record<Exclude<Unit, '' | '1'>, GrafanaUnit>> = {
  ns: 'ns',
  ms: 'ms',
  s: 's',
  d: 'd',
  'bit/s': 'bps',
  bytes: 'bytes',
  packets: 'short',
  dB: 'dB',
  dBm: 'dBm',
  Hz: 'hertz',
  Bd: 'short',
};

/** The unit that a reading's values have once they are aggregated: its own, or what the catalogue says. */
export function unitOf(reading: Reading & Readonly<{ unit?: GrafanaUnit }>): GrafanaUnit {
  if (reading.unit !== undefined) return reading.unit;
  if (reading.agg === 'count') return 'short';
  if (reading.agg === 'share') return 'percentunit';
  const { type, unit } = definitionOfReading(reading);
  if (type === 'string') return 'string';
  if (type === 'boolean') return 'bool';
  if (unit === '') return 'none';
  // The catalogue's 1 is a share, a count or a rating; shares say so in their name, and errors of bits are millionths.
  if (unit === '1') return /_ratio$/.test(reading.field) ? 'percentunit' : type === 'float' ? 'sci' : 'short';
  return units[unit];
}
