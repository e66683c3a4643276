import { marginLimits } from '@tongtang/model/link';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkMargin } from './link-margin.ts';
import {
  type DvbS2Modcod,
  type DvbSRate,
  dvbS,
  dvbS2,
  efficiencyOf,
  esN0FromEbN0,
  esN0FromOccupiedCn,
  type Modulation,
  thresholdEsN0Db,
} from './modcod.ts';

const isModcod = (name: string): name is DvbS2Modcod => name in dvbS2;
const isRate = (name: string): name is DvbSRate => name in dvbS;
const modulations: Modulation[] = [
  ...Object.keys(dvbS2)
    .filter(isModcod)
    .map((modcod) => ({ standard: 'DVB-S2', modcod }) as const),
  ...Object.keys(dvbS)
    .filter(isRate)
    .map((rate) => ({ standard: 'DVB-S', rate }) as const),
];
const psk8 = { standard: 'DVB-S2', modcod: '8PSK 2/3' } as const;

describe('thresholds', () => {
  it('are those of 28 MODCODs and 5 inner rates', () => {
    expect(modulations).toHaveLength(33);
  });

  it.each([
    ['QPSK 1/4', 0.75],
    ['QPSK 3/5', 1.48],
    ['8PSK 3/4', 4.43],
    ['16APSK 9/10', 7.61],
    ['32APSK 9/10', 9.56],
  ] as const)('of %s as Eb/N0 is %d dB', (modcod, ebN0Db) => {
    const modulation = { standard: 'DVB-S2', modcod } as const;
    expect(thresholdEsN0Db(modulation)).toBeCloseTo(esN0FromEbN0(ebN0Db, modulation), 1);
  });

  it.each([
    ['1/2', 4.15],
    ['2/3', 5.89],
    ['3/4', 6.91],
    ['5/6', 7.86],
    ['7/8', 8.48],
  ] as const)('of DVB-S at rate %s as Es/N0 is %d dB', (rate, esN0Db) => {
    expect(thresholdEsN0Db({ standard: 'DVB-S', rate })).toBeCloseTo(esN0Db, 2);
  });

  it.each(modulations)('do not promise more than Shannon allows: %o', (modulation) => {
    const capacity = Math.log2(1 + 10 ** (thresholdEsN0Db(modulation) / 10));
    expect(efficiencyOf(modulation)).toBeLessThan(capacity);
    // DVB-S2 reaches 70 % of it and more; a slip of digits in the table would not.
    if (modulation.standard === 'DVB-S2') expect(efficiencyOf(modulation)).toBeGreaterThan(capacity * 0.7);
  });

  it.each(['QPSK', '8PSK', '16APSK', '32APSK'])('of %s rise with what a symbol carries', (constellation) => {
    const table = Object.entries(dvbS2).filter(([name]) => name.startsWith(`${constellation} `));
    expect(table.length).toBeGreaterThanOrEqual(5);
    for (const [index, [, { esN0Db, efficiency }]] of table.entries()) {
      const last = table[index - 1]?.[1];
      if (last === undefined) continue;
      expect(esN0Db).toBeGreaterThan(last.esN0Db);
      expect(efficiency).toBeGreaterThan(last.efficiency);
    }
  });

  it('make 66.8 Mbit/s of 30 Msymbol/s 8PSK 3/4', () => {
    expect(30 * efficiencyOf({ standard: 'DVB-S2', modcod: '8PSK 3/4' })).toBeCloseTo(66.8, 1);
  });
});

describe('C/N', () => {
  it.each([
    [0.2, 0.79],
    [0.25, 0.97],
    [0.35, 1.3],
  ])('in the occupied bandwidth at roll-off %d is below Es/N0 by %d dB', (rollOff, difference) => {
    expect(esN0FromOccupiedCn(8, rollOff) - 8).toBeCloseTo(difference, 2);
  });
});

describe('the link margin', () => {
  it('is what is left above threshold and losses', () => {
    const margin = linkMargin(psk8, { locked: true, esN0Db: 9.2 }, 0.8);
    expect(margin.state).toBe('degraded');
    expect(margin.marginDb).toBeCloseTo(1.78, 6);
  });

  it('counts 1 dB of losses for DVB-S2, none for DVB-S, whose figures have them', () => {
    expect(linkMargin(psk8, { locked: true, esN0Db: 9.62 }).marginDb).toBeCloseTo(2, 6);
    const rate34 = { standard: 'DVB-S', rate: '3/4' } as const;
    expect(linkMargin(rate34, { locked: true, esN0Db: 8.91 }).marginDb).toBeCloseTo(2, 2);
  });

  it.each([
    [-0.01, 'failed'],
    [marginLimits.failed, 'critical'],
    [1.49, 'critical'],
    [marginLimits.critical, 'degraded'],
    [2.99, 'degraded'],
    [marginLimits.degraded, 'good'],
    [12, 'good'],
  ])('of %d dB is %s', (marginDb, state) => {
    // From zero upwards, so that adding and subtracting leave no rounding.
    const zero = { standard: 'DVB-S2', modcod: 'QPSK 1/2' } as const;
    expect(linkMargin(zero, { locked: true, esN0Db: 1 + marginDb }, 0).state).toBe(state);
  });

  it('is failed without lock, whatever C/N is still shown, and unknown without C/N', () => {
    expect(linkMargin(psk8, { locked: false, esN0Db: 15 })).toEqual({ state: 'failed' });
    expect(linkMargin(psk8, { locked: true })).toEqual({ state: 'unknown' });
  });

  it('never gets worse with a better signal', () => {
    const rank = { failed: 0, critical: 1, degraded: 2, good: 3, unknown: -1 };
    const anyDb = fc.double({ min: -10, max: 30, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...modulations), anyDb, anyDb, (modulation, a, b) => {
        const [worse, better] = [Math.min(a, b), Math.max(a, b)].map(
          (esN0Db) => rank[linkMargin(modulation, { locked: true, esN0Db }).state],
        );
        expect(worse).toBeLessThanOrEqual(better ?? -1);
      }),
    );
  });
});
