import type { LessonChange, Timetable } from '@tongtang/model/timetable';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { tableNames } from '../columns.ts';
import { county, timetableWith, weekly } from '../county.fixture.ts';
import { importTimetable, startingTimetable } from '../import/import.ts';
import { readXlsx } from '../import/xlsx.ts';
import { lessonsOf } from '../lessons-of.ts';
import { lessonCalendar } from './calendar.ts';
import { tableCsv } from './csv.ts';
import { timetableXlsx } from './xlsx.ts';

const full: Timetable = timetableWith({
  bells: [
    { from: '2000-01-01', periods: county.periods },
    { from: '2026-10-01', school: 'babao', periods: county.periods },
  ],
  days: [
    { kind: 'holiday', from: '2026-10-01', to: '2026-10-07', note: '国庆节, "长假"' },
    { kind: 'make-up', from: '2026-10-10', to: '2026-10-10', follows: 4 },
    { kind: 'make-up', from: '2026-10-11', to: '2026-10-11', follows: '2026-10-07', periods: [1, 2] },
    { kind: 'half', from: '2026-12-31', to: '2026-12-31', periods: [1, 2], school: 'hb3z' },
  ],
  lessons: [
    weekly({ frontEnd: 'cd7z' }),
    weekly({
      frontEnd: 'cd7z',
      weekday: 7,
      subject: '=1+1',
      weeks: 'odd',
      from: '2026-09-02',
      to: '2026-12-01',
    }),
    weekly({ school: 'babao', period: 2, mode: 'embedded', carrier: 'broadband' }),
  ],
  changes: [
    { kind: 'cancelled', date: '2026-09-07' },
    {
      kind: 'swapped',
      school: 'hb3z',
      class: 'c1',
      date: '2026-09-14',
      period: 1,
      with: { date: '2026-09-15', period: 3 },
    },
    {
      ...{ kind: 'made-up', school: 'hb3z', class: 'c2', date: '2026-09-12', period: 3, subject: '化学' },
      ...{ mode: 'recorded', carrier: 'satellite', frontEnd: 'cd7z' },
    },
  ] satisfies LessonChange[],
});

function reread(files: Parameters<typeof importTimetable>[0]) {
  return importTimetable(files, county);
}

/** Whatever the order of rows. */
function sorted(timetable: Timetable): unknown {
  const inOrder = (entries: readonly unknown[]) =>
    entries.map((entry) => JSON.stringify(entry, keysOf(entry))).sort();
  return tableNames.map((table) => inOrder(timetable[table]));
}

function keysOf(entry: unknown): string[] {
  const keys = new Set<string>();
  JSON.stringify(entry, (key, value: unknown) => {
    keys.add(key);
    return value;
  });
  return [...keys].sort();
}

describe('an exported timetable', () => {
  it('is imported again as it was, as XLSX and as CSV', async () => {
    const xlsx = reread([{ name: 'x.xlsx', bytes: await timetableXlsx(full, county) }]);
    const csv = reread(
      tableNames.map((table) => ({
        name: `${table}.csv`,
        bytes: new TextEncoder().encode(tableCsv(full, table)),
      })),
    );
    for (const answer of [xlsx, csv]) {
      if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
      expect(sorted(answer.timetable)).toEqual(sorted(full));
    }
  });

  it('whatever its week is', async () => {
    const subject = fc.stringMatching(/^[一-龥a-z"',;=+@<&>-]{1,8}$/).filter((text) => text.trim() === text);
    const lesson = fc.record({
      class: fc.constantFrom('c1', 'c2'),
      weekday: fc.constantFrom(1, 2, 3, 4, 5, 6, 7),
      period: fc.integer({ min: 1, max: 3 }),
      weeks: fc.constantFrom('every', 'odd', 'even'),
      subject,
    });
    const slot = ({ class: of, weekday, period }: { class: string; weekday: number; period: number }) =>
      `${of}${weekday}${period}`;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(lesson, { selector: slot, minLength: 1, maxLength: 30 }),
        async (week) => {
          const timetable = timetableWith({
            lessons: week.map((more) => weekly({ ...more, frontEnd: 'cd7z' })),
          });
          const answer = reread([{ name: 'x.xlsx', bytes: await timetableXlsx(timetable, county) }]);
          if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
          expect(sorted(answer.timetable)).toEqual(sorted(timetable));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('of a county that begins is the template: a sheet a table, its bells, a blank row for each period of each class', async () => {
    const bytes = await timetableXlsx(startingTimetable(county), county);
    const { sheets } = readXlsx({ name: 'x.xlsx', bytes });
    expect(sheets.map(({ name }) => name)).toEqual([
      ...['说明 Notes', '学期 Terms', '作息 Bells', '校历 Calendar', '课表 Lessons', '调课 Changes'],
    ]);
    expect(sheets[4]?.rows).toHaveLength(1 + 3 * 3);
    const answer = reread([{ name: 'x.xlsx', bytes }]);
    expect(answer).toMatchObject({ ok: true, timetable: startingTimetable(county) });
  });

  it('as CSV has no cell that a program for tables takes for a formula', () => {
    expect(tableCsv(full, 'lessons')).toContain(",'=1+1,");
  });

  it('as a calendar has each lesson at its time, with the same UID every time', () => {
    const lessons = lessonsOf(full, '2026-09-14', 'Asia/Shanghai');
    const text = lessonCalendar(lessons, county, 'zh', new Date('2026-09-01T00:00:00Z'));
    const events = new ICAL.Component(ICAL.parse(text))
      .getAllSubcomponents('vevent')
      .map((event) => new ICAL.Event(event));
    expect(
      events.map(({ summary, location, startDate }) => [
        summary,
        location,
        startDate.toJSDate().toISOString(),
      ]),
    ).toEqual([['数学 植入式', '八宝小学（示例） 网班 1', '2026-09-14T01:20:00.000Z']]);
    const later = lessonCalendar(lessons, county, 'zh', new Date('2026-09-02T00:00:00Z'));
    expect(later.match(/UID:.*/g)).toEqual(text.match(/UID:.*/g));
  });
});
