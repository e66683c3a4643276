import { Temporal } from 'temporal-polyfill';
import { Type } from 'typebox';

/** As people write them, Monday first. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** `24:00` is the end of the day. */
export const DayTime = Type.String({
  pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
  form: 'must be a time such as "08:30"',
});
export const Days = Type.Array(Type.Enum([...weekdays]), { minItems: 1 });
export const CalendarDate = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  form: 'must be a date such as 2026-09-01',
});

/** A moment as the clock on the wall of a county shows it. */
export type WallTime = Readonly<{
  /** `2026-09-01` */
  date: string;
  weekday: Weekday;
  /** `08:30` */
  time: string;
}>;

/** @param seconds since 1970 */
export function wallTime(seconds: number, timezone: string): WallTime {
  const zoned = zonedAt(seconds, timezone);
  return {
    date: zoned.toPlainDate().toString(),
    weekday: weekdays[zoned.dayOfWeek - 1] ?? 'mon',
    time: zoned.toPlainTime().toString({ smallestUnit: 'minute' }),
  };
}

/** A span of hours on some days; both are optional, and a span may go past midnight, when it belongs to the day that it begins on. */
export type Hours = Readonly<{ days?: readonly Weekday[]; from?: string; to?: string }>;

/** Whether a moment lies within the hours: `from` is in, `to` is not. */
export function isWithin({ days, from = '00:00', to = '24:00' }: Hours, wall: WallTime): boolean {
  const isOn = (day: Weekday): boolean => days === undefined || days.includes(day);
  if (from < to) return isOn(wall.weekday) && wall.time >= from && wall.time < to;
  return (isOn(wall.weekday) && wall.time >= from) || (isOn(dayBefore(wall.weekday)) && wall.time < to);
}

/**
 * The first moment from now on that lies in none of the hours.
 * @param now seconds since 1970
 * @returns seconds; undefined where all of the next eight days is covered
 */
export function firstOutside(hours: readonly Hours[], now: number, timezone: string): number | undefined {
  const isFree = (seconds: number): boolean => {
    const wall = wallTime(seconds, timezone);
    return !hours.some((each) => isWithin(each, wall));
  };
  if (isFree(now)) return now;
  // Only where a span ends can something begin to be outside of it.
  const today = zonedAt(now, timezone).toPlainDate();
  const ends = hours.flatMap(({ to = '24:00' }) =>
    Array.from({ length: 9 }, (_, ahead) => momentOf(today.add({ days: ahead }), to, timezone)),
  );
  return ends
    .filter((end) => end > now)
    .sort((a, b) => a - b)
    .find(isFree);
}

/** Whole days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
}

/** Whether the calendar has this date: the 30th of February passes {@link CalendarDate}. */
export function isDate(text: string): boolean {
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

function momentOf(date: Temporal.PlainDate, time: string, timezone: string): number {
  const midnight = time === '24:00';
  const zoned = (midnight ? date.add({ days: 1 }) : date).toZonedDateTime({
    timeZone: timezone,
    plainTime: midnight ? '00:00' : time,
  });
  return zoned.epochMilliseconds / 1000;
}

function zonedAt(seconds: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(seconds * 1000)).toZonedDateTimeISO(timezone);
}

function dayBefore(day: Weekday): Weekday {
  return weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day;
}
