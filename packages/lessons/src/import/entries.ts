import type { Inventory } from '@tongtang/model/inventory';
import { modes } from '@tongtang/model/inventory';
import {
  type BellSchedule,
  type CalendarDay,
  carriers,
  dayKinds,
  type LessonChange,
  type LessonContent,
  type Term,
  type WeeklyLesson,
  weekRules,
} from '@tongtang/model/timetable';
import { weekdayColumns } from '../columns.ts';
import { weekdays } from '../plain-date.ts';
import type { Place, Problem } from '../problem.ts';
import { usualCarrier } from '../usual-carrier.ts';
import { carrierWords, changeWords, dayWords, modeWords, weekWords } from '../words.ts';
import { clockIn, dateIn, followsIn, namedIn, periodIn, periodsIn, textIn, wordIn } from './cells.ts';
import { type Placed, RowReader } from './row-reader.ts';
import type { Table } from './tables.ts';

/** A row of a bell schedule, with where its period and its start stand. */
export type Bell = Readonly<
  Pick<BellSchedule, 'from' | 'school'> & { n: number; start: string; end: string; at: BellPlace }
>;
export type BellPlace = Readonly<Record<'period' | 'start', Place>>;

/** How the rows of a table are read: what a row says, nothing where it is wrong or blank. */
export type Read<T> = (row: RowReader) => readonly T[];

/** All that the rows of a table say. */
export function entriesOf<T>(table: Table<string>, read: Read<T>, problems: Problem[]): Placed<T>[] {
  return table.rows.flatMap((row) => {
    const reader = new RowReader(table, row, problems);
    const entries = read(reader);
    return reader.failed ? [] : entries.map((entry) => ({ entry, place: reader.place }));
  });
}

export const termIn: Read<Term> = (row) => {
  const name = row.needed('term', textIn);
  const [from, to] = [row.needed('from', dateIn), row.needed('to', dateIn)];
  return name === undefined || from === undefined || to === undefined ? [] : [{ name, from, to }];
};

export function bellIn(inventory: Inventory): Read<Bell> {
  const school = schoolIn(inventory);
  return (row) => {
    const of = row.optional('school', school);
    const [from, n] = [row.needed('from', dateIn), row.needed('period', periodIn)];
    const [start, end] = [row.needed('start', clockIn), row.needed('end', clockIn)];
    if (from === undefined || n === undefined || start === undefined || end === undefined) return [];
    if (end <= start) row.fail('end', { zh: `${end} 不晚于 ${start}`, en: `${end} is not after ${start}` });
    const at = { period: row.placeOf('period'), start: row.placeOf('start') };
    return [{ from, ...(of !== undefined && { school: of }), n, start, end, at }];
  };
}

export function dayIn(inventory: Inventory): Read<CalendarDay> {
  const school = schoolIn(inventory);
  return (row) => {
    const kind = row.needed('dayKind', wordIn(dayWords, dayKinds));
    const [from, to] = [row.needed('from', dateIn), row.optional('to', dateIn)];
    const [of, note] = [row.optional('school', school), row.optional('note', textIn)];
    const periods = row.optional('periods', periodsIn);
    const follows = row.optional('follows', followsIn);
    if (kind === undefined || from === undefined) return [];
    if (kind === 'make-up') {
      row.demand('follows');
      if ((to ?? from) !== from)
        row.fail('to', { zh: '调休上课每行一天', en: 'make-up days are entered one a row' });
    } else row.forbid('follows', { zh: '只用于调休上课', en: 'it is for make-up days only' });
    if (kind === 'half') row.demand('periods');
    if (kind === 'holiday') row.forbid('periods', { zh: '放假没有课', en: 'a holiday has no lessons' });
    return [
      {
        kind,
        from,
        to: to ?? from,
        ...(of !== undefined && { school: of }),
        ...(follows !== undefined && { follows }),
        ...(periods !== undefined && { periods }),
        ...(note !== undefined && { note }),
      },
    ];
  };
}

/** A row is a period of a class, with a subject for each weekday that has one; where none has, it is not filled in yet. */
export function lessonsIn(inventory: Inventory): Read<WeeklyLesson> {
  return (row) => {
    const days = weekdays.flatMap((weekday) => {
      const subject = row.optional(weekdayColumns[weekday - 1] ?? 'day1', textIn);
      return subject === undefined ? [] : [{ weekday, subject }];
    });
    if (days.length === 0) return [];
    const address = classIn(row, inventory);
    const period = row.needed('period', periodIn);
    const weeks = row.optional('weeks', wordIn(weekWords, weekRules)) ?? 'every';
    const [from, to] = [row.optional('from', dateIn), row.optional('to', dateIn)];
    const teaching = teachingIn(row, inventory, address?.school);
    if (address === undefined || period === undefined || teaching === undefined) return [];
    const validity = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    return days.map(({ weekday, subject }) => ({
      ...address,
      period,
      weekday,
      weeks,
      subject,
      ...teaching,
      ...validity,
    }));
  };
}

export function changeIn(inventory: Inventory): Read<LessonChange> {
  return (row) => {
    const kind = row.needed('change', wordIn(changeWords, ['cancelled', 'swapped', 'made-up'] as const));
    const date = row.needed('date', dateIn);
    if (kind === undefined || date === undefined) return [];
    if (kind !== 'swapped')
      for (const heading of ['withDate', 'withPeriod'] as const)
        row.forbid(heading, { zh: '只用于调课', en: 'it is for swapped lessons only' });
    if (kind !== 'made-up')
      for (const heading of ['subject', 'mode', 'frontEnd', 'carrier'] as const)
        row.forbid(heading, { zh: '只用于补课', en: 'it is for lessons made up only' });
    if (kind === 'cancelled') return [{ kind, date, ...cancelledIn(row, inventory) }];
    const [address, period] = [classIn(row, inventory), row.needed('period', periodIn)];
    if (kind === 'swapped') {
      const other = { date: row.needed('withDate', dateIn), period: row.needed('withPeriod', periodIn) };
      if (address === undefined || period === undefined) return [];
      if (other.date === undefined || other.period === undefined) return [];
      return [{ kind, ...address, date, period, with: { date: other.date, period: other.period } }];
    }
    const subject = row.needed('subject', textIn);
    const teaching = teachingIn(row, inventory, address?.school);
    if (address === undefined || period === undefined) return [];
    return subject === undefined || teaching === undefined
      ? []
      : [{ kind, ...address, date, period, subject, ...teaching }];
  };
}

/** Empty cells of a cancellation mean all: classes, periods, schools. */
function cancelledIn(
  row: RowReader,
  inventory: Inventory,
): Readonly<{ school?: string; class?: string; period?: number }> {
  const period = row.optional('period', periodIn);
  const held = period !== undefined && { period };
  if (row.has('class')) return { ...classIn(row, inventory), ...held };
  const school = row.optional('school', schoolIn(inventory));
  return { ...(school !== undefined && { school }), ...held };
}

function classIn(row: RowReader, inventory: Inventory): { school: string; class: string } | undefined {
  const school = row.needed('school', schoolIn(inventory));
  if (school === undefined) return undefined;
  const classes = inventory.schools.find(({ id }) => id === school)?.classes ?? [];
  const of = row.needed('class', namedIn({ zh: '班级', en: 'class' }, classes));
  return of === undefined ? undefined : { school, class: of };
}

/** How a lesson comes; what the row leaves open is as the inventory has it for the school. */
function teachingIn(
  row: RowReader,
  inventory: Inventory,
  at: string | undefined,
): Omit<LessonContent, 'subject'> | undefined {
  const school = inventory.schools.find(({ id }) => id === at);
  const mode = row.optional('mode', wordIn(modeWords, modes)) ?? (row.has('mode') ? undefined : school?.mode);
  const frontEnd =
    row.optional(
      'frontEnd',
      namedIn({ zh: '前端学校', en: 'front-end school' }, inventory.frontEndSchools),
    ) ?? school?.frontEnd;
  const carrier = row.optional('carrier', wordIn(carrierWords, carriers));
  if (mode === undefined) {
    if (school !== undefined && !row.has('mode'))
      row.fail('mode', {
        zh: '清单中该学校没有默认方式，须填写',
        en: 'the inventory has no mode for this school: it must not be empty',
      });
    return undefined;
  }
  return { mode, ...(frontEnd !== undefined && { frontEnd }), carrier: carrier ?? usualCarrier[mode] };
}

/** A school of the inventory, by its id or its name. */
export function schoolIn({ schools }: Inventory) {
  return namedIn({ zh: '学校', en: 'school' }, schools);
}
