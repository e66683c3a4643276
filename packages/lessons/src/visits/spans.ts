import type { Text } from '@tongtang/model/text';
import type { PlainDate, Term } from '@tongtang/model/timetable';
import type { TargetSpan } from '@tongtang/model/visit';
import { plusDays } from '../plain-date.ts';

/** First and last day. */
type Days = Readonly<{ from: PlainDate; to: PlainDate }>;

/** Days over which visits are counted against a target. */
export type Span = Days &
  Readonly<{
    of: TargetSpan;
    name: Text;
    /** It goes on after the last day that is counted. */
    goesOn: boolean;
  }>;

/**
 * The school year begins on 1 August: in the middle of the summer holidays, so that every term lies in one year, and what
 * is done before lessons begin counts for the year that it is done for.
 */
const firstDay = '-08-01';
const lastDay = '-07-31';

/**
 * The spans that a period is counted in: the terms and the school years that it touches, each from its first day until the period
 * ends. A period in the holidays is counted in the term that comes, and after the last one in that.
 */
export function spansOf(period: Days, terms: readonly Term[]): Span[] {
  return [...termsOf(period, terms), ...yearsOf(period)];
}

function termsOf(period: Days, terms: readonly Term[]): Span[] {
  const counted = terms
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ name, from, to }, at, sorted) => {
      const before = sorted[at - 1];
      const year = dayIn(schoolYear(from), firstDay);
      // Holidays belong to the term that they come before: people visit to prepare it.
      const begin = before === undefined || before.to < year ? year : plusDays(before.to, 1);
      return { name: { zh: name, en: name }, held: from, from: begin, to };
    });
  const held = counted.filter((term) => term.held <= period.to && term.to >= period.from);
  const last =
    counted.find(({ from, to }) => from <= period.to && to >= period.to) ??
    counted.findLast(({ to }) => to < period.to);
  return (held.length > 0 || last === undefined ? held : [last]).map(({ name, from, to }) =>
    cut('term', name, { from, to }, period),
  );
}

function yearsOf(period: Days): Span[] {
  const [first, last] = [schoolYear(period.from), schoolYear(period.to)];
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const [year, next] = [first + at, first + at + 1];
    const name = { zh: `${year}–${next} 学年`, en: `school year ${year}–${next}` };
    return cut('year', name, { from: dayIn(year, firstDay), to: dayIn(next, lastDay) }, period);
  });
}

function cut(of: TargetSpan, name: Text, { from, to }: Days, period: Days): Span {
  return { of, name, from, to: to < period.to ? to : period.to, goesOn: to > period.to };
}

/** The calendar year in which the school year of a day begins. */
function schoolYear(date: PlainDate): number {
  return Number(date.slice(0, 4)) - (date.slice(4) < firstDay ? 1 : 0);
}

function dayIn(year: number, day: string): PlainDate {
  return `${String(year).padStart(4, '0')}${day}`;
}
