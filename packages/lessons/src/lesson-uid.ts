import type { ClassAddress, Slot } from '@tongtang/model/timetable';
import { isPlainDate } from './plain-date.ts';

/** A lesson wherever it is exported to: a calendar that comes back says by it which lesson an entry is. */
export type LessonName = ClassAddress & Slot & Readonly<{ county: string }>;

/** The UID of a lesson in calendars. Ids have no underscores. */
export function lessonUid({ county, school, class: of, date, period }: LessonName): string {
  return `lesson_${[county, school, of, date, period].join('_')}@tongtang`;
}

/** @returns undefined where it is no lesson of ours */
export function lessonOfUid(uid: string): LessonName | undefined {
  const [, county, school, of, date, period] =
    /^lesson_([a-z0-9-]+)_([a-z0-9-]+)_([a-z0-9-]+)_(\d{4}-\d\d-\d\d)_(\d{1,2})@tongtang$/.exec(uid) ?? [];
  if (county === undefined || school === undefined || of === undefined || date === undefined)
    return undefined;
  return isPlainDate(date) ? { county, school, class: of, date, period: Number(period) } : undefined;
}
