import type { PlainDate, Weekday } from '@tongtang/model/timetable';
import { Temporal } from 'temporal-polyfill';

/** The day of the week. */
export function weekdayOf(date: PlainDate): Weekday {
  const { dayOfWeek } = Temporal.PlainDate.from(date);
  const weekday = weekdays.find((day) => day === dayOfWeek);
  if (weekday === undefined) throw new RangeError(`${date} is on no day of the week`);
  return weekday;
}

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const satisfies readonly Weekday[];

/** The day that is so many days later, or earlier. */
export function plusDays(date: PlainDate, days: number): PlainDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Which week a day is in, that of the first day being 1; weeks begin on Monday. */
export function weekNumber(firstDay: PlainDate, date: PlainDate): number {
  const monday = (day: PlainDate): Temporal.PlainDate => {
    const plain = Temporal.PlainDate.from(day);
    return plain.subtract({ days: plain.dayOfWeek - 1 });
  };
  return monday(firstDay).until(monday(date), { largestUnit: 'days' }).days / 7 + 1;
}

/**
 * The moment of a clock time, in seconds since 1970. A time that a change to summer time leaves out is moved behind it
 * (Temporal's `compatible`).
 */
export function secondsAt(date: PlainDate, clock: string, timeZone: string): number {
  const key = `${date} ${clock} ${timeZone}`;
  const known = moments.get(key);
  if (known !== undefined) return known;
  const zoned = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime: clock });
  const seconds = Math.floor(zoned.epochMilliseconds / 1000);
  if (moments.size >= mostMoments) moments.clear();
  moments.set(key, seconds);
  return seconds;
}

/**
 * All schools of a county have lessons at much the same times, and a zone's rules take 40 µs to apply. Room for a school year of days
 * with sixteen times each, some half a megabyte.
 */
const moments = new Map<string, number>();
const mostMoments = 5000;

/** The day that it is at a moment, in seconds since 1970. */
export function dayOf(seconds: number, timeZone: string): PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(seconds * 1000))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
}

/** The time of day at a moment, in seconds since 1970: `08:30`. */
export function clockOf(seconds: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(seconds * 1000))
    .toZonedDateTimeISO(timeZone)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' });
}

/** Whether a text is a day that exists, in the form `2026-09-01`. */
export function isPlainDate(text: string): text is PlainDate {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}
