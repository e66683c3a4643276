import { dayOf, weekdayOf } from '@tongtang/lessons/plain-date';
import { usualCarrier } from '@tongtang/lessons/usual-carrier';
import type { Inventory } from '@tongtang/model/inventory';
import type { CalendarDay, Timetable, Weekday, WeeklyLesson } from '@tongtang/model/timetable';

const subjects = ['语文', '数学', '英语', '物理', '化学', '科学', '历史', '地理'] as const;
const weekdays: readonly Weekday[] = [1, 2, 3, 4, 5];

/**
 * A timetable for a county that has none: each class in each period, Monday to Friday, in the terms that the simulated people keep
 * (packages/simulator/src/county/school-days.ts). A day on which it is shown has lessons, be it a weekend: an empty board shows nobody
 * what it is.
 * @param shownAtS seconds since 1970
 */
export function demoTimetable(inventory: Inventory, shownAtS: number): Timetable {
  const today = dayOf(shownAtS, inventory.county.timezone);
  const year = Number(today.slice(0, 4));
  const years = [year - 1, year, year + 1];
  const shown: CalendarDay[] =
    weekdayOf(today) > 5
      ? [{ kind: 'make-up', from: today, to: today, follows: 1, note: '演示：周末也上课 Shown on a weekend' }]
      : [];
  return {
    terms: years.flatMap((one) => [
      { name: `${one} 春季学期`, from: `${one}-03-01`, to: `${one}-07-15` },
      { name: `${one} 秋季学期`, from: `${one}-09-01`, to: `${one + 1}-01-15` },
    ]),
    bells: [{ from: '2000-01-01', periods: inventory.periods }],
    days: [
      ...years.flatMap((one): CalendarDay[] => [
        { kind: 'holiday', from: `${one}-05-01`, to: `${one}-05-05`, note: '劳动节' },
        { kind: 'holiday', from: `${one}-10-01`, to: `${one}-10-07`, note: '国庆节' },
      ]),
      ...shown,
    ],
    lessons: inventory.schools.flatMap(({ id, mode = 'live', frontEnd, classes }, at) =>
      classes.flatMap((of, index) =>
        weekdays.flatMap((weekday) =>
          inventory.periods.map(
            ({ n }): WeeklyLesson => ({
              school: id,
              class: of.id,
              weekday,
              period: n,
              weeks: 'every',
              subject: subjects[(at + 3 * index + weekday + 2 * n) % subjects.length] ?? subjects[0],
              mode,
              ...(frontEnd !== undefined && { frontEnd }),
              carrier: usualCarrier[mode],
            }),
          ),
        ),
      ),
    ),
    changes: [],
  };
}
