import { isInTimetable } from '@tongtang/lessons/class-lessons';
import type { Timetable, WeeklyLesson } from '@tongtang/model/timetable';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LessonSource, lessonsTouched, lessonWindows } from './lesson-windows.ts';

const periods = [
  { n: 1, start: '08:30', end: '09:10' },
  { n: 2, start: '17:10', end: '17:50' },
];
const source = (timezone: string, timetable?: Timetable): LessonSource => ({
  inventory: { periods, county: { id: 'q', name: { zh: '县', en: 'County' }, timezone } },
  timetable,
});
const seconds = (text: string): number => Date.parse(text) / 1000;

describe('lesson windows without a timetable', () => {
  it("are the county's own hours, Monday to Friday", () => {
    // A Thursday, 06:00 in Qinghai.
    const windows = lessonWindows(source('Asia/Shanghai'), 'hb3z', seconds('2026-11-26T06:00:00+08:00'), 8);
    const starts = windows.map(([start]) => new Date(start * 1000).toISOString());
    expect(starts).toEqual([
      '2026-11-26T00:30:00.000Z',
      '2026-11-26T09:10:00.000Z',
      '2026-11-27T00:30:00.000Z',
      '2026-11-27T09:10:00.000Z',
      '2026-11-30T00:30:00.000Z',
      '2026-11-30T09:10:00.000Z',
      '2026-12-01T00:30:00.000Z',
      '2026-12-01T09:10:00.000Z',
      '2026-12-02T00:30:00.000Z',
      '2026-12-02T09:10:00.000Z',
      '2026-12-03T00:30:00.000Z',
      '2026-12-03T09:10:00.000Z',
    ]);
    expect(windows[0]?.[1]).toBe(seconds('2026-11-26T09:10:00+08:00'));
  });

  it('belong to the day that it is in the county, not in London', () => {
    // Sunday evening in London is Monday morning in Qinghai.
    const windows = lessonWindows(source('Asia/Shanghai'), 'hb3z', seconds('2026-11-29T23:00:00Z'), 1);
    expect(windows).toHaveLength(2);
  });

  it('stay the same from morning to night', () => {
    const at = (time: string) =>
      lessonWindows(source('Asia/Shanghai'), 'hb3z', seconds(`2026-11-26T${time}+08:00`), 8);
    expect(at('23:59:59')).toEqual(at('00:00:00'));
  });

  it('keep their clock time over a change to summer time', () => {
    const windows = lessonWindows(source('Europe/Berlin'), 'hb3z', seconds('2026-03-27T00:00:00Z'), 4);
    expect(windows.map(([start]) => new Date(start * 1000).toISOString())).toEqual([
      '2026-03-27T07:30:00.000Z',
      '2026-03-27T16:10:00.000Z',
      '2026-03-30T06:30:00.000Z',
      '2026-03-30T15:10:00.000Z',
    ]);
  });

  it('are in order and end after they start, in every zone and at every moment', () => {
    const zone = fc.constantFrom(
      'Asia/Shanghai',
      'Asia/Urumqi',
      'Europe/Berlin',
      'America/St_Johns',
      'Pacific/Apia',
    );
    fc.assert(
      fc.property(zone, fc.integer({ min: 1e9, max: 4e9 }), (timezone, now) => {
        const windows = lessonWindows(source(timezone), 'hb3z', now, 8);
        for (const [index, [start, end]] of windows.entries()) {
          expect(end).toBeGreaterThan(start);
          expect(start).toBeGreaterThanOrEqual(windows[index - 1]?.[1] ?? 0);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the lessons that a span touches', () => {
  const touched = (from: string, to: string): number[] =>
    lessonsTouched(source('Asia/Shanghai'), 'hb3z', seconds(from), seconds(to)).map(({ n }) => n);

  it('are those that it shares a moment with, on a day with lessons', () => {
    expect(touched('2026-11-26T09:09:59+08:00', '2026-11-26T09:20:00+08:00')).toEqual([1]);
    expect(touched('2026-11-26T09:10:00+08:00', '2026-11-26T17:10:00+08:00')).toEqual([]);
    expect(touched('2026-11-26T08:00:00+08:00', '2026-11-26T18:00:00+08:00')).toEqual([1, 2]);
    expect(touched('2026-11-28T08:30:00+08:00', '2026-11-28T09:00:00+08:00')).toEqual([]);
  });

  it('are, together, the windows of that day', () => {
    fc.assert(
      fc.property(fc.nat(86_399), fc.integer({ min: 1, max: 3600 }), (offset, length) => {
        const from = seconds('2026-11-26T00:00:00+08:00') + offset;
        const to = Math.min(from + length, seconds('2026-11-27T00:00:00+08:00'));
        const windows = lessonWindows(source('Asia/Shanghai'), 'hb3z', from, 1);
        const hit = windows.filter(([start, end]) => start < to && end > from);
        expect(lessonsTouched(source('Asia/Shanghai'), 'hb3z', from, to)).toHaveLength(hit.length);
      }),
    );
  });
});

describe('lessons by the timetable', () => {
  const lesson = (more: Partial<WeeklyLesson>): WeeklyLesson => ({
    ...{ school: 'hb3z', class: 'c1', weekday: 4, period: 1, subject: '数学', weeks: 'every' },
    ...{ mode: 'live', carrier: 'satellite' },
    ...more,
  });
  const timetable: Timetable = {
    terms: [{ name: '秋', from: '2026-09-01', to: '2027-01-15' }],
    bells: [
      {
        from: '2000-01-01',
        periods: [
          { n: 1, start: '08:00', end: '08:40' },
          { n: 2, start: '09:00', end: '09:40' },
        ],
      },
    ],
    days: [
      { kind: 'holiday', from: '2026-11-27', to: '2026-11-27' },
      { kind: 'make-up', from: '2026-11-29', to: '2026-11-29', follows: 5 },
    ],
    lessons: [
      lesson({}),
      lesson({ class: 'c2', carrier: 'broadband' }),
      lesson({ weekday: 5, period: 2, carrier: 'broadband' }),
    ],
    changes: [],
  };
  const all = source('Asia/Shanghai', timetable);
  // A Thursday.
  const now = seconds('2026-11-26T12:00:00+08:00');
  const starts = (school: string) =>
    lessonWindows(all, school, now, 8).map(([start]) => new Date(start * 1000).toISOString().slice(0, 16));

  it('are of a school whose lessons it has: holidays, make-up days and two classes at once included', () => {
    expect(starts('hb3z')).toEqual(['2026-11-26T00:00', '2026-11-29T01:00', '2026-12-03T00:00']);
    expect(isInTimetable(all, 'hb3z')).toBe(true);
  });

  it('are by the periods, Monday to Friday, of a school that has not entered its own yet', () => {
    expect(isInTimetable(all, 'babao')).toBe(false);
    expect(starts('babao')).toEqual(
      lessonWindows(source('Asia/Shanghai'), 'babao', now, 8).map(([start]) =>
        new Date(start * 1000).toISOString().slice(0, 16),
      ),
    );
  });

  it('say what carries them', () => {
    const touched = (from: string, to: string) => lessonsTouched(all, 'hb3z', seconds(from), seconds(to));
    expect(touched('2026-11-26T08:10:00+08:00', '2026-11-26T09:30:00+08:00')).toMatchObject([
      { n: 1, carriers: ['satellite', 'broadband'] },
    ]);
    expect(touched('2026-11-29T09:10:00+08:00', '2026-11-29T09:30:00+08:00')).toMatchObject([
      { n: 2, carriers: ['broadband'] },
    ]);
    expect(touched('2026-11-27T08:00:00+08:00', '2026-11-27T18:00:00+08:00')).toEqual([]);
  });
});
