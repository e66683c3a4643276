import { describe, expect, it } from 'vitest';
import { Spacing } from './spacing.ts';

const minuteMs = 60_000;

/** When those go that would go at these times, in minutes. */
function goAt(spacing: Spacing, minutes: readonly number[]): number[] {
  return minutes.map((minute) => {
    const ms = Math.max(minute * minuteMs, spacing.freeMs);
    spacing.went(ms);
    return ms / minuteMs;
  });
}

describe('spacing', () => {
  it('lets some go at once, and then one each time', () => {
    expect(goAt(new Spacing(3, 5 * minuteMs), [0, 0, 1, 1, 1, 1])).toEqual([0, 0, 1, 5, 10, 15]);
  });

  it('lets as many go again as it had time for', () => {
    const spacing = new Spacing(3, 5 * minuteMs);
    expect(goAt(spacing, [0, 0, 0, 10, 10, 10])).toEqual([0, 0, 0, 10, 10, 15]);
    expect(goAt(spacing, [60, 60, 60, 60])).toEqual([60, 60, 60, 65]);
  });

  it('owes nothing for those that went without asking', () => {
    const spacing = new Spacing(3, 5 * minuteMs);
    for (let count = 0; count < 100; count += 1) spacing.went(0);
    expect(spacing.freeMs).toBe(5 * minuteMs);
  });

  it('lets what can wait not go soon after another', () => {
    const spacing = new Spacing(3, 5 * minuteMs);
    expect(spacing.quietMs).toBe(Number.NEGATIVE_INFINITY);
    spacing.went(0);
    expect(spacing.freeMs).toBeLessThan(0);
    expect(spacing.quietMs).toBe(5 * minuteMs);
  });
});
