import {
  type County,
  type Lesson,
  type Named,
  type OutcomeOfLesson,
  type OutcomeState,
  outcomeStates,
  type ReadinessState,
  readinessStates,
  type School,
} from '../api/answers.ts';

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
  const bySchool = grouped(lessons, ({ school }) => school);
  return {
    columns: columnsOf(lessons),
    schools: schools.flatMap((school) => {
      const rows = rowsOf(school, bySchool.get(school.id) ?? []);
      return rows.length === 0 ? [] : [{ school, rows }];
    }),
  };
}

function rowsOf({ classrooms }: School, lessons: readonly Lesson[]): ClassRow[] {
  const byClass = grouped(lessons, (lesson) => lesson.class);
  return classrooms.flatMap(({ id, classes }) =>
    classes.flatMap((of): ClassRow[] => {
      const own = byClass.get(of.id);
      return own === undefined ? [] : [{ of, classroom: id, cells: grouped(own, ({ period }) => period) }];
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
  return [...columns].sort((a, b) => Number(a.end <= now) - Number(b.end <= now));
}

/** Whether something was found that may keep the lesson from being held; of one that is over, whether it did. */
export function isAtRisk({ readiness, outcome, cancelled }: Lesson): boolean {
  if (cancelled !== undefined) return false;
  if (outcome !== undefined) return outcome.state === 'degraded' || outcome.state === 'lost';
  return readiness?.state === 'at-risk' || readiness?.state === 'not-ready';
}

/**
 * How many lessons were found to be in which state, the worst first; those not checked yet count nowhere, and those of which it is
 * known what became of them count there.
 */
export function countStates(lessons: readonly Lesson[]): [state: ReadinessState, count: number][] {
  const coming = lessons.filter(({ cancelled, outcome }) => cancelled === undefined && outcome === undefined);
  return [...readinessStates]
    .reverse()
    .map((state) => [state, coming.filter(({ readiness }) => readiness?.state === state).length]);
}

/** How many lessons that are over became what, the worst first. */
export function countOutcomes(lessons: readonly Lesson[]): [state: OutcomeState, count: number][] {
  return [...outcomeStates]
    .reverse()
    .map((state) => [state, lessons.filter(({ outcome }) => outcome?.state === state).length]);
}

/** Lessons with what became of those that are over. */
export function withOutcomes(
  lessons: readonly Lesson[],
  outcomes: readonly OutcomeOfLesson[],
): readonly Lesson[] {
  const keyOf = ({ school, class: of, start }: Pick<Lesson, 'school' | 'class' | 'start'>): string =>
    `${school}/${of}/${start}`;
  const known = new Map(outcomes.map((outcome) => [keyOf(outcome), outcome]));
  return lessons.map((lesson) => {
    const outcome = lesson.cancelled === undefined ? known.get(keyOf(lesson)) : undefined;
    return outcome === undefined ? lesson : { ...lesson, outcome };
  });
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
