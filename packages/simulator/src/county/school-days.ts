import type { Period } from '@tongtang/model/inventory';
import { Temporal } from 'temporal-polyfill';

/** A day in a county. Times in seconds since 1970. */
export type Day = Readonly<{
  start: number;
  end: number;
  /** Whether there are lessons. */
  school: boolean;
  month: number;
  /** In order. */
  lessons: readonly (readonly [start: number, end: number])[];
}>;

/**
 * When nobody is in school beside weekends, as MM-DD, both days included: winter, National Day and summer. Assumed; a real
 * county has its calendar.
 */
const breaks = [
  ['01-16', '02-28'],
  ['05-01', '05-05'],
  ['07-16', '08-31'],
  ['10-01', '10-07'],
] as const;

/** So often it is looked anew which day it is: every zone changes its day at a full quarter of an hour. Seconds. */
const lookEveryS = 900;

/** The days of a county by its own clock. */
export class SchoolDays {
  readonly #periods: readonly Period[];
  readonly #timezone: string;
  readonly #byQuarter = new Map<number, Day>();
  readonly #byDate = new Map<string, Day>();

  constructor(periods: readonly Period[], timezone: string) {
    this.#periods = periods;
    this.#timezone = timezone;
  }

  /** @param time seconds since 1970 */
  at(time: number): Day {
    const quarter = Math.floor(time / lookEveryS);
    const known = this.#byQuarter.get(quarter);
    if (known !== undefined) return known;
    const date = Temporal.Instant.fromEpochMilliseconds(quarter * lookEveryS * 1000)
      .toZonedDateTimeISO(this.#timezone)
      .toPlainDate();
    const day = this.#byDate.get(date.toString()) ?? this.#dayOf(date);
    this.#byDate.set(date.toString(), day);
    this.#byQuarter.set(quarter, day);
    return day;
  }

  #dayOf(date: Temporal.PlainDate): Day {
    const secondsAt = (of: Temporal.PlainDate, plainTime: string): number =>
      of.toZonedDateTime({ timeZone: this.#timezone, plainTime }).epochMilliseconds / 1000;
    const monthAndDay = date.toString().slice(5);
    const school =
      date.dayOfWeek <= 5 && !breaks.some(([from, to]) => from <= monthAndDay && monthAndDay <= to);
    return {
      start: secondsAt(date, '00:00'),
      end: secondsAt(date.add({ days: 1 }), '00:00'),
      school,
      month: date.month,
      lessons: school
        ? this.#periods
            .map(({ start, end }) => [secondsAt(date, start), secondsAt(date, end)] as const)
            .toSorted((a, b) => a[0] - b[0])
        : [],
    };
  }
}
