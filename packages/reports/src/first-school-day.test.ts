import { county, timetableWith, weekly } from '@tongtang/lessons/county.fixture';
import type { Timetable } from '@tongtang/model/timetable';
import { describe, expect, it } from 'vitest';
import { firstSchoolDay } from './first-school-day.ts';

const { schools } = county;
const lessons = schools.flatMap(({ id }) =>
  ([1, 2, 3, 4, 5] as const).map((weekday) => weekly({ school: id, weekday })),
);
const first = (month: string, more: Partial<Timetable> = {}, of = schools): string =>
  firstSchoolDay({ inventory: county, timetable: timetableWith({ lessons, ...more }) }, of, month);
const nationalDay = { kind: 'holiday', from: '2026-10-01', to: '2026-10-07' } as const;

describe('the first school day of a month', () => {
  it('is the first weekday in a term', () => {
    expect(first('2026-12')).toBe('2026-12-01');
    expect(first('2026-11')).toBe('2026-11-02');
    expect(firstSchoolDay({ inventory: county }, schools, '2026-11')).toBe('2026-11-02');
  });

  it('comes after holidays, and on a make-up Saturday', () => {
    expect(first('2026-10', { days: [nationalDay] })).toBe('2026-10-08');
    const saturday = { kind: 'make-up', from: '2026-11-01', to: '2026-11-01', follows: 5 } as const;
    expect(first('2026-11', { days: [saturday] })).toBe('2026-11-01');
  });

  it('is the day of any of the schools: one may begin before the others', () => {
    const early = { kind: 'make-up', from: '2026-10-05', to: '2026-10-05', school: 'babao' } as const;
    expect(first('2026-10', { days: [nationalDay, early] })).toBe('2026-10-05');
    const others = schools.filter(({ id }) => id !== 'babao');
    expect(first('2026-10', { days: [nationalDay, early] }, others)).toBe('2026-10-08');
  });

  it('may have nothing but a lesson that is made up, and none where all are cancelled', () => {
    const madeUp = {
      kind: 'made-up',
      school: 'hb3z',
      class: 'c1',
      date: '2026-10-03',
      period: 1,
      subject: '数学',
      mode: 'live',
      carrier: 'satellite',
    } as const;
    expect(first('2026-10', { days: [nationalDay], changes: [madeUp] })).toBe('2026-10-03');
    const cancelled = { kind: 'cancelled', date: '2026-12-01' } as const;
    expect(first('2026-12', { changes: [cancelled] })).toBe('2026-12-02');
  });

  it('of a month without any is its first Monday to Friday', () => {
    expect(first('2026-08')).toBe('2026-08-03');
    expect(() => first('2026-13')).toThrow('there is no month 2026-13');
  });
});
