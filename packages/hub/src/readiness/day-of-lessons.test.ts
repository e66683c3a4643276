import { setImmediate as turn } from 'node:timers/promises';
import { buildInventory, type Inventory } from '@tongtang/model/inventory';
import type { Timetable, WeeklyLesson } from '@tongtang/model/timetable';
import { describe, expect, it } from 'vitest';
import { type DayOfCounty, dayOfLessons } from './day-of-lessons.ts';

function inventory(): Inventory {
  const built = buildInventory({
    county: { id: 'qilian', name: { zh: '祁连县' }, timezone: 'Asia/Shanghai' },
    satellite: { id: 'chinasat', longitudeDeg: 110.5, downlinkGHz: 12.5, dishDiameterM: 1.2 },
    frontEndSchools: [{ id: 'cd7z', name: { zh: '成都七中' }, mode: 'live' }],
    schools: [
      {
        id: 'hb3z',
        name: { zh: '海北三中' },
        mode: 'live',
        frontEnd: 'cd7z',
        classrooms: [{ id: 'room-3' }, { id: 'room-4' }],
        classes: [
          { id: 'c1', classroom: 'room-3' },
          { id: 'c2', classroom: 'room-4' },
        ],
      },
      { id: 'babao', name: { zh: '八宝小学' }, mode: 'embedded', classes: 1 },
    ],
    periods: [
      { n: 1, start: '08:30', end: '09:10' },
      { n: 2, start: '09:20', end: '10:00' },
    ],
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  return built.inventory;
}

const maths: WeeklyLesson = {
  school: 'hb3z',
  class: 'c1',
  weekday: 1,
  period: 1,
  subject: '数学',
  mode: 'live',
  carrier: 'satellite',
  weeks: 'every',
};
const timetable: Timetable = {
  terms: [{ name: '2026 秋', from: '2026-09-01', to: '2027-01-15' }],
  bells: [{ from: '2026-09-01', periods: [{ n: 1, start: '08:40', end: '09:20' }] }],
  days: [
    { kind: 'holiday', from: '2026-10-01', to: '2026-10-07', note: '国庆节' },
    { kind: 'make-up', from: '2026-10-10', to: '2026-10-10', follows: 1 },
  ],
  lessons: [maths, { ...maths, class: 'c2' }],
  changes: [{ kind: 'cancelled', date: '2026-11-30', school: 'hb3z', class: 'c2' }],
};

const brief = (day: DayOfCounty): string[] =>
  day.lessons.map(
    ({ school, classroom, period, start, origin, subject = '–', cancelled }) =>
      `${school} ${classroom} ${period} ${new Date((start + 8 * 3600) * 1000).toISOString().slice(11, 16)} ${origin} ${subject}${cancelled ? ' cancelled' : ''}`,
  );

describe('the lessons of a day', () => {
  it('are those of the timetable, in their classrooms, with what was cancelled', async () => {
    const day = await dayOfLessons(inventory(), timetable, '2026-11-30');
    expect(day).toMatchObject({ timetable: true, kind: 'ordinary' });
    expect(brief(day)).toEqual([
      'babao c1 1 08:40 periods –',
      'hb3z room-3 1 08:40 timetable 数学',
      'hb3z room-4 1 08:40 timetable 数学 cancelled',
    ]);
  });

  it('are all periods, Monday to Friday, where there is no timetable', async () => {
    const day = await dayOfLessons(inventory(), undefined, '2026-11-27');
    expect(day).toMatchObject({ timetable: false, kind: 'ordinary' });
    expect(brief(day)).toHaveLength(6);
    expect(day.lessons[0]).toMatchObject({ school: 'babao', mode: 'embedded', carrier: 'broadband' });
    expect(day.lessons[1]).toMatchObject({ mode: 'live', carrier: 'satellite', frontEnd: 'cd7z' });
    const saturday = await dayOfLessons(inventory(), undefined, '2026-11-28');
    expect(saturday).toMatchObject({ kind: 'weekend', lessons: [] });
  });

  it.each([
    ['a holiday', '2026-10-01', 'holiday', '国庆节', 0],
    ['a day between terms', '2026-08-24', 'between-terms', undefined, 0],
    ['a make-up day', '2026-10-10', 'make-up', undefined, 3],
    ['a Sunday', '2026-11-29', 'weekend', undefined, 0],
  ])('follow the calendar on %s, also of a school that entered none', async (_, date, kind, note, count) => {
    const day = await dayOfLessons(inventory(), timetable, date);
    expect(day.kind).toBe(kind);
    expect(day.note).toBe(note);
    expect(day.lessons).toHaveLength(count);
  });

  it('of a large county are found piece by piece, others having their turn', async () => {
    const { schools, ...rest } = inventory();
    const [school] = schools;
    if (school === undefined) throw new Error('no school');
    let asked = 0;
    const many = Array.from({ length: 5000 }, (_, n) => ({
      ...school,
      id: `s${n}`,
      get classes() {
        asked += 1;
        return school.classes;
      },
    }));
    const found = dayOfLessons({ ...rest, schools: many }, timetable, '2026-11-30');
    await turn();
    expect(asked).toBeLessThan(5000);
    expect((await found).lessons).toHaveLength(10_000);
  });
});
