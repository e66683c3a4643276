import { Type } from 'typebox';
import { ApiError } from './errors.ts';

/** A point in time as people give it to the API. */
export const TimeText = Type.String({
  pattern:
    '^(now|-\\d{1,9}(s|m|h|d)|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d))$',
  form: 'must be a time such as 2026-03-02T08:30:00+08:00, -1h or now',
  description: 'RFC 3339 with its offset, relative to now (`-90s`, `-15m`, `-1h`, `-7d`), or `now`',
});

/** The width of a bucket as people give it to the API. */
export const EveryText = Type.String({
  pattern: '^(auto|\\d{1,9}(s|m|h|d)?)$',
  form: 'must be a length such as 30s, 5m, 1h, 1d or 30, or auto',
  description: 'Width of a bucket: `10s`, `1m`, `1h`, `1d` or plain seconds; `auto` gives at most 600 points',
});

const unitS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * Seconds since 1970 of a {@link TimeText}.
 * @returns undefined where the calendar has no such day or time
 */
export function parseTime(text: string, nowS: number): number | undefined {
  if (text === 'now') return nowS;
  if (text.startsWith('-')) return nowS - lengthOf(text.slice(1));
  const milliseconds = isRealDay(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/**
 * The same of a parameter.
 * @throws ApiError naming it
 */
export function timeOf(parameter: string, text: string, nowS: number): number {
  const time = parseTime(text, nowS);
  if (time === undefined)
    throw new ApiError('invalid_input', `${parameter}: there is no such day or time as ${text}`);
  return time;
}

/** Seconds of `30s`, `5m`, `1h`, `1d` or `30`. */
export function lengthOf(text: string): number {
  const [, count, unit] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  return Number(count) * (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? unitS[unit] : 1);
}

/** Date.parse takes 2026-02-30 for the 2nd of March. */
function isRealDay(text: string): boolean {
  const day = text.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

const mostPoints = 600;
const widths = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** The smallest customary width that cuts the span into at most 600 buckets. */
export function automaticWidth(spanS: number): number {
  const width = widths.find((candidate) => spanS / candidate <= mostPoints);
  return width ?? Math.ceil(spanS / mostPoints / 86_400) * 86_400;
}
