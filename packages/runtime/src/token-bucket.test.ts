import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('gives the burst at once, and then so much a second', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 50 }, 0);
    expect(bucket.take(50, 0)).toBe(true);
    expect(bucket.take(1, 50)).toBe(false);
    expect(bucket.take(1, 100)).toBe(true);
    expect(bucket.take(51, 1e6)).toBe(false);
    expect(bucket.take(50, 1e6)).toBe(true);
  });

  it('is paid back before it gives again, where more was used than there was', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 50 }, 0);
    bucket.charge(100, 0);
    expect(bucket.take(1, 5000)).toBe(false);
    expect(bucket.take(1, 5100)).toBe(true);
  });

  it('never gives more than burst and rate together', () => {
    const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 60 })));
    fc.assert(
      fc.property(asks, (steps) => {
        const bucket = new TokenBucket({ perSecond: 20, burst: 50 }, 0);
        let nowMs = 0;
        let given = 0;
        for (const [passedMs, amount] of steps) {
          nowMs += passedMs;
          if (bucket.take(amount, nowMs)) given += amount;
          expect(given).toBeLessThanOrEqual(50 + (nowMs / 1000) * 20 + 1e-9);
        }
      }),
    );
  });
});
