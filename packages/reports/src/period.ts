import { isPlainDate, plusDays } from '@tongtang/lessons/plain-date';
import type { Text } from '@tongtang/model/text';
import type { PlainDate, Term } from '@tongtang/model/timetable';
import { Temporal } from 'temporal-polyfill';

/** The days that a report is about, first and last included. */
export type Period = Readonly<{
  kind: 'month' | 'term' | 'range';
  from: PlainDate;
  to: PlainDate;
  title: Text;
}>;

/** @returns the month such as `2026-11`, or undefined where there is no such month */
export function monthPeriod(month: string): Period | undefined {
  if (!/^\d{4}-\d\d$/.test(month) || !isPlainDate(`${month}-01`)) return undefined;
  const first = Temporal.PlainDate.from(`${month}-01`);
  return {
    kind: 'month',
    from: first.toString(),
    to: first.with({ day: first.daysInMonth }).toString(),
    title: { zh: `${first.year}年${first.month}月`, en: month },
  };
}

export function termPeriod({ name, from, to }: Term): Period {
  return { kind: 'term', from, to, title: { zh: name, en: name } };
}

/** @throws RangeError where it ends before it begins */
export function rangePeriod(from: PlainDate, to: PlainDate): Period {
  if (to < from) throw new RangeError(`${to} is before ${from}`);
  return { kind: 'range', from, to, title: { zh: `${from} 至 ${to}`, en: `${from} to ${to}` } };
}

/** The period that a trend is against: the month before, the term before where there was one, else as many days before. */
export function periodBefore(period: Period, terms: readonly Term[]): Period {
  const { kind, from, to } = period;
  if (kind === 'month') {
    const before = monthPeriod(plusDays(from, -1).slice(0, 7));
    if (before !== undefined) return before;
  }
  const last =
    kind === 'term'
      ? terms
          .filter((term) => term.to < from)
          .toSorted((a, b) => (a.to < b.to ? -1 : 1))
          .at(-1)
      : undefined;
  if (last !== undefined) return termPeriod(last);
  return rangePeriod(plusDays(from, -daysOf({ from, to }).length), plusDays(from, -1));
}

export function daysOf({ from, to }: Pick<Period, 'from' | 'to'>): PlainDate[] {
  const days: PlainDate[] = [];
  for (let day = from; day <= to; day = plusDays(day, 1)) days.push(day);
  return days;
}
