import { county, timetableWith, weekly } from '@tongtang/lessons/county.fixture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clock } from './reports.fixture.ts';
import { type Due, dueOf, monthsDue, nextDue, scheduleOf } from './schedule.ts';

const timezone = 'Asia/Shanghai';
const scope = { kind: 'county', id: 'qilian' } as const;
const timetable = timetableWith({
  lessons: [weekly(), weekly({ school: 'babao' })],
  days: [{ kind: 'holiday', from: '2026-10-01', to: '2026-10-07' }],
});
const dueFor = (month: string): Due => dueOf(month, { scope }, county, timetable);
const run = (month: string) => ({ month, at: 0, outcome: 'issued' as const });

describe('how a county wants its report', () => {
  it('names nobody who approves where it was said before there were approvers', () => {
    const said = { on: true, scope, objective: 9900, language: 'en', recipients: ['a@b.cn'], approval: true };
    const kept = { county: 'qilian', document: JSON.stringify(said), since: 0 };
    expect(scheduleOf({ schedule: () => kept }, 'qilian')).toEqual({ ...said, approvers: [] });
  });
});

describe('when the report of a month is due', () => {
  it('is at 7 on the first day of the next with a lesson, by the calendar of the county', () => {
    // Lessons are on Mondays; the first one after the holidays is the 12th.
    expect(dueFor('2026-09')).toEqual({
      month: '2026-09',
      date: '2026-10-12',
      at: clock('2026-10-12', '07:00'),
    });
    expect(dueFor('2026-10').date).toBe('2026-11-02');
    expect(dueOf('2026-09', { scope }, county, undefined).date).toBe('2026-10-01');
  });

  it('is not before the moment, and once', () => {
    const since = clock('2026-10-15', '12:00');
    const due = (time: number, runs: ReturnType<typeof run>[] = []) =>
      monthsDue({ since, now: time, timezone }, runs, dueFor).map(({ month }) => month);
    const at = clock('2026-11-02', '07:00');
    expect(due(at - 1)).toEqual([]);
    expect(due(at)).toEqual(['2026-10']);
    expect(due(at + 3600, [run('2026-10')])).toEqual([]);
    // What was missed comes late, the oldest first; what was due before it was switched on does not.
    expect(due(clock('2027-01-20', '12:00'))).toEqual(['2026-10', '2026-11', '2026-12']);
  });

  it('says what comes next', () => {
    const next = (time: number, runs: ReturnType<typeof run>[] = [], since = 0) =>
      nextDue({ since, now: time, timezone }, runs, dueFor).month;
    expect(next(clock('2026-11-01', '12:00'))).toBe('2026-10');
    expect(next(clock('2026-11-02', '12:00'))).toBe('2026-10');
    expect(next(clock('2026-11-02', '12:00'), [run('2026-10')])).toBe('2026-11');
    expect(next(clock('2026-11-02', '12:00'), [], clock('2026-11-02', '11:00'))).toBe('2026-11');
  });

  it('every month comes once, however often it is looked, and whenever', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 30 }), (days) => {
        const since = clock('2026-09-01', '00:00');
        const done: string[] = [];
        for (const at of days.toSorted((a, b) => a - b)) {
          const due = monthsDue({ since, now: since + at * 86_400, timezone }, done.map(run), dueFor);
          for (const one of due) {
            expect(done).not.toContain(one.month);
            done.push(one.month);
          }
        }
        expect(done).toEqual(done.toSorted());
      }),
      { numRuns: 50 },
    );
  });
});
