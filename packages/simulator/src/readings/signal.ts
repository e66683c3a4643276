import type { Fields } from '@tongtang/model/sample';
import { errorsBelowDb, isLocked } from '../county/conditions.ts';
import { carrier } from '../county/dish.ts';
import type { Noise } from '../county/noise.ts';
import { between, decimals, failed } from './figures.ts';
import type { Moment } from './instruments.ts';

/** Standard deviation of what a receiver shows as C/N, dB. */
const scatterDb = 0.12;

/** What a receiver tells of its dish over SNMP. */
export function readSignal({ time, sinceS, conditions }: Moment, noise: Noise): Fields {
  const { cable, receiver, lnb, marginDb } = conditions;
  const draw = noise.draws(time);
  if (!cable) return failed('path', 'ENETUNREACH', between(draw, 1, 5));
  if (!receiver) return failed('path', 'timeout', between(draw, 6000, 6050));
  // An LNB that is dead feeds the receiver nothing; a shower takes some of the signal.
  const level = decimals(lnb ? -44 + 0.6 * (marginDb - 6) + 0.4 * noise.wander(time, 7200) : -68 - draw(), 1);
  if (!isLocked(conditions)) return { ok: true, locked: false, level_dbm: level, raw: 'lock=0' };
  const shown = decimals(carrier.thresholdDb + marginDb + scatterDb * normal(draw), 1);
  const bad = marginDb < errorsBelowDb;
  return {
    ok: true,
    locked: true,
    cn_db: shown,
    margin_db: decimals(shown - carrier.thresholdDb, 2),
    level_dbm: level,
    ber_pre: Number((2e-4 * 10 ** (-marginDb / 4)).toPrecision(3)),
    uncorrected: bad ? Math.ceil(between(draw, 1, 20) * sinceS) : 0,
    modulation: carrier.modulation,
    symbol_rate: carrier.symbolRate,
    frequency_hz: carrier.frequencyHz,
    raw: `lock=1; EsNo=${shown.toFixed(1)} dB`,
  };
}

/** A standard normal variate, from −3 to 3 (the sum of twelve uniform ones, Irwin and Hall, drawn in). */
function normal(draw: () => number): number {
  let sum = -6;
  for (let count = 0; count < 12; count += 1) sum += draw();
  return Math.min(3, Math.max(-3, sum));
}
