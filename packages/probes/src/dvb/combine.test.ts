import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine } from './combine.ts';
import { parseDvbFeTool } from './dvb-fe-tool.ts';

const read = (...lines: string[]) => combine(parseDvbFeTool(lines.join('\n')));
const good = 'Lock   (0x1f) Signal= -48.00dBm C/N= 10.60dB UCB= 370 postBER= 0';
const trouble = '       (0x00) Signal= 0.00dBm C/N= 0.00dB';

describe('the samples of a run', () => {
  it('have lost the lock only where most say so', () => {
    expect(read(good, trouble, good).locked).toBe(true);
    expect(read(good, trouble).locked).toBe(true);
    expect(read(trouble, good, trouble).locked).toBe(false);
    expect(read(trouble).locked).toBe(false);
  });

  it('give the median of what agrees with that, without the noughts of a driver in trouble', () => {
    const nought = 'Lock   (0x1f) Signal= 0.00dBm C/N= 0.00dB UCB= 0 postBER= 0';
    const better = 'Lock   (0x1f) Signal= -47.00dBm C/N= 10.80dB UCB= 371 postBER= 2.0x10^-6';
    expect(read(nought, good, trouble, better).figures).toEqual({
      level_dbm: -47.5,
      cn_db: expect.closeTo(10.7),
      uncorrected: 371,
      ber_post: 0,
    });
  });

  it('tell no C/N where there are noughts alone', () => {
    expect(read('Lock   (0x1f) C/N= 0.00dB', 'Lock   (0x1f) C/N= 0.00dB').figures).toEqual({});
  });

  it('do not take one nought of a counter for a reset', () => {
    expect(read(good, good, good.replace('370', '0')).figures.uncorrected).toBe(370);
  });

  it('keep a real C/N below nought', () => {
    expect(read('Lock   (0x1f) C/N= -1.50dB').figures.cn_db).toBe(-1.5);
  });

  it('never give a figure that no sample is as low or as high as', () => {
    const sample = fc.record({
      locked: fc.boolean(),
      figures: fc.record({ cn_db: fc.double({ min: -5, max: 30, noNaN: true }) }, { requiredKeys: [] }),
      told: fc.constant({}),
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1 }), (samples) => {
        const { cn_db: cn } = combine(samples).figures;
        const all = samples.flatMap(({ figures }) => figures.cn_db ?? []);
        if (cn === undefined) return;
        expect(cn).toBeGreaterThanOrEqual(Math.min(...all));
        expect(cn).toBeLessThanOrEqual(Math.max(...all));
      }),
    );
  });
});
