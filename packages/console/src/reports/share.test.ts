import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareShares, meets, percentText, printedDifference } from './share.ts';

describe('a share in per cent', () => {
  it('is cut downward, so that nothing reads as better than it is', () => {
    expect(percentText({ part: 99_996, of: 100_000 })).toBe('99.99 %');
    expect(percentText({ part: 1, of: 1 })).toBe('100.00 %');
    expect(percentText({ part: 1, of: 3 })).toBe('33.33 %');
    expect(percentText({ part: 1, of: 20_000 })).toBe('0.00 %');
  });

  it('is a dash where nothing is known', () => {
    expect(percentText({ part: 0, of: 0 })).toBe('–');
  });
});

const share = fc
  .tuple(fc.nat({ max: 1e9 }), fc.nat({ max: 1e9 }))
  .map(([one, other]) => ({ part: Math.min(one, other), of: Math.max(one, other) }));

describe('an objective', () => {
  it('is met by what is exactly as good, and not by what is printed the same', () => {
    const objective = { part: 9950, of: 10_000 };
    expect(meets({ part: 199, of: 200 }, objective)).toBe(true);
    expect(meets({ part: 99_499_999, of: 100_000_000 }, objective)).toBe(false);
    expect(meets({ part: 0, of: 0 }, objective)).toBeUndefined();
  });

  it('is met by every share that is not smaller', () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        fc.pre(a.of > 0 && b.of > 0);
        expect(meets(a, b)).toBe(compareShares(a, b) >= 0);
      }),
    );
  });
});

describe('the order of shares', () => {
  it('has what is unknown before all others', () => {
    const unknown = { part: 0, of: 0 };
    expect(compareShares(unknown, { part: 0, of: 1 })).toBeLessThan(0);
    expect(compareShares(unknown, unknown)).toBe(0);
    expect(compareShares({ part: 1, of: 2 }, { part: 1, of: 3 })).toBeGreaterThan(0);
  });
});

describe('the difference of two printed figures', () => {
  it('has as many digits as they have', () => {
    expect(printedDifference('99.10', '99.50')).toBe('+0.40');
    expect(printedDifference('12', '9')).toBe('-3');
    expect(printedDifference('1.5', '1.5')).toBe('0.0');
  });

  it('is none where there is no number', () => {
    expect(printedDifference(undefined, '1')).toBeUndefined();
    expect(printedDifference('1', '–')).toBeUndefined();
  });

  it('leads from one to the other', () => {
    const hundredths = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        const difference = printedDifference((a / 100).toFixed(2), (b / 100).toFixed(2));
        expect(Math.round(Number(difference) * 100)).toBe(b - a);
      }),
    );
  });
});
