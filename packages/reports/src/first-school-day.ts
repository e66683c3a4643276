import { classLessonsOf, type LessonSource } from '@tongtang/lessons/class-lessons';
import { weekdayOf } from '@tongtang/lessons/plain-date';
import { schoolDay } from '@tongtang/lessons/school-day';
import type { School } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import { daysOf, monthPeriod } from './period.ts';

/**
 * The first day of a month on which any of some schools has a lesson; in a month without one, its first Monday to Friday.
 * @param month such as `2026-11`
 * @throws RangeError where there is no such month
 */
export function firstSchoolDay(source: LessonSource, schools: readonly School[], month: string): PlainDate {
  const period = monthPeriod(month);
  if (period === undefined) throw new RangeError(`there is no month ${month}`);
  const days = daysOf(period);
  const first =
    days.find((date) => hasLessons(source, schools, date)) ?? days.find((date) => weekdayOf(date) <= 5);
  if (first === undefined) throw new RangeError(`${month} has no weekday`);
  return first;
}

function hasLessons(source: LessonSource, schools: readonly School[], date: PlainDate): boolean {
  return possible(source, schools, date).some((school) =>
    classLessonsOf(source, school, date).some(({ cancelled }) => cancelled === undefined),
  );
}

/** To ask thousands of schools what they have on a holiday takes seconds: asked are those of which the calendar does not say it at once. */
function possible(source: LessonSource, schools: readonly School[], date: PlainDate): readonly School[] {
  const { timetable } = source;
  if (timetable === undefined) return weekdayOf(date) <= 5 ? schools : [];
  if (isOrdinary(timetable, date)) return schools;
  const special = new Set([
    ...timetable.days.flatMap(({ from, to, school }) =>
      from <= date && date <= to && school !== undefined ? [school] : [],
    ),
    ...timetable.changes.flatMap((change) =>
      change.kind !== 'cancelled' &&
      (change.date === date || (change.kind === 'swapped' && change.with.date === date))
        ? [change.school]
        : [],
    ),
  ]);
  return schools.filter(({ id }) => special.has(id));
}

/** Whether a school without days of its own may have lessons of the week. */
function isOrdinary(timetable: Timetable, date: PlainDate): boolean {
  const { weekday } = schoolDay(timetable, '', date);
  // Where nobody entered lessons of a school, it has them Monday to Friday.
  return (
    weekday !== undefined && (weekday <= 5 || timetable.lessons.some((lesson) => lesson.weekday === weekday))
  );
}
