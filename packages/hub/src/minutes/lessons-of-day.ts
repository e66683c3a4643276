import { schoolLessonsOf } from '@tongtang/lessons/lessons-of';
import { secondsAt, weekdayOf } from '@tongtang/lessons/plain-date';
import type { Inventory, Mode, School } from '@tongtang/model/inventory';
import type { Carrier, PlainDate, Timetable } from '@tongtang/model/timetable';
import { isInTimetable } from '../lesson-windows.ts';

/** What says which lessons a county has; it need not have a timetable. */
export type DaySource = Readonly<{
  inventory: Pick<Inventory, 'county' | 'schools' | 'periods' | 'satellite'>;
  timetable?: Timetable | undefined;
}>;

/** A lesson of a class, as far as it is asked what became of it. Times in seconds since 1970. */
export type ClassLesson = Readonly<{
  school: string;
  class: string;
  classroom: string;
  period: number;
  start: number;
  end: number;
  mode: Mode;
  carrier: Carrier;
  isCancelled: boolean;
}>;

/**
 * The lessons of a school on a day, those that were cancelled included, in the order of their time. Where the timetable says nothing of the school: each
 * class in each period of the inventory, Monday to Friday, as the school is taught.
 */
export function lessonsOfDay(source: DaySource, school: School, date: PlainDate): ClassLesson[] {
  const { timetable, inventory } = source;
  const { timezone } = inventory.county;
  const rooms = new Map(school.classes.map(({ id, classroom }) => [id, classroom]));
  if (timetable !== undefined && isInTimetable({ inventory, timetable }, school.id)) {
    const { held, cancelled } = schoolLessonsOf(timetable, school.id, date, timezone);
    return [
      ...held.map((lesson) => [lesson, false] as const),
      ...cancelled.map((lesson) => [lesson, true] as const),
    ]
      .map(([{ class: of, period, start, end, mode, carrier }, isCancelled]) => ({
        school: school.id,
        class: of,
        classroom: rooms.get(of) ?? of,
        period,
        start,
        end,
        mode,
        carrier,
        isCancelled,
      }))
      .sort(byTime);
  }
  const { mode } = school;
  if (mode === undefined || weekdayOf(date) > 5) return [];
  return inventory.periods
    .flatMap(({ n, start, end }) => {
      const times = { start: secondsAt(date, start, timezone), end: secondsAt(date, end, timezone) };
      return school.classes.map(
        ({ id, classroom }): ClassLesson => ({
          school: school.id,
          class: id,
          classroom,
          period: n,
          ...times,
          mode,
          carrier: inventory.satellite === undefined ? 'broadband' : 'satellite',
          isCancelled: false,
        }),
      );
    })
    .sort(byTime);
}

function byTime(a: ClassLesson, b: ClassLesson): number {
  return a.start - b.start || (a.class < b.class ? -1 : a.class > b.class ? 1 : a.period - b.period);
}
