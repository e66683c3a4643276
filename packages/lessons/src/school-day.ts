import type { Period } from '@tongtang/model/inventory';
import type {
  CalendarDay,
  DayKind,
  PlainDate,
  Term,
  Timetable,
  Weekday,
  WeekRule,
} from '@tongtang/model/timetable';
import { weekdayOf, weekNumber } from './plain-date.ts';

/** What a day is for a school, before anything is changed for it. */
export type SchoolDay = Readonly<{
  /** Absent between terms: there are no lessons. */
  term?: Term;
  kind: DayKind | 'ordinary';
  note?: string;
  /** The weekday whose lessons it has; absent where it has none. */
  weekday?: Weekday;
  /** The week of the term that its lessons are of, from 1. */
  week?: number;
  /** The periods that are held; all of them where absent. */
  periods?: readonly number[];
}>;

/** What a day is for a school: term, calendar, make-up. */
export function schoolDay(timetable: Timetable, school: string, date: PlainDate): SchoolDay {
  const term = termAt(timetable, date);
  if (term === undefined) return { kind: 'ordinary' };
  const entry = entryOf(timetable.days, school, date);
  if (entry === undefined) return { term, kind: 'ordinary', ...lessonsAsOn(timetable, term, date, date) };
  const { kind, note, periods, follows } = entry;
  const said = { term, kind, ...(note !== undefined && { note }) };
  const held = periods !== undefined && { periods };
  if (kind === 'holiday' || (kind === 'exam' && !held)) return said;
  if (typeof follows === 'number')
    return { ...said, weekday: follows, week: weekNumber(term.from, date), ...held };
  return { ...said, ...lessonsAsOn(timetable, term, date, follows ?? date), ...held };
}

/** Weekday and week of the day whose lessons are held. */
function lessonsAsOn(
  timetable: Timetable,
  term: Term,
  date: PlainDate,
  other: PlainDate,
): { weekday: Weekday; week: number } {
  const { from } = (other === date ? undefined : termAt(timetable, other)) ?? term;
  return { weekday: weekdayOf(other), week: weekNumber(from, other) };
}

function termAt({ terms }: Timetable, date: PlainDate): Term | undefined {
  return terms.find(({ from, to }) => from <= date && date <= to);
}

/** What is said of the school goes before what is said of all. */
function entryOf(days: readonly CalendarDay[], school: string, date: PlainDate): CalendarDay | undefined {
  const saying = days.filter(({ from, to }) => from <= date && date <= to);
  return (
    saying.find((entry) => entry.school === school) ?? saying.find((entry) => entry.school === undefined)
  );
}

/** The periods of a school on a day, by the bell schedule that holds then; none before the first. */
export function periodsOf({ bells }: Timetable, school: string, date: PlainDate): readonly Period[] {
  const latest = (of: string | undefined): readonly Period[] | undefined =>
    bells
      .filter((bell) => bell.school === of && bell.from <= date)
      .reduce<(typeof bells)[number] | undefined>(
        (last, bell) => (last === undefined || bell.from > last.from ? bell : last),
        undefined,
      )?.periods;
  return latest(school) ?? latest(undefined) ?? [];
}

/** Whether a lesson of such weeks is in that week of the term. */
export function inWeek(rule: WeekRule, week: number): boolean {
  return rule === 'every' || (rule === 'odd') === (week % 2 !== 0);
}
