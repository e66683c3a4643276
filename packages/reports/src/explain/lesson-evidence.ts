import { availabilityOf, coverageOf } from '@tongtang/lessons/delivery/minute-state';
import { type OutcomeState, outcomeStates } from '@tongtang/lessons/delivery/outcome';
import type { Run, TracedLesson } from '@tongtang/lessons/delivery/trace';
import { clockOf } from '@tongtang/lessons/plain-date';
import { responsibilityOf } from '../responsibility.ts';
import type { Adds, Evidence, TracedSlice } from './evidence.ts';

/** Which lessons a figure is about, and what it counts of them. */
export type LessonQuestion = Readonly<{
  /** Name of the figure, such as `availability`. */
  name: string;
  /** What it is of, such as `class`, and which one. */
  kind: string;
  key: readonly string[];
  timezone: string;
}>;

type Loss = TracedLesson['lost'][number];

/** The lessons behind a figure, in the order of time. @returns undefined where it is none of lessons */
export function lessonEvidence(
  question: LessonQuestion,
  slices: () => AsyncIterable<TracedSlice>,
): AsyncGenerator<Evidence> | undefined {
  const { name, kind } = question;
  const isTaken = takings[kind]?.(question);
  const isMeant = meanings[kind]?.(question);
  const count = isTaken === undefined ? counts[name] : takenCounts(isTaken)[name];
  if (count === undefined || (isTaken === undefined && isMeant === undefined)) return undefined;
  return evidenceIn(slices(), isMeant ?? (() => true), count, runsFor(name, isTaken));
}

async function* evidenceIn(
  slices: AsyncIterable<TracedSlice>,
  isMeant: (lesson: TracedLesson) => boolean,
  count: Count,
  counted: (run: Run) => boolean,
): AsyncGenerator<Evidence> {
  for await (const { schools } of slices)
    for (const { lessons } of schools)
      for (const lesson of lessons) {
        const adds = isMeant(lesson) ? count(lesson) : nothing;
        if (adds.part === 0 && adds.of === 0) continue;
        const { runs, witnesses } = lesson;
        // What was cancelled needed nothing.
        yield { kind: 'lesson', lesson, runs: lesson.cancelled ? [] : runs.filter(counted), witnesses, adds };
      }
}

type Count = (lesson: TracedLesson) => Adds;
const nothing: Adds = { part: 0, of: 0 };
const one: Adds = { part: 1, of: 0 };

const stateCounts = Object.fromEntries(
  outcomeStates.map((state: OutcomeState): [string, Count] => [
    state,
    (lesson) => (lesson.state === state ? one : nothing),
  ]),
);

const counts: Readonly<Record<string, Count>> = {
  ...stateCounts,
  availability: ({ cancelled, minutes }) => (cancelled ? nothing : availabilityOf(minutes)),
  coverage: ({ cancelled, minutes }) => (cancelled ? nothing : coverageOf(minutes)),
  'lost-minutes': ({ cancelled, minutes }) => ({ part: cancelled ? 0 : minutes.down, of: 0 }),
  lessons: ({ cancelled, minutes }) => (cancelled || minutes.down === 0 ? nothing : one),
};

/** Of the minutes that something took. */
function takenCounts(isTaken: (loss: Pick<Loss, 'cause' | 'incident'>) => boolean): Record<string, Count> {
  const lostTo = ({ cancelled, lost }: TracedLesson): number =>
    cancelled ? 0 : lost.filter(isTaken).reduce((sum, { minutes }) => sum + minutes, 0);
  return {
    'lost-minutes': (lesson) => ({ part: lostTo(lesson), of: 0 }),
    lessons: (lesson) => (lostTo(lesson) > 0 ? one : nothing),
  };
}

type Asked = Pick<LessonQuestion, 'key' | 'timezone'>;

const meanings: Readonly<Record<string, (asked: Asked) => (lesson: TracedLesson) => boolean>> = {
  all: () => () => true,
  mode:
    ({ key: [mode] }) =>
    (lesson) =>
      lesson.mode === mode,
  school:
    ({ key: [school] }) =>
    (lesson) =>
      lesson.school === school,
  class:
    ({ key: [school, of] }) =>
    (lesson) =>
      lesson.school === school && lesson.class === of,
  day:
    ({ key: [date] }) =>
    (lesson) =>
      lesson.date === date,
  hour:
    ({ key: [hour], timezone }) =>
    (lesson) =>
      hourOf(lesson, timezone) === hour,
  'worst-hour':
    ({ key: [date, hour], timezone }) =>
    (lesson) =>
      lesson.date === date && hourOf(lesson, timezone) === hour,
};

const takings: Readonly<
  Record<string, (asked: Asked) => (loss: Pick<Loss, 'cause' | 'incident'>) => boolean>
> = {
  cause:
    ({ key: [cause] }) =>
    (loss) =>
      loss.cause === cause,
  responsibility:
    ({ key: [responsibility] }) =>
    (loss) =>
      responsibilityOf[loss.cause] === responsibility,
  incident:
    ({ key }) =>
    (loss) =>
      loss.incident === key.join('/'),
};

function hourOf({ start }: TracedLesson, timezone: string): string {
  return clockOf(start, timezone).slice(0, 2);
}

/** The runs that are shown: of what was lost, those that were. */
function runsFor(
  name: string,
  isTaken: ((loss: Pick<Loss, 'cause' | 'incident'>) => boolean) | undefined,
): (run: Run) => boolean {
  if (name !== 'lost-minutes' && name !== 'lessons') return () => true;
  return ({ state, cause, incident }) =>
    state === 'down' &&
    (isTaken === undefined ||
      (cause !== undefined && isTaken({ cause, ...(incident !== undefined && { incident }) })));
}
