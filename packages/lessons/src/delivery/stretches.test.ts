import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stretch } from './machine-minutes.ts';
import { united, without } from './stretches.ts';

const anyStretch: fc.Arbitrary<Stretch> = fc
  .tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => ({ from, to: from + length }));
const anyStretches = fc.array(anyStretch, { maxLength: 8 });
const isIn = (stretches: readonly Stretch[], time: number): boolean =>
  stretches.some(({ from, to }) => from <= time && time < to);
const seconds = [...Array(80).keys()];

describe('stretches of time', () => {
  it('are united where they overlap or touch, in whatever order they come', () => {
    expect(
      united([
        { from: 50, to: 60 },
        { from: 10, to: 20 },
        { from: 15, to: 17 },
        { from: 20, to: 30 },
      ]),
    ).toEqual([
      { from: 10, to: 30 },
      { from: 50, to: 60 },
    ]);
  });

  it('hold the same seconds when they are united, each in one, and none touches the next', () => {
    fc.assert(
      fc.property(anyStretches, (stretches) => {
        const all = united(stretches);
        for (const second of seconds) expect(isIn(all, second)).toBe(isIn(stretches, second));
        for (const [index, { from }] of all.entries())
          expect(all[index - 1]?.to ?? Number.NEGATIVE_INFINITY).toBeLessThan(from);
      }),
    );
  });

  it('without others are what is in none of them', () => {
    fc.assert(
      fc.property(anyStretch, anyStretches, (whole, others) => {
        const rest = without(whole, others);
        for (const second of seconds)
          expect(isIn(rest, second)).toBe(isIn([whole], second) && !isIn(others, second));
        expect(united(rest)).toEqual(rest);
      }),
    );
  });
});
