import { buildInventory, type Inventory } from '@tongtang/model/inventory';
import type { Timetable, WeeklyLesson } from '@tongtang/model/timetable';

/** A county with a live school of two classes and a primary school of one. */
export const county: Inventory = built();

function built(): Inventory {
  const answer = buildInventory({
    county: { id: 'qilian', name: { zh: '祁连县' }, timezone: 'Asia/Shanghai' },
    frontEndSchools: [{ id: 'cd7z', name: { zh: '成都七中' }, mode: 'live' }],
    schools: [
      { id: 'hb3z', name: { zh: '海北三中' }, mode: 'live', frontEnd: 'cd7z', classes: 2 },
      { id: 'babao', name: { zh: '八宝小学（示例）', en: 'Babao' }, mode: 'embedded', classes: 1 },
    ],
    periods: [
      { n: 1, start: '08:30', end: '09:10' },
      { n: 2, start: '09:20', end: '10:00' },
      { n: 3, start: '10:20', end: '11:00' },
    ],
  });
  if ('problems' in answer) throw new Error(answer.problems.join('; '));
  return answer.inventory;
}

/** Monday, period 1, of class c1 of hb3z, unless said otherwise. */
export function weekly(more: Partial<WeeklyLesson> = {}): WeeklyLesson {
  return {
    school: 'hb3z',
    class: 'c1',
    weekday: 1,
    period: 1,
    subject: '数学',
    mode: 'live',
    carrier: 'satellite',
    weeks: 'every',
    ...more,
  };
}

/** The autumn term of 2026, which begins on a Tuesday, with the bells of the county. */
export function timetableWith(more: Partial<Timetable> = {}): Timetable {
  return {
    terms: [{ name: '2026 秋', from: '2026-09-01', to: '2027-01-15' }],
    bells: [{ from: '2000-01-01', periods: county.periods }],
    days: [],
    lessons: [],
    changes: [],
    ...more,
  };
}
