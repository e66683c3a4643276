import { schoolLessonsOf } from '@tongtang/lessons/lessons-of';
import { secondsAt, weekdayOf } from '@tongtang/lessons/plain-date';
import { periodsOf, schoolDay } from '@tongtang/lessons/school-day';
import { usualCarrier } from '@tongtang/lessons/usual-carrier';
import type { Inventory, Period, School } from '@tongtang/model/inventory';
import {
  type DayKind,
  dayKinds,
  type Lesson,
  type PlainDate,
  type Timetable,
} from '@tongtang/model/timetable';
import { isInTimetable } from '../lesson-windows.ts';

/** A lesson with the classroom that its class sits in. */
export type RoomLesson = Omit<Lesson, 'subject' | 'origin'> &
  Readonly<{
    classroom: string;
    /** Absent where no timetable says it. */
    subject?: string;
    /** `periods`: no timetable says anything of the school, so each period of the inventory counts. */
    origin: Lesson['origin'] | 'periods';
    cancelled?: true;
  }>;

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
  lessons: readonly RoomLesson[];
}>;

/** The lessons of all classes of a county on a day, in the county's time zone. */
export function dayOfLessons(
  inventory: Inventory,
  timetable: Timetable | undefined,
  date: PlainDate,
): DayOfCounty {
  const lessons = inventory.schools.flatMap((school) =>
    timetable !== undefined && isInTimetable({ inventory, timetable }, school.id)
      ? byTimetable(inventory, timetable, school, date)
      : byPeriods(inventory, timetable, school, date),
  );
  const place = ({ school, class: of }: RoomLesson): string => `${school}/${of}`;
  return {
    date,
    timetable: timetable !== undefined,
    ...kindOf(timetable, date),
    lessons: lessons.toSorted((a, b) => a.start - b.start || (place(a) < place(b) ? -1 : 1)),
  };
}

function byTimetable(
  { county }: Inventory,
  timetable: Timetable,
  { id, classes }: School,
  date: PlainDate,
): RoomLesson[] {
  const rooms = new Map(classes.map((each) => [each.id, each.classroom]));
  const { held, cancelled } = schoolLessonsOf(timetable, id, date, county.timezone);
  const inRoom = (lesson: Lesson, more: { cancelled?: true } = {}): RoomLesson[] => {
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
  inventory: Inventory,
  timetable: Timetable | undefined,
  { id, classes, mode = 'live', frontEnd }: School,
  date: PlainDate,
): RoomLesson[] {
  const { county, periods: usual } = inventory;
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
      carrier: usualCarrier[mode],
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
