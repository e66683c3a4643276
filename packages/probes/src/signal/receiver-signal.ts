import type { Fields } from '@tongtang/model/sample';
import { linkMargin } from '@tongtang/satellite/link-margin';
import { esN0FromEbN0 } from '@tongtang/satellite/modcod';
import { parseModulation } from './modulation.ts';

/** The figures that receivers tell, under the names and in the units of the catalogue (`signal`). */
export const signalFigures = [
  'cn_db',
  'ebn0_db',
  'level_dbm',
  'level_ratio',
  'quality_ratio',
  'ber_pre',
  'ber_post',
  'per',
  'uncorrected',
  'symbol_rate',
  'frequency_hz',
] as const;
export type SignalFigure = (typeof signalFigures)[number];

/** What a receiver told in one answer, whichever way it was asked. */
export type ReceiverSignal = Readonly<{
  locked: boolean;
  /** What it does not tell is absent, never zero. */
  figures: Readonly<Partial<Record<SignalFigure, number>>>;
  /** `DVB-S2 8PSK 3/4`, or whatever else it calls it. */
  modulation?: string | undefined;
  /** Values and units as they were told, by the receiver's own names. */
  told: Readonly<Record<string, string>>;
}>;

/** Of one value, which may be anything that a device sends. Characters. */
const longestValue = 64;
/** A line on the wire has no more (clause L-9). Characters. */
const longestRaw = 500;

/**
 * The fields of `signal`. The margin is Es/N0 above the threshold of the modulation, where both are known and there is lock;
 * a figure that cannot be (a ratio above one, a negative count) is left out, and stands in `raw` alone. So is a C/N or level of
 * nought: devices write it where they know none, and a margin made of it would be an alarm about nothing.
 */
export function signalFields({ locked, figures, modulation, told }: ReceiverSignal): Fields {
  const possible: Partial<Record<SignalFigure, number>> = {};
  for (const name of signalFigures) {
    const value = figures[name];
    if (value !== undefined && isPossible[kindOf(name)](value)) possible[name] = value;
  }
  const margin = marginDb(locked, possible, modulation);
  return {
    locked,
    ...possible,
    ...(margin !== undefined && { margin_db: margin }),
    ...(modulation !== undefined && { modulation: inOneLine(modulation) }),
    raw: rawOf(told),
  };
}

function marginDb(
  locked: boolean,
  { cn_db: cnDb, ebn0_db: ebN0Db }: ReceiverSignal['figures'],
  name: string | undefined,
): number | undefined {
  const modulation = name === undefined ? undefined : parseModulation(name);
  if (modulation === undefined) return undefined;
  const esN0Db = cnDb ?? (ebN0Db === undefined ? undefined : esN0FromEbN0(ebN0Db, modulation));
  return linkMargin(modulation, { locked, esN0Db }).marginDb;
}

const isPossible = {
  decibels: (value: number) => Number.isFinite(value) && value !== 0,
  ratio: (value: number) => value >= 0 && value <= 1,
  count: (value: number) => Number.isSafeInteger(value) && value >= 0,
} as const;

function kindOf(name: SignalFigure): keyof typeof isPossible {
  switch (name) {
    case 'cn_db':
    case 'ebn0_db':
    case 'level_dbm':
      return 'decibels';
    case 'uncorrected':
    case 'symbol_rate':
    case 'frequency_hz':
      return 'count';
    default:
      return 'ratio';
  }
}

/** `lock=1; C/N=< 3 dB` */
function rawOf(told: ReceiverSignal['told']): string {
  return Object.entries(told)
    .map(([name, value]) => `${name}=${inOneLine(value)}`)
    .join('; ')
    .slice(0, longestRaw);
}

function inOneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, longestValue);
}
