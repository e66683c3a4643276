const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timeZone, options]);
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options });
    formats.set(key, found);
  }
  return found;
}

/** Date, time to the second and zone: what a technician may write into a report. */
export function formatMoment(seconds: number, timeZone: string, locale: string): string {
  const zone = format(locale, timeZone, { hour: '2-digit', timeZoneName: 'short' })
    .formatToParts(seconds * 1000)
    .find(({ type }) => type === 'timeZoneName');
  return `${formatSecond(seconds, timeZone, locale, true)} ${zone?.value ?? ''}`;
}

/** Date and time to the second. */
export function formatSecond(seconds: number, timeZone: string, locale: string, withYear = false): string {
  return format(locale, timeZone, {
    ...(withYear && { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(seconds * 1000);
}

/** Date with its year, and time to the minute: of what is kept for years. */
export function formatMinute(seconds: number, timeZone: string, locale: string): string {
  return format(locale, timeZone, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(seconds * 1000);
}

/** The time of day; with the date where that is not the day of `now`. */
export function formatSince(seconds: number, now: number, timeZone: string, locale: string): string {
  const day = format(locale, timeZone, { year: 'numeric', month: 'numeric', day: 'numeric' });
  const today = day.format(seconds * 1000) === day.format(now * 1000);
  return format(locale, timeZone, {
    ...(!today && { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  }).format(seconds * 1000);
}

/** Time of day for an axis; seconds where asked. */
export function formatClock(seconds: number, timeZone: string, locale: string, withSeconds: boolean): string {
  return format(locale, timeZone, {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds && { second: '2-digit' }),
  }).format(seconds * 1000);
}

/** Month and day for an axis. */
export function formatDay(seconds: number, timeZone: string, locale: string): string {
  return format(locale, timeZone, { month: 'numeric', day: 'numeric' }).format(seconds * 1000);
}

/** A day among days of a few weeks: month, day and weekday. */
export function formatDate(seconds: number, timeZone: string, locale: string): string {
  return format(locale, timeZone, { month: 'short', day: 'numeric', weekday: 'short' }).format(
    seconds * 1000,
  );
}

/** How long ago, in the largest unit that fits: `3 min. ago`, `3分钟前`. A future moment counts as now. */
export function formatAgo(seconds: number, now: number, locale: string): string {
  const past = Math.max(0, now - seconds);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  if (past < 10) return locale.startsWith('zh') ? '刚刚' : 'just now';
  if (past < 60) return relative.format(-Math.floor(past), 'second');
  if (past < 3600) return relative.format(-Math.floor(past / 60), 'minute');
  if (past < 86_400) return relative.format(-Math.floor(past / 3600), 'hour');
  return relative.format(-Math.floor(past / 86_400), 'day');
}

const durationUnits = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time in its two largest units: `2 hr 5 min`, `2小时5分钟`. */
export function formatDuration(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.round(seconds));
  const at = durationUnits.findIndex(([, size]) => whole >= size);
  const first = at === -1 ? durationUnits.length - 1 : at;
  let rest = whole;
  const parts: string[] = [];
  for (const [unit, size] of durationUnits.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count === 0 && parts.length > 0) continue;
    parts.push(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count));
  }
  return parts.join(locale.startsWith('zh') ? '' : ' ');
}

/**
 * The moment that a wall clock in a time zone shows as `text`.
 * @param text as `<input type="datetime-local">` gives it: `2026-11-24T08:30`
 * @returns seconds since 1970, or undefined for what is no such text; of an hour that the zone skips, the moment after
 */
export function momentIn(text: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The zone's offset depends on the moment that is sought: the second look corrects the first across a clock change.
  let moment = asUtc - offsetMs(asUtc, timeZone);
  moment = asUtc - offsetMs(moment, timeZone);
  return moment / 1000;
}

/** What a wall clock in a time zone shows, as `<input type="datetime-local">` wants it. */
export function wallClock(seconds: number, timeZone: string): string {
  const ms = seconds * 1000;
  return new Date(ms + offsetMs(ms, timeZone)).toISOString().slice(0, 16);
}

function offsetMs(ms: number, timeZone: string): number {
  const parts = format('en', timeZone, {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  const part = (type: string): number => Number(parts.find((entry) => entry.type === type)?.value);
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - Math.floor(ms / 1000) * 1000;
}
