import type { Timetable, WeeklyLesson } from '@tongtang/model/timetable';

type BySchool = ReadonlyMap<string, readonly WeeklyLesson[]>;

/** By the lessons of a timetable, which are another object when they are others. */
const known = new WeakMap<Timetable['lessons'], BySchool>();

/**
 * The weekly lessons of a school, in the order of the timetable. They are sorted by school once: of a county of 3,000 schools there are
 * 300,000, and each day of each school asks for its own.
 */
export function weeklyLessonsOf(
  { lessons }: Pick<Timetable, 'lessons'>,
  school: string,
): readonly WeeklyLesson[] {
  const sorted = known.get(lessons) ?? Map.groupBy(lessons, (lesson) => lesson.school);
  known.set(lessons, sorted);
  return sorted.get(school) ?? [];
}
