import { isInTimetable } from '@tongtang/lessons/class-lessons';
import { schoolLessonsOf } from '@tongtang/lessons/lessons-of';
import { dayOf, plusDays, secondsAt, weekdayOf } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import type { Carrier, PlainDate, Timetable } from '@tongtang/model/timetable';

/** Start and end of a lesson, in seconds since 1970. */
export type LessonWindow = [start: number, end: number];

/** What says when a county has lessons; it need not have a timetable. */
export type LessonSource = Readonly<{
  inventory: Pick<Inventory, 'periods' | 'county'>;
  timetable?: Timetable | undefined;
}>;

/** A period in which classes of a school have lessons, in seconds since 1970. */
export type LessonTime = Readonly<{
  n: number;
  start: number;
  end: number;
  /** What carries them; unknown where there is no timetable. */
  carriers?: readonly Carrier[];
}>;

/**
 * When lessons are on in any class of a school, from today on, in the county's time zone: what disturbs one room disturbs the line
 * that all of them share. By the timetable; where it says nothing of the school, each period of the inventory, Monday to Friday.
 * @param now seconds since 1970
 * @param days how many days, today included with what of it is over, so that the answer changes once a day
 * @returns windows in order
 */
export function lessonWindows(
  source: LessonSource,
  school: string,
  now: number,
  days: number,
): LessonWindow[] {
  const today = dayOf(now, source.inventory.county.timezone);
  const times = Array.from({ length: days }, (_, ahead) =>
    lessonTimes(source, school, plusDays(today, ahead)),
  ).flat();
  // Periods of one time are one window, whichever bells they ring by.
  const windows = new Map(
    times.map(({ start, end }) => [`${start}/${end}`, [start, end] satisfies LessonWindow]),
  );
  return [...windows.values()].sort((a, b) => a[0] - b[0]);
}

/**
 * The lessons of a school that a span of time within one day touches, in the order of the day.
 * @param from seconds since 1970
 * @param to the moment after the span
 */
export function lessonsTouched(source: LessonSource, school: string, from: number, to: number): LessonTime[] {
  return lessonTimes(source, school, dayOf(from, source.inventory.county.timezone)).filter(
    ({ start, end }) => start < to && end > from,
  );
}

function lessonTimes(source: LessonSource, school: string, date: PlainDate): LessonTime[] {
  const { timetable, inventory } = source;
  const { timezone } = inventory.county;
  if (timetable !== undefined && isInTimetable(source, school)) {
    const { held } = schoolLessonsOf(timetable, school, date, timezone);
    return [...Map.groupBy(held, ({ period }) => period)]
      .flatMap(([n, [first, ...others]]): LessonTime[] => {
        if (first === undefined) return [];
        const carriers = new Set([first, ...others].map(({ carrier }) => carrier));
        return [{ n, start: first.start, end: first.end, carriers: [...carriers] }];
      })
      .sort((a, b) => a.start - b.start);
  }
  if (weekdayOf(date) > 5) return [];
  return inventory.periods
    .map(({ n, start, end }) => ({
      n,
      start: secondsAt(date, start, timezone),
      end: secondsAt(date, end, timezone),
    }))
    .sort((a, b) => a.start - b.start);
}
