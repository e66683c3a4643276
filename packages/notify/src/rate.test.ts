import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAllowed, type RateLimit } from './rate.ts';

const limits: readonly RateLimit[] = [
  { sends: 5, withinS: 20 },
  { sends: 20, withinS: 60 },
];

describe('limits of a rate', () => {
  it('are never exceeded in any span, on the robot’s clock, however long each send is on its way', () => {
    const attempts = fc.array(
      fc.record({
        pauseS: fc.double({ min: 0, max: 30, noNaN: true }),
        wayS: fc.double({ min: 0, max: 8, noNaN: true }),
      }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(attempts, fc.double({ min: 0, max: 1, noNaN: true }), (each, share) => {
        let now = 1000;
        const answered: number[] = [];
        const arrived: number[] = [];
        for (const { pauseS, wayS } of each) {
          now = nextAllowed(limits, answered, now + pauseS);
          arrived.push(now + wayS * share);
          now += wayS;
          answered.push(now);
        }
        for (const { sends, withinS } of limits)
          for (const start of arrived)
            expect(arrived.filter((at) => at >= start && at <= start + withinS).length).toBeLessThanOrEqual(
              sends,
            );
      }),
    );
  });

  it('let through at once what they allow', () => {
    expect(nextAllowed(limits, [], 100)).toBe(100);
    expect(nextAllowed(limits, [96, 97, 98, 99], 100)).toBe(100);
    expect(nextAllowed(limits, [95, 96, 97, 98, 99], 100)).toBeCloseTo(115, 2);
    expect(nextAllowed(limits, [95, 96, 97, 98, 99], 116)).toBe(116);
  });
});
