import { describe, expect, it } from 'vitest';
import { Allowances } from './allowances.ts';

describe('what agents may make the hub read', () => {
  it('is three batches of the most samples at once, and 5,000 samples a second in the long run', () => {
    let nowMs = 0;
    const allowances = new Allowances(() => nowMs);
    let read = 0;
    for (; nowMs < 600_000; nowMs += 25)
      if (allowances.admits('flood')) {
        allowances.charge('flood', 20_000);
        read += 20_000;
      }
    expect(read).toBeGreaterThanOrEqual(60_000 + 600 * 5000);
    expect(read).toBeLessThanOrEqual(80_000 + 600 * 5000);
    expect(allowances.admits('honest')).toBe(true);
  });

  it('is never used up by the fastest backlog of an honest agent', () => {
    let nowMs = 0;
    const allowances = new Allowances(() => nowMs);
    for (; nowMs < 600_000; nowMs += 400) {
      expect(allowances.admits('honest')).toBe(true);
      allowances.charge('honest', 1000);
    }
  });

  it('is forgotten of those heard of longest ago, where there are more than any hub has', () => {
    const allowances = new Allowances(() => 0);
    allowances.charge('first', 1e6);
    allowances.charge('second', 1e6);
    for (let agent = 0; agent < 19_998; agent += 1) allowances.charge(`agent ${agent}`, 1);
    allowances.charge('first', 1);
    allowances.charge('one more', 1);
    expect([allowances.admits('first'), allowances.admits('second')]).toEqual([false, true]);
  });
});
