import type { Cause, Incident } from '@tongtang/model/incident';
import type { ClassLesson } from '../class-lessons.ts';
import type { Stretch } from './machine-minutes.ts';
import {
  coverageOf,
  lengthOf,
  type Minutes,
  minuteS,
  type Share,
  type Tally,
  tallyOf,
} from './minute-state.ts';

export const outcomeStates = ['delivered', 'degraded', 'lost', 'not-held', 'unknown'] as const;
export type OutcomeState = (typeof outcomeStates)[number];

/** Lost minutes with one cause. */
export type LostMinutes = Readonly<{ cause: Cause; minutes: number; incident?: string }>;

export type LessonOutcome = Readonly<{
  state: OutcomeState;
  minutes: Tally;
  /** The minutes that were `down`, by what took them; the most first. They add up to `minutes.down`. */
  lost: readonly LostMinutes[];
  coverage: Share;
}>;

/** Per cent of its known minutes that must be good for a lesson to be delivered. */
export const deliveredPercent = 95;
/** Per cent of a lesson's minutes of which something must be known for it to be judged. */
export const judgedPercent = 50;
/** Per cent of a lesson's minutes in which the PC must have been off or asleep for it not to have been held. */
export const notHeldPercent = 95;

/**
 * What became of a lesson.
 * @param minutes of the lesson, one each; those of announced work are `excluded` already
 * @param incidents those that are said to hit it
 */
export function outcomeOf(
  { start, cancelled }: Pick<ClassLesson, 'start' | 'cancelled'>,
  minutes: Minutes,
  incidents: readonly Incident[],
): LessonOutcome {
  const tally = tallyOf(minutes);
  return {
    state: cancelled ? 'not-held' : stateOf(tally),
    minutes: tally,
    lost: lostOf(minutes, start, incidents),
    coverage: coverageOf(tally),
  };
}

function stateOf(tally: Tally): OutcomeState {
  const { good, degraded, down, off, asleep, excluded } = tally;
  const length = lengthOf(tally) - excluded;
  const known = good + degraded + down;
  if (length > 0 && (off + asleep) * 100 >= notHeldPercent * length) return 'not-held';
  if (known === 0 || known * 100 < judgedPercent * length) return 'unknown';
  if (good * 100 >= deliveredPercent * known) return 'delivered';
  return down * 2 > known ? 'lost' : 'degraded';
}

function lostOf(minutes: Minutes, start: number, incidents: readonly Incident[]): LostMinutes[] {
  const lost = new Map<string, { cause: Cause; minutes: number; incident?: string }>();
  if (!minutes.includes('down')) return [];
  for (const [at, taker] of takersOf(minutes, start, incidents).entries()) {
    if (minutes[at] !== 'down') continue;
    const one = lost.get(taker?.id ?? '') ?? {
      cause: taker?.cause ?? 'unknown',
      minutes: 0,
      ...(taker !== undefined && { incident: taker.id }),
    };
    one.minutes += 1;
    lost.set(taker?.id ?? '', one);
  }
  return [...lost.values()].sort((a, b) => b.minutes - a.minutes || (a.cause < b.cause ? -1 : 1));
}

/**
 * What took each minute that was down; undefined for the others, and where it is not known. Of several incidents at once the first, for the later ones it may have
 * brought about.
 * @param start of the first minute, hub time in seconds
 * @param incidents those that are said to hit the lesson
 */
export function takersOf(
  minutes: Minutes,
  start: number,
  incidents: readonly Incident[],
): (Incident | undefined)[] {
  const hitting = incidents
    .filter(({ state }) => state !== 'withdrawn')
    .toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
  return minutes.map((state, index) => {
    if (state !== 'down') return undefined;
    const [from, to] = [start + index * minuteS, start + (index + 1) * minuteS];
    return hitting.find((incident) => incident.from < to && (incident.to ?? Number.POSITIVE_INFINITY) > from);
  });
}

/** Minutes with announced work taken out. @param start of the first, hub time in seconds */
export function excluding(minutes: Minutes, start: number, work: readonly Stretch[]): Minutes {
  if (work.length === 0) return minutes;
  return minutes.map((state, index) => {
    const [from, to] = [start + index * minuteS, start + (index + 1) * minuteS];
    return work.some((one) => one.from < to && one.to > from) ? 'excluded' : state;
  });
}
