import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

describe('back-off', () => {
  it('doubles up to its ceiling and begins again after success', () => {
    const backoff = new Backoff(1000, 60_000, () => 1);
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
    backoff.reset();
    expect(backoff.next()).toBe(1000);
  });

  it('spreads each wait between half and all of its step, for ever', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (random, times) => {
          const backoff = new Backoff(500, 30_000, () => random);
          let wait = 0;
          for (let step = 0; step < times; step += 1) wait = backoff.next();
          expect(wait).toBeGreaterThanOrEqual(250);
          expect(wait).toBeLessThanOrEqual(30_000);
        },
      ),
    );
  });
});
