import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthName, monthsBackFrom } from './periods.ts';

describe('the months that can be chosen', () => {
  it('begin with the present one and go back over the turn of the year', () => {
    expect(monthsBackFrom('2026-02-07', 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11']);
  });

  it('are each the one before the last', () => {
    const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const months = monthsBackFrom(date.toISOString().slice(0, 10), 30);
        for (const [at, month] of months.entries()) {
          const before = new Date(Date.parse(`${month}-01T00:00Z`) - 1).toISOString().slice(0, 7);
          if (at + 1 < months.length) expect(months[at + 1]).toBe(before);
        }
      }),
    );
  });

  it('have a name in both languages', () => {
    expect(monthName('2026-11', 'zh-CN')).toBe('2026年11月');
    expect(monthName('2026-11', 'en')).toBe('November 2026');
  });
});
