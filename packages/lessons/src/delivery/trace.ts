import type { Cause, Incident } from '@tongtang/model/incident';
import type { LinkKind } from '@tongtang/model/link';
import type { LinkOfDay, OutcomeOfLesson, SchoolDay } from './day-outcomes.ts';
import { type ClassView, lessonMinutes } from './lesson-needs.ts';
import { type MinuteState, type Minutes, minuteS } from './minute-state.ts';
import { takersOf } from './outcome.ts';

/** What made a minute other than good: the PC, a link that the lesson needs, its files, or announced work. */
export const reasons = [
  'pc',
  'files',
  'work',
  'satellite',
  'stream',
  'broadband',
  'platform',
  'lan',
] as const;
export type Reason = (typeof reasons)[number];

type Told = Readonly<{
  state: MinuteState;
  /** None where all was good. */
  why: readonly Reason[];
  /** Of minutes that were down. */
  cause?: Cause;
  /** What took them, where it is known. */
  incident?: string;
}>;

/** Minutes that follow each other, were the same, and for the same reason. Hub time in seconds, the end exclusive. */
export type Run = Told & Readonly<{ from: number; to: number }>;

/** An agent that had a say, and in which links; that of its own machine it has always. */
export type Witness = Readonly<{ agent: string; links: readonly LinkKind[] }>;

/** A lesson with the minutes that its tally was counted from, and who saw them. */
export type TracedLesson = OutcomeOfLesson &
  Readonly<{ runs: readonly Run[]; witnesses: readonly Witness[] }>;

export type TracedLink = LinkOfDay &
  Readonly<{
    runs: Readonly<{ lessons: readonly Run[]; always: readonly Run[] }>;
    witnesses: readonly Witness[];
  }>;

/** A school's day with all that its figures were counted from. */
export type TracedDay = SchoolDay &
  Readonly<{ lessons: readonly TracedLesson[]; links: readonly TracedLink[] }>;

/**
 * The runs of a lesson.
 * @param carried its minutes before its files were looked for and announced work was taken out
 * @param incidents those that are said to hit it
 */
export function lessonRuns(
  { start, needs, view }: Readonly<{ start: number; needs: readonly LinkKind[]; view: ClassView }>,
  { carried, minutes }: Readonly<{ carried: Minutes; minutes: Minutes }>,
  incidents: readonly Incident[],
): Run[] {
  const pc = lessonMinutes([], view, minutes.length);
  const alone = needs.map((link) => ({ link, minutes: lessonMinutes([link], view, minutes.length) }));
  // A class without an agent of its own is judged by what its school sees.
  const isJudgedByPc = view.classroom.length > 0 || needs.length === 0;
  const takers = takersOf(minutes, start, incidents);
  const why = (state: MinuteState, at: number): readonly Reason[] => {
    if (state === 'good') return [];
    if (state === 'excluded') return ['work'];
    if (state !== carried[at]) return ['files'];
    if (state === 'off' || state === 'asleep' || (isJudgedByPc && state === pc[at])) return ['pc'];
    return alone.flatMap((need) => (need.minutes[at] === state ? [need.link] : []));
  };
  return runsOf(
    minutes.map((state, at) => {
      const taker = takers[at];
      return {
        from: start + at * minuteS,
        state,
        why: why(state, at),
        ...(state === 'down' && { cause: taker?.cause ?? ('unknown' as const) }),
        ...(taker && { incident: taker.id }),
      };
    }),
  );
}

/**
 * The runs of a link of a school.
 * @param minutes of the day
 * @param at places of the minutes that count, in their order
 * @param start of the day, hub time in seconds
 */
export function linkRuns(minutes: Minutes, at: readonly number[], start: number): Run[] {
  return runsOf(
    at.map((index) => {
      const state = minutes[index] ?? 'unknown';
      return { from: start + index * minuteS, state, why: linkWhy[state] };
    }),
  );
}

/** What is said of a link that is none of its own. */
const linkWhy: Readonly<Record<MinuteState, readonly Reason[]>> = {
  good: [],
  degraded: [],
  down: [],
  unknown: [],
  off: ['pc'],
  asleep: ['pc'],
  excluded: ['work'],
};

function runsOf(minutes: readonly (Told & Readonly<{ from: number }>)[]): Run[] {
  const runs: Run[] = [];
  for (const minute of minutes) {
    const last = runs.at(-1);
    const to = minute.from + minuteS;
    if (last !== undefined && last.to === minute.from && isSame(last, minute))
      runs[runs.length - 1] = { ...last, to };
    else runs.push({ ...minute, to });
  }
  return runs;
}

function isSame(a: Told, b: Told): boolean {
  return a.state === b.state && a.incident === b.incident && a.why.join() === b.why.join();
}
