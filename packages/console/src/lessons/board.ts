import type { County, Lesson, Named, ReadinessState, School } from '../api/answers.ts';
import { readinessStates } from '../api/answers.ts';

/** A period of the day; where schools ring differently, of the school that begins first. */
export type Column = Readonly<{ n: number; start: number; end: number }>;

/** A class with its lessons by period: more than one where one was cancelled and another made up for it. */
export type ClassRow = Readonly<{
  of: Named;
  classroom: string;
  cells: ReadonlyMap<number, readonly Lesson[]>;
}>;

export type Board = Readonly<{
  columns: readonly Column[];
  schools: readonly Readonly<{ school: School; rows: readonly ClassRow[] }>[];
}>;

/** Lays lessons out by school, class and period, in the order of the inventory. What has no lesson is left out. */
export function boardOf({ schools }: Pick<County, 'schools'>, lessons: readonly Lesson[]): Board {
  const bySchool = Map.groupBy(lessons, ({ school }) => school);
  return {
    columns: columnsOf(lessons),
    schools: schools.flatMap((school) => {
      const rows = rowsOf(school, bySchool.get(school.id) ?? []);
      return rows.length === 0 ? [] : [{ school, rows }];
    }),
  };
}

function rowsOf({ classrooms }: School, lessons: readonly Lesson[]): ClassRow[] {
  const byClass = Map.groupBy(lessons, (lesson) => lesson.class);
  return classrooms.flatMap(({ id, classes }) =>
    classes.flatMap((of): ClassRow[] => {
      const own = byClass.get(of.id);
      return own === undefined
        ? []
        : [{ of, classroom: id, cells: Map.groupBy(own, ({ period }) => period) }];
    }),
  );
}

function columnsOf(lessons: readonly Lesson[]): Column[] {
  const first = new Map<number, Column>();
  for (const { period: n, start, end } of lessons) {
    const known = first.get(n);
    if (known === undefined || start < known.start) first.set(n, { n, start, end });
  }
  return [...first.values()].sort((a, b) => a.start - b.start);
}

/** The lesson that is on somewhere, and the one that begins next, if any. */
export function presentOf(
  lessons: readonly Lesson[],
  now: number,
): Readonly<{ running?: Lesson; next?: Lesson }> {
  const held = lessons.filter(({ cancelled }) => cancelled === undefined);
  const running = held.find((lesson) => isRunning(lesson, now));
  const [next] = held.filter(({ start }) => start > now).sort((a, b) => a.start - b.start);
  return { ...(running && { running }), ...(next && { next }) };
}

export function isRunning({ start, end }: Pick<Lesson, 'start' | 'end'>, now: number): boolean {
  return start <= now && now < end;
}

/** What is on or comes first, then what is over; each in the order of the day. */
export function comingFirst(columns: readonly Column[], now: number): Column[] {
  return columns.toSorted((a, b) => Number(a.end <= now) - Number(b.end <= now));
}

/** Whether something was found that may keep the lesson from being held. */
export function isAtRisk({ readiness, cancelled }: Lesson): boolean {
  return cancelled === undefined && (readiness?.state === 'at-risk' || readiness?.state === 'not-ready');
}

/** How many lessons were found to be in which state, the worst first; those not checked yet count nowhere. */
export function countStates(lessons: readonly Lesson[]): [state: ReadinessState, count: number][] {
  const held = lessons.filter(({ cancelled }) => cancelled === undefined);
  return readinessStates
    .toReversed()
    .map((state) => [state, held.filter(({ readiness }) => readiness?.state === state).length]);
}
