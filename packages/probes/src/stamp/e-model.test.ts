import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Codec, transmissionRating } from './e-model.ts';

/** ITU-T G.113, table I.4. */
const concealed: Codec = { impairment: 0, lossRobustness: 25.1 };
const bare: Codec = { impairment: 0, lossRobustness: 4.3 };
const g729a: Codec = { impairment: 11, lossRobustness: 19 };

const rating = (delayMs: number, lossPercent = 0, burstRatio = 1, codec = concealed): number =>
  transmissionRating({ delayMs, lossPercent, burstRatio }, codec);

/** Impairment by delay, against its rating at 93.2 without any. */
const delayTable = [
  [50, 0],
  [100, 0],
  [120, 0.001],
  [150, 0.164],
  [177.3, 1.172],
  [200, 3.044],
  [250, 8.917],
  [280, 12.508],
  [300, 14.761],
  [350, 19.811],
  [400, 24.07],
  [500, 30.636],
  [600, 35.247],
  [800, 40.832],
  [1000, 43.79],
] as const;

const delay = fc.double({ min: 0, max: 500, noNaN: true });
const percent = fc.double({ min: 0, max: 20, noNaN: true });
const burst = fc.double({ min: 1, max: 2, noNaN: true });
const codec = fc.constantFrom(concealed, bare, g729a);
const more = fc.double({ min: 0, max: 1, noNaN: true });
const rounding = 1e-9;

describe('the transmission rating', () => {
  it.each([
    [0, 0, concealed, 1, 93.2],
    [150, 1, concealed, 1, 89.397],
    [150, 1, bare, 1, 75.112],
    [280, 0, concealed, 1, 80.692],
    [280, 2, concealed, 1, 73.681],
    [280, 2, concealed, 2, 73.413],
    [300, 3, g729a, 1, 55.985],
    [560, 1, concealed, 1, 55.966],
    [50, 50, bare, 1, 5.723],
  ])(
    'of %d ms, %d %% of loss, codec %o, burst ratio %d is %d',
    (delayMs, lossPercent, codec, ratio, expected) => {
      expect(Math.abs(rating(delayMs, lossPercent, ratio, codec) - expected)).toBeLessThan(0.01);
    },
  );

  it.each(delayTable)('with a delay of %d ms loses %d', (delayMs, impairment) => {
    expect(93.2 - rating(delayMs)).toBeCloseTo(impairment, 3);
  });

  it('falls as delay rises', () => {
    fc.assert(
      fc.property(delay, more, percent, burst, codec, (at, further, loss, ratio, codec) => {
        const before = rating(at, loss, ratio, codec);
        const after = rating(at + 100 * further, loss, ratio, codec);
        expect(after).toBeLessThanOrEqual(before + rounding);
        // By a point, where a tenth of a second comes on top of what is not felt.
        if (at >= 100 && further === 1) expect(after).toBeLessThan(before - 1);
      }),
      { examples: [[100, 1, 0, 1, concealed]] },
    );
  });

  it('falls as loss rises, and as losses come together', () => {
    fc.assert(
      fc.property(delay, percent, more, burst, more, codec, (at, loss, further, ratio, together, codec) => {
        const before = rating(at, loss, ratio, codec);
        const after = rating(at, loss + further, ratio, codec);
        expect(after).toBeLessThanOrEqual(before + rounding);
        if (further > 0.01) expect(after).toBeLessThan(before);
        expect(rating(at, loss, ratio + together, codec)).toBeLessThanOrEqual(before + rounding);
      }),
      // So little more that the quotient of two rounded numbers comes out 1.4e-14 lower.
      {
        examples: [
          [97.08766720660556, 18.942000298859618, 3.134818306167686e-15, 1.532539901754075, 0, concealed],
        ],
      },
    );
  });

  it('is 93.2 at best, and positive within the limits of the model', () => {
    fc.assert(
      fc.property(delay, percent, burst, (at, loss, ratio) => {
        const found = rating(at, loss, ratio);
        expect(found).toBeLessThanOrEqual(93.2);
        expect(found).toBeGreaterThan(0);
      }),
    );
  });
});
