import type { Period } from '@tongtang/model/inventory';
import { Temporal } from 'temporal-polyfill';

/** Start and end of a lesson, in seconds since 1970. */
export type LessonWindow = [start: number, end: number];

/**
 * When lessons may be on: each period, Monday to Friday, from today on, in the county's time zone. A period that falls
 * into the hour that a change to summer time leaves out is moved behind it (Temporal's `compatible`).
 * @param now seconds since 1970
 * @param days how many days, today included with what of it is over, so that the answer changes once a day
 * @returns windows in order
 */
export function lessonWindows(
  periods: readonly Period[],
  timezone: string,
  now: number,
  days: number,
): LessonWindow[] {
  const today = dayOf(now, timezone);
  return Array.from({ length: days }, (_, ahead) => lessonsOf(today.add({ days: ahead }), periods, timezone))
    .flat()
    .map(({ start, end }): LessonWindow => [start, end])
    .sort((a, b) => a[0] - b[0]);
}

/**
 * The lessons that a span of time within one day touches.
 * @param from seconds since 1970
 * @param to the moment after the span
 * @returns numbers of periods in the order of the day
 */
export function lessonsTouched(
  periods: readonly Period[],
  timezone: string,
  from: number,
  to: number,
): number[] {
  return lessonsOf(dayOf(from, timezone), periods, timezone)
    .filter(({ start, end }) => start < to && end > from)
    .sort((a, b) => a.start - b.start)
    .map(({ n }) => n);
}

type Lesson = Readonly<{ n: number; start: number; end: number }>;

function lessonsOf(date: Temporal.PlainDate, periods: readonly Period[], timezone: string): Lesson[] {
  if (date.dayOfWeek > 5) return [];
  const secondsAt = (plainTime: string): number => {
    const zoned = date.toZonedDateTime({ timeZone: timezone, plainTime });
    return Math.floor(zoned.epochMilliseconds / 1000);
  };
  return periods.map(({ n, start, end }) => ({ n, start: secondsAt(start), end: secondsAt(end) }));
}

function dayOf(seconds: number, timezone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(seconds * 1000))
    .toZonedDateTimeISO(timezone)
    .toPlainDate();
}
