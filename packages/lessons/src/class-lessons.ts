import type { Inventory, Period, School } from '@tongtang/model/inventory';
import type { Lesson, PlainDate, Timetable } from '@tongtang/model/timetable';
import { schoolLessonsOf } from './lessons-of.ts';
import { secondsAt, weekdayOf } from './plain-date.ts';
import { periodsOf, schoolDay } from './school-day.ts';
import { usualCarrier } from './usual-carrier.ts';
import { weeklyLessonsOf } from './weekly-lessons.ts';

/** A lesson with the classroom that its class sits in. */
export type ClassLesson = Omit<Lesson, 'subject' | 'origin'> &
  Readonly<{
    classroom: string;
    /** Absent where no timetable says it. */
    subject?: string;
    /** `periods`: no timetable says anything of the school, so each period of the inventory counts. */
    origin: Lesson['origin'] | 'periods';
    cancelled?: true;
  }>;

/** What says which lessons a county has; it need not have a timetable. */
export type LessonSource = Readonly<{
  inventory: Pick<Inventory, 'county' | 'schools' | 'periods' | 'satellite'>;
  timetable?: Timetable | undefined;
}>;

/** Whether a timetable says anything of a school: one that has not entered its lessons yet has some all the same. */
export function isInTimetable({ timetable }: Pick<LessonSource, 'timetable'>, school: string): boolean {
  return timetable !== undefined && weeklyLessonsOf(timetable, school).length > 0;
}

/**
 * The lessons of all classes of a school on a day, those that were cancelled among them: by time, then class. Where no timetable says anything of the
 * school, each class has one in every period, Monday to Friday, as the school is taught.
 */
export function classLessonsOf(source: LessonSource, school: School, date: PlainDate): ClassLesson[] {
  const { inventory, timetable } = source;
  const lessons =
    timetable !== undefined && isInTimetable(source, school.id)
      ? byTimetable(inventory, timetable, school, date)
      : byPeriods(inventory, timetable, school, date);
  return lessons.sort(
    (a, b) => a.start - b.start || (a.class < b.class ? -1 : a.class > b.class ? 1 : a.period - b.period),
  );
}

function byTimetable(
  { county }: LessonSource['inventory'],
  timetable: Timetable,
  { id, classes }: School,
  date: PlainDate,
): ClassLesson[] {
  const rooms = new Map(classes.map((each) => [each.id, each.classroom]));
  const { held, cancelled } = schoolLessonsOf(timetable, id, date, county.timezone);
  const inRoom = (lesson: Lesson, more: { cancelled?: true } = {}): ClassLesson[] => {
    const classroom = rooms.get(lesson.class);
    // The inventory may have lost a class that the timetable still has.
    return classroom === undefined ? [] : [{ ...lesson, classroom, ...more }];
  };
  return [
    ...held.flatMap((lesson) => inRoom(lesson)),
    ...cancelled.flatMap((lesson) => inRoom(lesson, { cancelled: true })),
  ];
}

/** Of a school of which no timetable says anything: its terms and holidays may be known all the same. */
function byPeriods(
  { county, periods: usual, satellite }: LessonSource['inventory'],
  timetable: Timetable | undefined,
  { id, classes, mode = 'live', frontEnd }: School,
  date: PlainDate,
): ClassLesson[] {
  const carrier = satellite === undefined ? 'broadband' : usualCarrier[mode];
  const times = heldPeriods(usual, timetable, id, date).map(({ n, start, end }) => ({
    period: n,
    start: secondsAt(date, start, county.timezone),
    end: secondsAt(date, end, county.timezone),
  }));
  return times.flatMap((time) =>
    classes.map((of) => ({
      school: id,
      class: of.id,
      classroom: of.classroom,
      date,
      ...time,
      mode,
      ...(frontEnd !== undefined && { frontEnd }),
      carrier,
      origin: 'periods' as const,
    })),
  );
}

function heldPeriods(
  usual: readonly Period[],
  timetable: Timetable | undefined,
  school: string,
  date: PlainDate,
): readonly Period[] {
  if (timetable === undefined) return weekdayOf(date) > 5 ? [] : usual;
  const { weekday, periods: held } = schoolDay(timetable, school, date);
  if (weekday === undefined || weekday > 5) return [];
  const own = periodsOf(timetable, school, date);
  return (own.length > 0 ? own : usual).filter(({ n }) => held === undefined || held.includes(n));
}
