import { describe, expect, it } from 'vitest';
import { daysOf, monthPeriod, periodBefore, rangePeriod, termPeriod } from './period.ts';

const bounds = ({ from, to }: { from: string; to: string }) => `${from} ${to}`;

describe('the period of a report', () => {
  it('a month has all its days, also in a leap year', () => {
    expect(monthPeriod('2028-02')).toMatchObject({ from: '2028-02-01', to: '2028-02-29' });
    expect(monthPeriod('2026-11')?.title).toEqual({ zh: '2026年11月', en: '2026-11' });
    for (const wrong of ['2026-13', '2026-1', 'november']) expect(monthPeriod(wrong)).toBeUndefined();
  });

  it('is compared with the month before, the term before, or as many days before', () => {
    const autumn = { name: 'autumn', from: '2026-09-01', to: '2027-01-15' };
    const spring = { name: 'spring', from: '2027-03-01', to: '2027-07-10' };
    const older = { name: 'older', from: '2026-03-01', to: '2026-07-10' };
    const january = monthPeriod('2027-01');
    expect(january && bounds(periodBefore(january, []))).toBe('2026-12-01 2026-12-31');
    expect(bounds(periodBefore(termPeriod(spring), [spring, autumn, older]))).toBe('2026-09-01 2027-01-15');
    expect(periodBefore(termPeriod(autumn), [autumn, spring]).kind).toBe('range');
    expect(bounds(periodBefore(rangePeriod('2026-11-08', '2026-11-14'), []))).toBe('2026-11-01 2026-11-07');
  });

  it('has its first and last day', () => {
    expect(daysOf(rangePeriod('2026-02-27', '2026-03-01'))).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
    ]);
    expect(() => rangePeriod('2026-03-01', '2026-02-28')).toThrow('2026-02-28 is before 2026-03-01');
  });
});
