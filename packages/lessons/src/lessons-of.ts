import type { Period } from '@tongtang/model/inventory';
import type {
  Lesson,
  LessonContent,
  MadeUpLesson,
  PlainDate,
  Slot,
  Swap,
  Timetable,
  WeeklyLesson,
} from '@tongtang/model/timetable';
import { secondsAt } from './plain-date.ts';
import { inWeek, periodsOf, schoolDay } from './school-day.ts';
import { weeklyLessonsOf } from './weekly-lessons.ts';

/** What a day has: the lessons that are held and those that were cancelled, each in the order of their time. */
export type DayOfLessons = Readonly<{ held: readonly Lesson[]; cancelled: readonly Lesson[] }>;

/** A lesson that has a period, and no time yet. */
type Planned = Omit<Lesson, 'start' | 'end'>;

/**
 * The lessons that a county holds on a day, as terms, calendar, weeks, bell schedules and changes have it: by time, then school
 * and class. A lesson whose period has no bell on that day is none; an import refuses such a timetable.
 */
export function lessonsOf(timetable: Timetable, date: PlainDate, timeZone: string): readonly Lesson[] {
  const schools = new Set([...timetable.lessons, ...timetable.changes].flatMap(({ school }) => school ?? []));
  return inOrder([...schools].flatMap((school) => schoolLessonsOf(timetable, school, date, timeZone).held));
}

/** The same of one school, with what was cancelled. */
export function schoolLessonsOf(
  timetable: Timetable,
  school: string,
  date: PlainDate,
  timeZone: string,
): DayOfLessons {
  const { held, cancelled } = planOf(timetable, school, date);
  // Many classes share a period, and to ask a time zone for its moment is the dearest of all this.
  const times = new Map(
    periodsOf(timetable, school, date).map((period) => [period.n, timesOf(period, date, timeZone)]),
  );
  const timed = (plan: readonly Planned[]): Lesson[] =>
    inOrder(
      plan.flatMap((lesson) => {
        const time = times.get(lesson.period);
        return time === undefined ? [] : [{ ...lesson, ...time }];
      }),
    );
  return { held: timed(held), cancelled: timed(cancelled) };
}

/** What a school has on a day, by period. */
export function planOf(
  timetable: Timetable,
  school: string,
  date: PlainDate,
): { held: Planned[]; cancelled: Planned[] } {
  const slots = new Map<string, Planned>();
  for (const lesson of weekOf(timetable, school, date)) slots.set(keyOf(lesson), planned(lesson, date));
  for (const swap of swapsOn(timetable, school, date)) exchange(slots, timetable, swap, date);
  const cancelled: Planned[] = [];
  for (const change of timetable.changes) {
    if (change.kind !== 'cancelled' || change.date !== date) continue;
    for (const [key, lesson] of slots) {
      if (!isMeant(change, lesson)) continue;
      slots.delete(key);
      cancelled.push(lesson);
    }
  }
  for (const change of timetable.changes)
    if (change.kind === 'made-up' && change.date === date && change.school === school)
      slots.set(keyOf(change), madeUp(change));
  return { held: [...slots.values()], cancelled };
}

/** Whether a cancellation is of a lesson. */
function isMeant(
  { school, class: of, period }: { school?: string; class?: string; period?: number },
  lesson: Planned,
): boolean {
  return (
    (school === undefined || school === lesson.school) &&
    (of === undefined || of === lesson.class) &&
    (period === undefined || period === lesson.period)
  );
}

/** The lessons that the week brings to a school on a day. */
export function weekOf(timetable: Timetable, school: string, date: PlainDate): WeeklyLesson[] {
  const { weekday, week, periods } = schoolDay(timetable, school, date);
  if (weekday === undefined || week === undefined) return [];
  return weeklyLessonsOf(timetable, school).filter(
    (lesson) =>
      lesson.weekday === weekday &&
      inWeek(lesson.weeks, week) &&
      (lesson.from ?? date) <= date &&
      date <= (lesson.to ?? date) &&
      (periods === undefined || periods.includes(lesson.period)),
  );
}

function swapsOn({ changes }: Timetable, school: string, date: PlainDate): Swap[] {
  return changes.flatMap((change) =>
    change.kind === 'swapped' && change.school === school && [change.date, change.with.date].includes(date)
      ? [change]
      : [],
  );
}

/** Puts into the slots of this day what the week has in the other slot of a swap. */
function exchange(slots: Map<string, Planned>, timetable: Timetable, swap: Swap, date: PlainDate): void {
  const one: Slot = { date: swap.date, period: swap.period };
  for (const [here, there] of [
    [one, swap.with],
    [swap.with, one],
  ] as const) {
    if (here.date !== date) continue;
    const other = lessonIn(timetable, swap, there);
    const key = keyOf({ class: swap.class, period: here.period });
    if (other === undefined) slots.delete(key);
    else slots.set(key, { ...planned(other, date), period: here.period, origin: 'swapped' });
  }
}

/** The lesson that the week has for a class in a period of a day. */
export function lessonIn(
  timetable: Timetable,
  { school, class: of }: { school: string; class: string },
  { date, period }: Slot,
): WeeklyLesson | undefined {
  return weekOf(timetable, school, date).find((lesson) => lesson.class === of && lesson.period === period);
}

function planned(lesson: WeeklyLesson, date: PlainDate): Planned {
  const { school, class: of, period } = lesson;
  return { school, class: of, date, period, ...contentOf(lesson), origin: 'timetable' };
}

function madeUp(change: MadeUpLesson): Planned {
  const { school, class: of, date, period } = change;
  return { school, class: of, date, period, ...contentOf(change), origin: 'made-up' };
}

/** What is taught, without when. */
export function contentOf({ subject, mode, frontEnd, carrier }: LessonContent): LessonContent {
  return { subject, mode, ...(frontEnd !== undefined && { frontEnd }), carrier };
}

/** Classes of one school are told apart by their id. */
function keyOf({ class: of, period }: { class: string; period: number }): string {
  return `${of}/${period}`;
}

function timesOf({ start, end }: Period, date: PlainDate, timeZone: string): { start: number; end: number } {
  return { start: secondsAt(date, start, timeZone), end: secondsAt(date, end, timeZone) };
}

function inOrder(lessons: readonly Lesson[]): Lesson[] {
  const place = ({ school, class: of, period }: Lesson): string => `${school}/${of}/${period}`;
  return lessons.toSorted((a, b) => a.start - b.start || (place(a) < place(b) ? -1 : 1));
}
