import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOpinionScore } from './mean-opinion-score.ts';

/** R of a score above 1 and up to that of R 100: the closed form that ITU-T G.107 has in its annex B. */
function ratingOf(score: number): number {
  const root = 15 * Math.sqrt(-903_522 + 1_113_960 * score - 202_500 * score ** 2);
  const h = Math.atan2(root, 18_566 - 6750 * score) / 3;
  return (20 / 3) * (8 - Math.sqrt(226) * Math.cos(h + Math.PI / 3));
}

describe('the mean opinion score', () => {
  it.each([
    [-3, 1],
    [0, 1],
    [5.723, 1],
    [6.5, 1],
    [50, 2.575],
    [55.985, 2.89],
    [60, 3.1],
    [70, 3.597],
    [73.413, 3.753],
    [75.112, 3.827],
    [80, 4.024],
    [80.692, 4.05],
    [89.397, 4.324],
    [90, 4.339],
    [93.2, 4.4093],
    [104, 4.5],
  ])('of R %d is %d', (r, score) => {
    expect(Math.abs(meanOpinionScore(r) - score)).toBeLessThan(0.0005);
  });

  const rating = fc.double({ min: -50, max: 150, noNaN: true });

  it('is from 1 to 4.5, and never better for a lower R', () => {
    fc.assert(
      fc.property(rating, rating, (a, b) => {
        const [low, high] = [meanOpinionScore(Math.min(a, b)), meanOpinionScore(Math.max(a, b))];
        expect(low).toBeGreaterThanOrEqual(1);
        expect(high).toBeLessThanOrEqual(4.5);
        expect(low).toBeLessThanOrEqual(high + 1e-12);
      }),
    );
  });

  it('leads back to its R by the formula of the standard', () => {
    fc.assert(
      fc.property(fc.double({ min: 7, max: 99.5, noNaN: true }), (r) => {
        expect(ratingOf(meanOpinionScore(r))).toBeCloseTo(r, 1);
      }),
    );
  });
});
