import type { Inventory } from '@tongtang/model/inventory';
import type { Text } from '@tongtang/model/text';
import type {
  BellSchedule,
  CalendarDay,
  LessonChange,
  PlainDate,
  Term,
  Timetable,
  WeeklyLesson,
} from '@tongtang/model/timetable';
import { contentOf, lessonIn, planOf } from '../lessons-of.ts';
import type { Problem } from '../problem.ts';
import { inWeek, periodsOf } from '../school-day.ts';
import type { BellPlace } from './entries.ts';
import type { Placed } from './row-reader.ts';

/** A timetable in parts that know where they stand. */
/** A bell schedule with the rows that its periods come from; what was there before comes from none. */
export type PlacedBells = Placed<BellSchedule> & Readonly<{ rows?: readonly BellPlace[] }>;

export type PlacedTimetable = Readonly<{
  terms: readonly Placed<Term>[];
  bells: readonly PlacedBells[];
  days: readonly Placed<CalendarDay>[];
  lessons: readonly Placed<WeeklyLesson>[];
  changes: readonly Placed<LessonChange>[];
}>;

/**
 * What is wrong with a timetable whose parts are right each by itself: what overlaps, contradicts another part, or names what is
 * not there. Nothing here depends on the order of rows.
 */
export function contradictions(placed: PlacedTimetable, inventory: Inventory): Problem[] {
  const timetable = withoutPlaces(placed);
  const spans = [
    ...backwards(placed.terms),
    ...backwards(placed.days),
    ...overlaps(placed.terms, () => 'all', { zh: '与另一学期重叠', en: 'it overlaps another term' }),
    ...overlaps(placed.days, ({ school = '' }) => school, {
      zh: '同一天有两条校历',
      en: 'another row of the calendar is of the same day',
    }),
  ];
  const found = [
    ...spans,
    ...strangers(placed, inventory),
    ...bellProblems(placed.bells),
    ...doubleLessons(placed.lessons),
  ];
  // What follows would only say again what is said already, in stranger words.
  if (found.length > 0) return found;
  return [...unrungLessons(placed, timetable), ...changeProblems(placed.changes, timetable)];
}

export function withoutPlaces({ terms, bells, days, lessons, changes }: PlacedTimetable): Timetable {
  return {
    terms: terms.map(({ entry }) => entry),
    bells: bells.map(({ entry }) => entry),
    days: days.map(({ entry }) => entry),
    lessons: lessons.map(({ entry }) => entry),
    changes: changes.map(({ entry }) => entry),
  };
}

/** A problem of something that was read, or that was there before. */
function problemOf({ place }: Placed<unknown>, text: Text): Problem {
  return place === undefined ? { text } : { place, text };
}

type Span = Readonly<{ from: PlainDate; to: PlainDate }>;

function backwards(placed: readonly Placed<Span>[]): Problem[] {
  return placed
    .filter(({ entry: { from, to } }) => to < from)
    .map((one) =>
      problemOf(one, {
        zh: `结束日期 ${one.entry.to} 早于开始日期 ${one.entry.from}`,
        en: `it ends on ${one.entry.to}, before it begins on ${one.entry.from}`,
      }),
    );
}

/** Spans of the same kind that share a day. */
function overlaps<T extends Span>(
  placed: readonly Placed<T>[],
  kindOf: (entry: T) => string,
  text: Text,
): Problem[] {
  return [...grouped(placed, kindOf).values()].flatMap((group) => {
    const inOrder = group.toSorted((a, b) => (a.entry.from < b.entry.from ? -1 : 1));
    let last = '';
    return inOrder.flatMap((one) => {
      const overlapping = one.entry.from <= last;
      if (one.entry.to > last) last = one.entry.to;
      return overlapping ? [problemOf(one, naming(text, one.entry.from))] : [];
    });
  });
}

function naming({ zh, en }: Text, what: string): Text {
  return { zh: `${zh}（${what}）`, en: `${en} (${what})` };
}

/** What was read names only what is there; what was kept may be of another inventory. */
function strangers({ bells, days, lessons, changes }: PlacedTimetable, { schools }: Inventory): Problem[] {
  const classes = new Map(schools.map((school) => [school.id, new Set(school.classes.map(({ id }) => id))]));
  const parts: readonly Placed<Readonly<{ school?: string; class?: string }>>[] = [
    ...bells,
    ...days,
    ...lessons,
    ...changes,
  ];
  const names = parts.flatMap(({ entry: { school, class: of } }) => {
    if (school === undefined) return [];
    const known = classes.get(school);
    return known !== undefined && (of === undefined || known.has(of))
      ? []
      : [of === undefined ? school : `${school}/${of}`];
  });
  return [...new Set(names)].map((name) => ({
    text: {
      zh: `现有课表中的 ${name} 已不在清单中：请把所有工作表重新导入`,
      en: `${name} of the present timetable is no longer in the inventory: import all sheets anew`,
    },
  }));
}

function bellProblems(bells: readonly PlacedBells[]): Problem[] {
  return bells.flatMap((one) => {
    const { periods } = one.entry;
    const problemAt = (index: number, heading: keyof BellPlace, text: Text): Problem =>
      problemOf({ ...one, ...(one.rows?.[index] && { place: one.rows[index][heading] }) }, text);
    const numbers = periods.map(({ n }) => n);
    const twice = numbers.findIndex((n, at) => numbers.indexOf(n) !== at);
    if (twice !== -1) {
      const n = numbers[twice];
      return [problemAt(twice, 'period', { zh: `第 ${n} 节有两个时间`, en: `period ${n} has two times` })];
    }
    const inOrder = periods.toSorted((a, b) => (a.start < b.start ? -1 : 1));
    return inOrder.flatMap((period, at) => {
      const before = inOrder[at - 1];
      if (before === undefined || before.end <= period.start) return [];
      return [
        problemAt(periods.indexOf(period), 'start', {
          zh: `第 ${period.n} 节 ${period.start} 上课，第 ${before.n} 节 ${before.end} 才下课`,
          en: `period ${period.n} begins at ${period.start}, before period ${before.n} ends at ${before.end}`,
        }),
      ];
    });
  });
}

/** A class in two lessons at once. */
function doubleLessons(lessons: readonly Placed<WeeklyLesson>[]): Problem[] {
  const bySlot = grouped(lessons, ({ school, class: of, weekday, period }) =>
    [school, of, weekday, period].join('/'),
  );
  return [...bySlot.values()].flatMap((group) =>
    group.flatMap((one, at) => {
      const other = group.slice(0, at).find(({ entry }) => together(entry, one.entry));
      if (other === undefined) return [];
      const { subject, period } = other.entry;
      const row = other.place?.row === undefined ? '' : `, row ${other.place.row}`;
      const rowZh = other.place?.row === undefined ? '' : `，第 ${other.place.row} 行`;
      return [
        problemOf(one, {
          zh: `该班第 ${period} 节同时已有“${subject}”${rowZh}`,
          en: `the class has "${subject}" in period ${period} at the same time${row}`,
        }),
      ];
    }),
  );
}

/** Whether two lessons of the same weekday may be on the same day. */
function together(one: WeeklyLesson, other: WeeklyLesson): boolean {
  const shareWeeks = [1, 2].some((week) => inWeek(one.weeks, week) && inWeek(other.weeks, week));
  return shareWeeks && (one.from ?? '') <= (other.to ?? '~') && (other.from ?? '') <= (one.to ?? '~');
}

/** Lessons in periods that the bells of their school do not have, at some time of the terms in which they are. */
function unrungLessons({ lessons }: PlacedTimetable, timetable: Timetable): Problem[] {
  const [first] = lessons;
  if (first === undefined) return [];
  if (timetable.terms.length === 0)
    return [
      {
        text: {
          zh: '没有学期：请填写“学期”表，学期之外没有课',
          en: 'there is no term: fill in the sheet of terms, there are no lessons outside them',
        },
      },
    ];
  const daysBySchool = new Map<string, readonly PlainDate[]>();
  return lessons.flatMap((one) => {
    const { school, period, from = '', to = '~' } = one.entry;
    const days = daysBySchool.get(school) ?? bellDays(timetable, school);
    daysBySchool.set(school, days);
    const silent = days
      // The bells of a day hold until the next one, so a lesson that begins between them asks for its own first day.
      .concat(timetable.terms.some((term) => term.from < from && from <= term.to) ? [from] : [])
      .filter((day) => from <= day && day <= to)
      .find((day) => !periodsOf(timetable, school, day).some(({ n }) => n === period));
    if (silent === undefined) return [];
    return [problemOf(one, noBell(period, silent))];
  });
}

function noBell(period: number, date: PlainDate): Text {
  return {
    zh: `${date} 的作息没有第 ${period} 节`,
    en: `the bells of ${date} have no period ${period}`,
  };
}

/** The first days of terms, and those in them from which other bells hold. */
function bellDays({ terms, bells }: Timetable, school: string): readonly PlainDate[] {
  return terms.flatMap(({ from, to }) => [
    from,
    ...bells
      .filter((bell) => (bell.school ?? school) === school && from < bell.from && bell.from <= to)
      .map((bell) => bell.from),
  ]);
}

function changeProblems(changes: readonly Placed<LessonChange>[], timetable: Timetable): Problem[] {
  const before = (kinds: readonly LessonChange['kind'][]): Timetable => ({
    ...timetable,
    changes: timetable.changes.filter(({ kind }) => kinds.includes(kind)),
  });
  const [swapped, cancelled] = [before(['swapped']), before(['swapped', 'cancelled'])];
  const taken = new Set<string>();
  return changes.flatMap((one): Problem[] => {
    const { entry } = one;
    const texts: Text[] = [];
    const take = (date: PlainDate, period: number, of: { school: string; class: string }): void => {
      const slot = [entry.kind, of.school, of.class, date, period].join('/');
      if (taken.has(slot)) texts.push(twiceChanged(date, period));
      taken.add(slot);
      if (!periodsOf(timetable, of.school, date).some(({ n }) => n === period))
        texts.push(noBell(period, date));
    };
    if (entry.kind === 'swapped') {
      take(entry.date, entry.period, entry);
      take(entry.with.date, entry.with.period, entry);
      if ([entry, entry.with].every((slot) => lessonIn(timetable, entry, slot) === undefined))
        texts.push({
          zh: '两个时间都没有课，无从对调',
          en: 'the class has no lesson in either period: there is nothing to swap',
        });
    } else if (entry.kind === 'made-up') {
      take(entry.date, entry.period, entry);
      const there = planOf(cancelled, entry.school, entry.date).held.find(
        (lesson) => lesson.class === entry.class && lesson.period === entry.period,
      );
      if (there !== undefined)
        texts.push({
          zh: `该班 ${entry.date} 第 ${entry.period} 节已有“${contentOf(there).subject}”：先停课，再补课`,
          en: `the class has "${contentOf(there).subject}" in period ${entry.period} of ${entry.date}: cancel that first`,
        });
    } else if (cancelsNothing(entry, swapped))
      texts.push({
        zh: `${entry.date} 没有这样的课，无从停课`,
        en: `there is no such lesson on ${entry.date}: nothing is cancelled`,
      });
    return texts.map((text) => problemOf(one, text));
  });
}

function twiceChanged(date: PlainDate, period: number): Text {
  return {
    zh: `${date} 第 ${period} 节变动了两次`,
    en: `period ${period} of ${date} is changed twice`,
  };
}

function cancelsNothing(entry: Extract<LessonChange, { kind: 'cancelled' }>, swapped: Timetable): boolean {
  const alone = { ...swapped, changes: [...swapped.changes, entry] };
  const schools = new Set(swapped.lessons.map(({ school }) => school));
  return [...schools]
    .filter((school) => entry.school === undefined || entry.school === school)
    .every((school) => planOf(alone, school, entry.date).cancelled.length === 0);
}

function grouped<T>(placed: readonly Placed<T>[], keyOf: (entry: T) => string): Map<string, Placed<T>[]> {
  return Map.groupBy(placed, ({ entry }) => keyOf(entry));
}
