import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareShares, decimalOf, differenceOf } from './share.ts';

const share = fc
  .record({
    part: fc.integer({ min: -3_000_000, max: 3_000_000 }),
    of: fc.integer({ min: 1, max: 3_000_000 }),
  })
  .map(({ part, of }) => ({ part: Math.min(part, of), of }));

describe('a share', () => {
  it('is cut, never rounded up: what is not all does not print as all', () => {
    expect(decimalOf({ part: 999_999, of: 1_000_000 }, 2, 100)).toBe('99.99');
    expect(decimalOf({ part: 1, of: 1 }, 2, 100)).toBe('100.00');
    expect(decimalOf({ part: -1, of: 200 }, 2, 100)).toBe('-0.50');
    expect(decimalOf({ part: -1, of: 1_000_000 }, 2, 100)).toBe('-0.01');
    expect(decimalOf({ part: -1, of: 56 }, 2, 100)).toBe('-1.79');
    expect(decimalOf({ part: 7, of: 2 }, 0)).toBe('3');
    expect(decimalOf({ part: 0, of: 0 }, 2, 100)).toBeUndefined();
  });

  it('prints within a digit of what it is, and never above it', () => {
    fc.assert(
      fc.property(share, (one) => {
        const percent = Number(decimalOf(one, 2, 100));
        const hundredths = (one.part * 10_000) / one.of;
        expect(percent * 100).toBeLessThanOrEqual(hundredths + 1e-6);
        expect(percent * 100).toBeGreaterThan(hundredths - 1 - 1e-6);
      }),
    );
  });

  it('a difference is exact: added to the smaller it gives the larger', () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const { part, of } = differenceOf(a, b) ?? { part: 0, of: 0 };
        // b + part/of = a, by whole numbers.
        const sum = BigInt(b.part) * BigInt(of) + BigInt(part) * BigInt(b.of);
        expect(sum * BigInt(a.of)).toBe(BigInt(a.part) * BigInt(b.of) * BigInt(of));
        expect(Math.sign(part)).toBe(compareShares(a, b));
      }),
    );
    expect(differenceOf({ part: 1, of: 1 }, { part: 0, of: 0 })).toBeUndefined();
  });
});
