import { minuteS } from '@tongtang/lessons/delivery/minute-state';
import { dayOf, plusDays, secondsAt } from '@tongtang/lessons/plain-date';
import type { PlainDate } from '@tongtang/model/timetable';

/** A day of a county by its own clock. */
export type CountyDay = Readonly<{
  date: PlainDate;
  /** Its first second, and the first of the next. */
  start: number;
  end: number;
  /** It has fewer or more than 1440 where clocks are changed. */
  minutes: number;
}>;

const known = new Map<string, CountyDay>();
/** A day costs two questions to a time zone; a term of some counties is asked for again and again. */
const mostKnown = 5000;

export function countyDay(date: PlainDate, timezone: string): CountyDay {
  const key = `${timezone} ${date}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const [start, end] = [secondsAt(date, '00:00', timezone), secondsAt(plusDays(date, 1), '00:00', timezone)];
  const day = { date, start, end, minutes: Math.round((end - start) / minuteS) };
  if (known.size >= mostKnown) known.clear();
  known.set(key, day);
  return day;
}

/** The days that a span touches, in order. @param to exclusive */
export function daysIn(from: number, to: number, timezone: string): CountyDay[] {
  const days: CountyDay[] = [];
  for (
    let day = countyDay(dayOf(from, timezone), timezone);
    day.start < to;
    day = countyDay(plusDays(day.date, 1), timezone)
  )
    days.push(day);
  return days;
}
