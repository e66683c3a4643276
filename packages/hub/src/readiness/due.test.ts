import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDue } from './due.ts';

const start = 1_790_000_000;

describe('the checks of a lesson', () => {
  it.each([
    ['too early', 901, undefined, false],
    ['in time for the first', 900, undefined, true],
    ['after the first', 890, 900, false],
    ['before the last', 301, 900, false],
    ['in time for the last', 300, 900, true],
    ['after the last', 290, 300, false],
    ['after a first that was late', 300, 400, true],
    ['when both were missed', 20, undefined, true],
    ['when the lesson has begun', 0, undefined, false],
  ])('%s', (_, left, checkedLeft, due) => {
    const checkedAt = checkedLeft === undefined ? undefined : start - checkedLeft;
    expect(isDue(start, checkedAt, start - left)).toBe(due);
  });

  it('are two at most and one at least, whenever the hub looks before the lesson', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 2000 }), { minLength: 1 }), (lefts) => {
        let checkedAt: number | undefined;
        let checks = 0;
        for (const left of lefts.toSorted((a, b) => b - a))
          if (isDue(start, checkedAt, start - left)) {
            checkedAt = start - left;
            checks += 1;
          }
        expect(checks).toBeLessThanOrEqual(2);
        expect(checks > 0).toBe(lefts.some((left) => left > 0 && left <= 900));
      }),
    );
  });
});
