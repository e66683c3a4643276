import type { Mode, Period } from './inventory.ts';
import type { LinkKind } from './link.ts';

/** A day as the county's calendar names it: `2026-09-01`. Texts of this form sort as the days do. */
export type PlainDate = string;

/** Monday is 1, Sunday 7, as in ISO 8601. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** What can bring a lesson to a school. A live lesson by satellite needs its stream too. */
export const carriers = ['satellite', 'broadband'] as const satisfies readonly LinkKind[];
export type Carrier = (typeof carriers)[number];

/** Weeks of a term in which a lesson is; the week of the term's first day is the first, and odd. */
export const weekRules = ['every', 'odd', 'even'] as const;
export type WeekRule = (typeof weekRules)[number];

/** First and last day of a term. There are no lessons between terms. */
export type Term = Readonly<{ name: string; from: PlainDate; to: PlainDate }>;

/** A bell schedule (作息时间表). It holds from its day until the next one, for a school or for all that have none of their own. */
export type BellSchedule = Readonly<{ from: PlainDate; school?: string; periods: readonly Period[] }>;

export const dayKinds = ['holiday', 'make-up', 'exam', 'half'] as const;
export type DayKind = (typeof dayKinds)[number];

/**
 * Days that are not as the week says, first and last included. What is said of a school goes before what is said of all.
 * `make-up` (调休) has the lessons of another day, `half` those of some periods, `exam` and `holiday` none; an exam day may keep
 * some periods too.
 */
export type CalendarDay = Readonly<{
  kind: DayKind;
  from: PlainDate;
  to: PlainDate;
  school?: string;
  /** Of a make-up day: a weekday, in the week that the day itself is in, or the day whose lessons it has. */
  follows?: Weekday | PlainDate;
  /** Periods in which lessons are held; all of them where absent on a make-up day. */
  periods?: readonly number[];
  note?: string;
}>;

/** A class of a school. */
export type ClassAddress = Readonly<{ school: string; class: string }>;

/** What is taught, how, from where, and over which link. */
export type LessonContent = Readonly<{ subject: string; mode: Mode; frontEnd?: string; carrier: Carrier }>;

/** A lesson that comes again each week, or every second. */
export type WeeklyLesson = ClassAddress &
  LessonContent &
  Readonly<{
    weekday: Weekday;
    period: number;
    weeks: WeekRule;
    /** First and last day on which it may be; all the terms where absent. */
    from?: PlainDate;
    to?: PlainDate;
  }>;

/** A period of a day. */
export type Slot = Readonly<{ date: PlainDate; period: number }>;

/** Lessons cancelled (停课): of one class or all of a school or of the county, in one period or the whole day. */
export type Cancellation = Readonly<{
  kind: 'cancelled';
  date: PlainDate;
  school?: string;
  class?: string;
  period?: number;
}>;
/** Two periods of a class whose lessons change places (调课); one of the two may be free. */
export type Swap = ClassAddress & Slot & Readonly<{ kind: 'swapped'; with: Slot }>;
/** A lesson that no week has (补课). */
export type MadeUpLesson = ClassAddress & Slot & LessonContent & Readonly<{ kind: 'made-up' }>;
/** What is otherwise on a date; swaps come first, then what is cancelled, then what is made up. */
export type LessonChange = Cancellation | Swap | MadeUpLesson;

/** All that says when a county has lessons, apart from its time zone and its inventory. */
export type Timetable = Readonly<{
  terms: readonly Term[];
  bells: readonly BellSchedule[];
  days: readonly CalendarDay[];
  lessons: readonly WeeklyLesson[];
  changes: readonly LessonChange[];
}>;

/** One class, one period, one day. */
export type Lesson = ClassAddress &
  Slot &
  LessonContent &
  Readonly<{
    /** Seconds since 1970. */
    start: number;
    end: number;
    /** `timetable` where the week says so. */
    origin: 'timetable' | 'swapped' | 'made-up';
  }>;
