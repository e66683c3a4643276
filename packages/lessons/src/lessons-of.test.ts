import type { CalendarDay, LessonChange, Timetable, WeeklyLesson } from '@tongtang/model/timetable';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { county, timetableWith, weekly } from './county.fixture.ts';
import { lessonsOf, schoolLessonsOf } from './lessons-of.ts';
import { dayOf, plusDays, weekdayOf } from './plain-date.ts';

/** `hb3z/c1 1 数学` for each lesson of a day. */
function on(date: string, timetable: Timetable): string[] {
  return lessonsOf(timetable, date, county.county.timezone).map(
    ({ school, class: of, period, subject }) => `${school}/${of} ${period} ${subject}`,
  );
}

const week = (...lessons: WeeklyLesson[]) => timetableWith({ lessons });
const withDays = (days: CalendarDay[], ...lessons: WeeklyLesson[]) => timetableWith({ days, lessons });
const withChanges = (changes: LessonChange[], ...lessons: WeeklyLesson[]) =>
  timetableWith({ changes, lessons });

describe('the lessons of a day', () => {
  it('are those of its weekday, at the times of the bells in the time zone of the county', () => {
    const [lesson, ...others] = lessonsOf(
      week(weekly(), weekly({ weekday: 2 })),
      '2026-09-07',
      'Asia/Shanghai',
    );
    expect(others).toEqual([]);
    expect(lesson).toEqual({
      school: 'hb3z',
      class: 'c1',
      date: '2026-09-07',
      period: 1,
      subject: '数学',
      mode: 'live',
      carrier: 'satellite',
      origin: 'timetable',
      start: Date.parse('2026-09-07T08:30:00+08:00') / 1000,
      end: Date.parse('2026-09-07T09:10:00+08:00') / 1000,
    });
  });

  it('are none between terms; the first and the last day of a term have theirs', () => {
    const timetable = week(weekly({ weekday: 1 }), weekly({ weekday: 2 }), weekly({ weekday: 5 }));
    expect(on('2026-08-31', timetable)).toEqual([]);
    expect(on('2026-09-01', timetable)).toHaveLength(1);
    expect(on('2027-01-15', timetable)).toHaveLength(1);
    expect(on('2027-01-18', timetable)).toEqual([]);
  });

  it('may be of odd or even weeks, counted from the week in which the term begins', () => {
    const timetable = week(
      weekly({ subject: '单', weeks: 'odd' }),
      weekly({ subject: '双', weeks: 'even' }),
      weekly({ subject: '首', weeks: 'odd', weekday: 2 }),
    );
    expect(on('2026-09-01', timetable)).toEqual(['hb3z/c1 1 首']);
    expect(on('2026-09-07', timetable)).toEqual(['hb3z/c1 1 双']);
    expect(on('2026-09-14', timetable)).toEqual(['hb3z/c1 1 单']);
  });

  it('may begin or end within the term', () => {
    const timetable = week(weekly({ from: '2026-09-14', to: '2026-09-21' }));
    expect(
      ['2026-09-07', '2026-09-14', '2026-09-21', '2026-09-28'].map((date) => on(date, timetable).length),
    ).toEqual([0, 1, 1, 0]);
  });

  it('follow the bells of the season, and those of the school where it has its own', () => {
    const at = (clock: string) => [{ n: 1, start: clock, end: '12:00' }];
    const timetable = {
      ...week(weekly(), weekly({ school: 'babao' })),
      bells: [
        { from: '2026-10-01', periods: at('09:00') },
        { from: '2026-05-01', periods: at('08:00') },
        { from: '2026-11-01', school: 'babao', periods: at('09:30') },
      ],
    };
    const starts = (date: string) =>
      lessonsOf(timetable, date, 'Asia/Shanghai').map(({ school, start }) => [
        school,
        new Date(start * 1000).toISOString().slice(11, 16),
      ]);
    expect(starts('2026-09-28')).toEqual([
      ['babao', '00:00'],
      ['hb3z', '00:00'],
    ]);
    expect(starts('2026-10-05')).toEqual([
      ['babao', '01:00'],
      ['hb3z', '01:00'],
    ]);
    expect(starts('2026-11-02')).toEqual([
      ['hb3z', '01:00'],
      ['babao', '01:30'],
    ]);
  });
});

describe('the calendar', () => {
  const monday = '2026-09-07';
  it('takes out holidays, exams and the rest of half days', () => {
    const lessons = [1, 2, 3].map((period) => weekly({ period }));
    const day = (more: Partial<CalendarDay>): CalendarDay => ({
      kind: 'holiday',
      from: monday,
      to: monday,
      ...more,
    });
    expect(on(monday, withDays([day({})], ...lessons))).toEqual([]);
    expect(on(monday, withDays([day({ kind: 'exam' })], ...lessons))).toEqual([]);
    expect(on(monday, withDays([day({ kind: 'exam', periods: [3] })], ...lessons))).toEqual([
      'hb3z/c1 3 数学',
    ]);
    expect(on(monday, withDays([day({ kind: 'half', periods: [1, 2] })], ...lessons))).toHaveLength(2);
    expect(on('2026-09-14', withDays([day({})], ...lessons))).toHaveLength(3);
  });

  it('gives a make-up day the lessons of a weekday in its own week, or of a date', () => {
    const lessons = [
      weekly({ weekday: 4, subject: '单四', weeks: 'odd' }),
      weekly({ weekday: 4, subject: '双四', weeks: 'even' }),
    ];
    // Saturday of the sixth week; Thursday, 1 October is in the fifth.
    const makeUp = (follows: 4 | string): CalendarDay => ({
      kind: 'make-up',
      from: '2026-10-10',
      to: '2026-10-10',
      follows,
    });
    expect(on('2026-10-10', withDays([], ...lessons))).toEqual([]);
    expect(on('2026-10-10', withDays([makeUp(4)], ...lessons))).toEqual(['hb3z/c1 1 双四']);
    expect(on('2026-10-10', withDays([makeUp('2026-10-01')], ...lessons))).toEqual(['hb3z/c1 1 单四']);
  });

  it('of a school goes before that of the county', () => {
    const days: CalendarDay[] = [
      { kind: 'holiday', from: monday, to: monday },
      { kind: 'half', from: monday, to: monday, school: 'babao', periods: [1] },
    ];
    expect(on(monday, withDays(days, weekly(), weekly({ school: 'babao' })))).toEqual(['babao/c1 1 数学']);
  });
});

describe('changes', () => {
  const monday = '2026-09-07';
  const lessons = [
    weekly(),
    weekly({ weekday: 2, period: 2, subject: '物理' }),
    weekly({ class: 'c2', subject: '英语' }),
  ];
  const c1 = { school: 'hb3z', class: 'c1' };

  it('cancel lessons of a class, a school or all, and it is known which', () => {
    const cancelled = (more: object) =>
      withChanges([{ kind: 'cancelled', date: monday, ...more }], ...lessons);
    expect(on(monday, cancelled(c1))).toEqual(['hb3z/c2 1 英语']);
    expect(on(monday, cancelled({ ...c1, period: 2 }))).toHaveLength(2);
    expect(on(monday, cancelled({ school: 'babao' }))).toHaveLength(2);
    expect(on(monday, cancelled({}))).toEqual([]);
    expect(on('2026-09-14', cancelled({}))).toHaveLength(2);
    const { held, cancelled: gone } = schoolLessonsOf(cancelled(c1), 'hb3z', monday, 'Asia/Shanghai');
    expect([held.length, gone.map(({ subject }) => subject)]).toEqual([1, ['数学']]);
  });

  it('swap two lessons of a class, whichever of the days is asked for; one period may be free', () => {
    const swap = withChanges(
      [{ kind: 'swapped', ...c1, date: monday, period: 1, with: { date: '2026-09-08', period: 2 } }],
      ...lessons,
    );
    expect(on(monday, swap)).toEqual(['hb3z/c1 1 物理', 'hb3z/c2 1 英语']);
    expect(on('2026-09-08', swap)).toEqual(['hb3z/c1 2 数学']);
    const moved = withChanges(
      [{ kind: 'swapped', ...c1, date: monday, period: 1, with: { date: '2026-09-12', period: 3 } }],
      ...lessons,
    );
    expect(on(monday, moved)).toEqual(['hb3z/c2 1 英语']);
    expect(on('2026-09-12', moved)).toEqual(['hb3z/c1 3 数学']);
  });

  it('make up lessons on any day, also instead of one that is cancelled', () => {
    const madeUp = (date: string): LessonChange => ({
      kind: 'made-up',
      ...c1,
      date,
      period: 1,
      subject: '化学',
      mode: 'recorded',
      carrier: 'satellite',
    });
    expect(on('2027-02-01', withChanges([madeUp('2027-02-01')]))).toEqual(['hb3z/c1 1 化学']);
    const instead = withChanges([madeUp(monday), { kind: 'cancelled', date: monday, ...c1 }], ...lessons);
    expect(on(monday, instead)).toEqual(['hb3z/c1 1 化学', 'hb3z/c2 1 英语']);
  });
});

describe('whatever is entered', () => {
  const date = fc.integer({ min: -10, max: 150 }).map((days) => plusDays('2026-09-01', days));
  const anyLesson = fc.record({
    class: fc.constantFrom('c1', 'c2'),
    weekday: fc.constantFrom(1, 2, 3, 4, 5, 6, 7),
    period: fc.integer({ min: 1, max: 3 }),
    weeks: fc.constantFrom('every', 'odd', 'even'),
  });
  const anyDay = fc.record({
    kind: fc.constantFrom('holiday', 'exam', 'half', 'make-up'),
    from: date,
    follows: fc.constantFrom(1, 5),
    periods: fc.constantFrom([1], [1, 2]),
  });

  it('a lesson lies within its day and in a period of its own, and the order of rows is nothing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyLesson, {
          selector: ({ class: of, weekday, period }) => `${of}${weekday}${period}`,
          maxLength: 40,
        }),
        fc.uniqueArray(anyDay, { selector: ({ from }) => from, maxLength: 20 }),
        date,
        fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns'),
        (lessons, days, day, zone) => {
          const timetable = timetableWith({
            lessons: lessons.map((lesson) => weekly(lesson)),
            days: days.map((entry) => ({ ...entry, to: entry.from })),
          });
          const found = lessonsOf(timetable, day, zone);
          const slots = found.map((lesson) => `${lesson.class}/${lesson.period}`);
          expect(new Set(slots).size).toBe(slots.length);
          for (const { start, end } of found) {
            expect(end).toBeGreaterThan(start);
            expect([dayOf(start, zone), dayOf(end, zone)]).toEqual([day, day]);
          }
          const turned = {
            ...timetable,
            lessons: timetable.lessons.toReversed(),
            days: timetable.days.toReversed(),
          };
          expect(lessonsOf(turned, day, zone)).toEqual(found);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a swap loses no lesson and makes none: as many lessons are held over the days as before', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: 1, max: 10 }), (first, ahead) => {
        const lessons = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
          weekly({ weekday: weekdayOf(plusDays('2026-09-06', weekday)) }),
        );
        const swap: LessonChange = {
          kind: 'swapped',
          school: 'hb3z',
          class: 'c1',
          date: first,
          period: 1,
          with: { date: plusDays(first, ahead), period: 3 },
        };
        const all = (timetable: Timetable) =>
          Array.from({ length: 200 }, (_, day) => on(plusDays('2026-08-15', day), timetable)).flat().length;
        expect(all(withChanges([swap], ...lessons))).toBe(all(week(...lessons)));
      }),
      { numRuns: 10 },
    );
  });
});
