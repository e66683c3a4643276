import { describe, expect, it } from 'vitest';
import { Throttle } from './throttle.ts';

describe('throttle', () => {
  it('waits double for each failure after the fifth, never more than 15 minutes', () => {
    const throttle = new Throttle(() => 1000);
    const waits = Array.from({ length: 20 }, () => {
      throttle.fail('zhang');
      return throttle.waitS('zhang', 'other');
    });
    expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16]);
    expect(waits.at(-1)).toBe(900);
    throttle.forgive('zhang');
    expect(throttle.waitS('zhang')).toBe(0);
  });

  it('holds a bounded number of names', () => {
    const throttle = new Throttle(() => 1000);
    for (let n = 0; n < 5; n += 1) throttle.fail('first');
    for (let n = 0; n < 10_000; n += 1) throttle.fail(`name ${n}`);
    expect(throttle.waitS('first')).toBe(0);
  });
});
