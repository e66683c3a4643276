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
  const today = Temporal.Instant.fromEpochMilliseconds(now * 1000)
    .toZonedDateTimeISO(timezone)
    .toPlainDate();
  const windows: LessonWindow[] = [];
  for (let ahead = 0; ahead < days; ahead += 1) {
    const date = today.add({ days: ahead });
    if (date.dayOfWeek > 5) continue;
    for (const { start, end } of periods) windows.push([secondsAt(start), secondsAt(end)]);

    function secondsAt(plainTime: string): number {
      const zoned = date.toZonedDateTime({ timeZone: timezone, plainTime });
      return Math.floor(zoned.epochMilliseconds / 1000);
    }
  }
  return windows.sort((a, b) => a[0] - b[0]);
}
