import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, gridOf, readRange, recentNames, type TimeRange, writeRange } from './range.ts';

const anyRange: fc.Arbitrary<TimeRange> = fc.oneof(
  fc.constantFrom(...recentNames).map((name) => ({ kind: 'recent' as const, name })),
  fc
    .tuple(fc.integer({ min: 1, max: 2e9 }), fc.integer({ min: 1, max: 6e7 }))
    .map(([from, span]) => ({ kind: 'fixed' as const, from, to: from + span })),
);

describe('a range in the address', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        expect(readRange(writeRange(range))).toEqual(range);
      }),
    );
  });

  it('is an hour where it is missing or makes no sense', () => {
    const hour = { kind: 'recent', name: '1h' };
    expect(readRange({})).toEqual(hour);
    expect(readRange({ range: 'toString' })).toEqual(hour);
    expect(readRange({ from: '2026-11-24T08:00:00Z', to: '2026-11-24T07:00:00Z' })).toEqual(hour);
  });
});

describe('the grid of a range', () => {
  it('covers the range in 401 buckets at most, which begin at multiples of their width', () => {
    fc.assert(
      fc.property(anyRange, fc.integer({ min: 1e9, max: 3e9 }), (range, now) => {
        const grid = gridOf(range, now);
        expect(grid.count).toBeLessThanOrEqual(401);
        expect(grid.from % grid.every).toBe(0);
        if (range.kind === 'recent') {
          expect(endOf(grid)).toBeGreaterThan(now);
          expect(endOf(grid) - now).toBeLessThanOrEqual(grid.every);
        } else {
          expect(grid.from).toBeLessThanOrEqual(range.from);
          expect(endOf(grid)).toBeGreaterThanOrEqual(range.to);
        }
      }),
    );
  });
});
