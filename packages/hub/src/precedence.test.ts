import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { precedence } from './precedence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Seconds in which something is urgent, or nothing is. */
type Spell = Readonly<{ urgent: boolean; seconds: number }>;

/** Looks twice a second, as all do that wait. @returns how long it had to wait in each spell, in seconds */
function waitedIn(spells: readonly Spell[]): number[] {
  let isUrgent = false;
  const mustWait = precedence(() => isUrgent);
  return spells.map(({ urgent, seconds }) => {
    isUrgent = urgent;
    let waited = 0;
    for (let half = 0; half < 2 * seconds; half += 1) {
      if (mustWait()) waited += 0.5;
      vi.advanceTimersByTime(500);
    }
    return waited;
  });
}

describe('what can wait', () => {
  it('waits while something is urgent, and no longer', () => {
    const spells = [
      { urgent: true, seconds: 42 },
      { urgent: false, seconds: 60 },
      { urgent: true, seconds: 90 },
    ];
    expect(waitedIn(spells)).toEqual([42, 0, 90]);
  });

  it('waits for two minutes at most, and then has two for itself, however long something is urgent', () => {
    const minutes = Array.from({ length: 12 }, () => ({ urgent: true, seconds: 60 }));
    expect(waitedIn(minutes)).toEqual([60, 60, 0, 0, 60, 60, 0, 0, 60, 60, 0, 0]);
  });

  it('waits again as long after a night in which nobody looked', () => {
    const mustWait = precedence(() => true);
    expect(mustWait()).toBe(true);
    vi.advanceTimersByTime(8 * 3_600_000);
    expect(mustWait()).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(mustWait()).toBe(true);
  });

  it('has all but a minute of half of the time, in whatever way something is urgent on and off', () => {
    const spell = fc.record({ urgent: fc.boolean(), seconds: fc.integer({ min: 1, max: 200 }) });
    fc.assert(
      fc.property(fc.array(spell, { maxLength: 30 }), (spells) => {
        const seconds = spells.reduce((sum, one) => sum + one.seconds, 0);
        const waited = waitedIn(spells).reduce((sum, one) => sum + one, 0);
        expect(waited).toBeLessThanOrEqual(seconds / 2 + 60);
      }),
    );
  });
});
