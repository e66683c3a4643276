import { Temporal } from 'temporal-polyfill';

/** Announced work: what happens in it is no incident. Without a school it is the whole county's. */
export type MaintenanceWindow = Readonly<{
  id: string;
  school?: string;
  note: string;
}> &
  (
    | Readonly<{ kind: 'once'; start: number; end: number }>
    | Readonly<{
        kind: 'weekly';
        /** 1 is Monday, 7 Sunday, in the county's time zone. */
        weekdays: readonly number[];
        /** `02:00`, in the county's time zone. */
        at: string;
        minutes: number;
      }>
  );

export type Exclusion = Readonly<{ school?: string; start: number; end: number }>;

/**
 * When windows exclude, within a span. A time that a change to summer time leaves out is moved behind it.
 * @param from hub time in seconds
 */
export function exclusionsOf(
  windows: readonly MaintenanceWindow[],
  timezone: string,
  from: number,
  to: number,
): Exclusion[] {
  return windows
    .flatMap((window): Exclusion[] => {
      const place = window.school === undefined ? {} : { school: window.school };
      if (window.kind === 'once') return [{ ...place, start: window.start, end: window.end }];
      const { weekdays, at, minutes } = window;
      // One that began before the span may reach into it.
      const first = dayOf(from - minutes * 60, timezone);
      const days = first.until(dayOf(to, timezone)).days + 1;
      return Array.from({ length: days }, (_, ahead) => first.add({ days: ahead }))
        .filter((day) => weekdays.includes(day.dayOfWeek))
        .map((day) => {
          const zoned = day.toZonedDateTime({ timeZone: timezone, plainTime: at });
          const start = Math.floor(zoned.epochMilliseconds / 1000);
          return { ...place, start, end: start + minutes * 60 };
        });
    })
    .filter(({ start, end }) => start < to && end > from);
}

/** Whether work was announced for a school at a time. */
export function isExcluded(exclusions: readonly Exclusion[], school: string, time: number): boolean {
  return exclusions.some(
    (one) => one.start <= time && time < one.end && (one.school === undefined || one.school === school),
  );
}

function dayOf(seconds: number, timezone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(seconds * 1000))
    .toZonedDateTimeISO(timezone)
    .toPlainDate();
}
