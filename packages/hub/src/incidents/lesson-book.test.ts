import { buildInventory, type Inventory } from '@tongtang/model/inventory';
import type { Timetable, WeeklyLesson } from '@tongtang/model/timetable';
import { describe, expect, it } from 'vitest';
import { LessonBook } from './lesson-book.ts';

const periods = [
  { n: 1, start: '08:30', end: '09:10' },
  { n: 2, start: '09:20', end: '10:00' },
];
function inventoryOf(more: object = {}): Inventory {
  const built = buildInventory({
    county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: [
      { id: 'no1', name: { en: 'No. 1' }, classes: [{ id: 'g3', classroom: 'hall' }] },
      { id: 'no2', name: { en: 'No. 2' }, classes: 2 },
    ],
    periods,
    ...more,
  });
  if ('problems' in built) throw new Error(built.problems.join());
  return built.inventory;
}
const tuesday = '2026-09-01';
/** 08:30 in Shanghai. */
const firstBell = Date.UTC(2026, 8, 1, 0, 30) / 1000;
const lesson = (more: Partial<WeeklyLesson>): WeeklyLesson => ({
  school: 'no1',
  class: 'g3',
  weekday: 2,
  period: 1,
  weeks: 'every',
  subject: '数学',
  mode: 'live',
  carrier: 'satellite',
  ...more,
});
const timetable: Timetable = {
  terms: [{ name: 'autumn', from: '2026-08-31', to: '2027-01-15' }],
  bells: [{ from: '2026-08-01', periods }],
  days: [],
  lessons: [lesson({}), lesson({ period: 2, mode: 'recorded' })],
  changes: [],
};

describe('the book of lessons', () => {
  it('has those of the timetable, in the room of their class, with the links that they need', () => {
    const book = new LessonBook(inventoryOf(), timetable);
    expect(book.of('no1', tuesday)).toMatchObject([
      {
        school: 'no1',
        class: 'g3',
        classroom: 'hall',
        subject: '数学',
        start: firstBell,
        links: ['satellite', 'stream'],
      },
      { start: firstBell + 3000, end: firstBell + 5400, links: ['lan'] },
    ]);
    const other = {
      ...timetable,
      lessons: [lesson({ carrier: 'broadband' }), lesson({ period: 2, mode: 'embedded' })],
    };
    const links = new LessonBook(inventoryOf(), other).of('no1', tuesday).map((one) => one.links);
    expect(links).toEqual([['broadband'], ['platform']]);
  });

  it('follows what is cancelled in the whole county', () => {
    const cancelled = { ...timetable, changes: [{ kind: 'cancelled', date: tuesday, period: 1 } as const] };
    expect(new LessonBook(inventoryOf(), cancelled).of('no1', tuesday)).toHaveLength(1);
  });

  it('takes each period of the inventory, Monday to Friday, where the timetable says nothing of a school', () => {
    const book = new LessonBook(inventoryOf(), timetable);
    expect(book.of('no2', tuesday).map(({ class: of, start }) => [of, start - firstBell])).toEqual([
      ['c1', 0],
      ['c2', 0],
      ['c1', 3000],
      ['c2', 3000],
    ]);
    expect(book.of('no2', '2026-09-05')).toEqual([]);
    expect(book.of('nowhere', tuesday)).toEqual([]);
  });

  it('gives those that touch a span', () => {
    const book = new LessonBook(inventoryOf(), timetable);
    const starts = (from: number, to: number) =>
      book.between('no1', firstBell + from, firstBell + to).map(({ start }) => start - firstBell);
    expect(starts(0, 1)).toEqual([0]);
    expect(starts(2400, 3000)).toEqual([]);
    expect(starts(2399, 3001)).toEqual([0, 3000]);
    expect(starts(-86_400, 8 * 86_400)).toEqual([0, 3000, 7 * 86_400, 7 * 86_400 + 3000]);
  });

  it('says whether anybody has said when there are lessons', () => {
    expect(new LessonBook(inventoryOf({ periods: [] }), undefined).isFilled).toBe(false);
    expect(new LessonBook(inventoryOf({ periods: [] }), timetable).isFilled).toBe(true);
    expect(new LessonBook(inventoryOf(), undefined).isFilled).toBe(true);
  });
});
