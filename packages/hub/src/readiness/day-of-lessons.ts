import { type ClassLesson, classLessonsOf } from '@tongtang/lessons/class-lessons';
import { weekdayOf } from '@tongtang/lessons/plain-date';
import { schoolDay } from '@tongtang/lessons/school-day';
import type { Inventory } from '@tongtang/model/inventory';
import { type DayKind, dayKinds, type PlainDate, type Timetable } from '@tongtang/model/timetable';
import { slicesOf } from '@tongtang/runtime/slices';

export const kindsOfDay = ['ordinary', ...dayKinds, 'weekend', 'between-terms'] as const;
export type KindOfDay = (typeof kindsOfDay)[number];

/** What a county's day has. */
export type DayOfCounty = Readonly<{
  date: PlainDate;
  /** Whether the county has a timetable. */
  timetable: boolean;
  /** What the day is for the county as a whole; schools may have an entry of their own. */
  kind: KindOfDay;
  note?: string;
  /** By time, then school and class. Those that were cancelled are among them. */
  lessons: readonly ClassLesson[];
}>;

/** The lessons of all classes of a county on a day, in the county's time zone; of a large one school by school, others having their turn. */
export async function dayOfLessons(
  inventory: Inventory,
  timetable: Timetable | undefined,
  date: PlainDate,
): Promise<DayOfCounty> {
  const lessons: ClassLesson[] = [];
  for await (const slice of slicesOf(lessonsBySchool(inventory, timetable, date)))
    lessons.push(...slice.flat());
  return {
    date,
    timetable: timetable !== undefined,
    ...kindOf(timetable, date),
    lessons: lessons.sort(
      (a, b) => a.start - b.start || (a.school < b.school ? -1 : a.school > b.school ? 1 : 0),
    ),
  };
}

function* lessonsBySchool(
  inventory: Inventory,
  timetable: Timetable | undefined,
  date: PlainDate,
): Generator<ClassLesson[]> {
  for (const school of inventory.schools) yield classLessonsOf({ inventory, timetable }, school, date);
}

/** What the calendar says of a day to all schools. */
function kindOf(
  timetable: Timetable | undefined,
  date: PlainDate,
): Readonly<{ kind: KindOfDay; note?: string }> {
  const isWeekend = weekdayOf(date) > 5;
  if (timetable === undefined) return { kind: isWeekend ? 'weekend' : 'ordinary' };
  // No school has this id, so only what is said of all is found.
  const { term, kind, note } = schoolDay(timetable, '', date);
  const noted = note !== undefined && { note };
  if (term === undefined) return { kind: 'between-terms' };
  const said: DayKind | 'ordinary' = kind;
  return { kind: said === 'ordinary' && isWeekend ? 'weekend' : said, ...noted };
}
