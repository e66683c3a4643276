import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErrorCounters } from './error-counters.ts';

describe('a counter of uncorrected packets', () => {
  it('tells what came since it was read before, and nothing at first', () => {
    const counters = new ErrorCounters();
    expect([370, 370, 375].map((total) => counters.grownBy('dish', total))).toEqual([undefined, 0, 5]);
  });

  it('counts from nought after a reset: no packet is negative, none is counted twice', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(1000), { minLength: 1 })), (bootsOfReceiver) => {
        const counters = new ErrorCounters();
        let seen = counters.grownBy('dish', 0) ?? 0;
        for (const errors of bootsOfReceiver) {
          let total = 0;
          for (const more of errors) {
            total += more;
            seen += counters.grownBy('dish', total) ?? Number.NaN;
          }
        }
        const happened = bootsOfReceiver.flat().reduce((sum, errors) => sum + errors, 0);
        expect(seen).toBeLessThanOrEqual(happened);
        expect(seen).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is no packet where it is no count', () => {
    const counters = new ErrorCounters();
    expect([5, -1, 0.5, Number.NaN, 7].map((total) => counters.grownBy('dish', total))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      2,
    ]);
  });

  it('keeps receivers apart, and forgets those that are not read any more', () => {
    const counters = new ErrorCounters();
    counters.grownBy('gone', 1);
    for (let dish = 0; dish < 500; dish += 1) counters.grownBy(`dish ${dish}`, dish);
    expect(counters.grownBy('dish 499', 500)).toBe(1);
    expect(counters.grownBy('gone', 2)).toBeUndefined();
  });
});
