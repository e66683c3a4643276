/**
 * What a link, a machine or a lesson was in a minute. `good`; `degraded`: works, below what a live lesson needs; `down`; `off`:
 * switched off in order; `asleep`: suspended; `unknown`: no evidence; `excluded`: announced maintenance. Kept minutes name a
 * state by its place in this list: new ones go to its end.
 */
export const minuteStates = ['unknown', 'good', 'degraded', 'down', 'off', 'asleep', 'excluded'] as const;
export type MinuteState = (typeof minuteStates)[number];

/** Minutes that follow each other, one state each. */
export type Minutes = readonly MinuteState[];

/** How many minutes were in each state. */
export type Tally = Readonly<Record<MinuteState, number>>;

/** Seconds. */
export const minuteS = 60;

/** Whether any minute from one to another, both inclusive, is among these. Minutes are counted from any one on. */
export function hasAny(minutes: ReadonlySet<number>, begin: number, end: number): boolean {
  for (let at = begin; at <= end; at += 1) if (minutes.has(at)) return true;
  return false;
}

export function tallyOf(minutes: Iterable<MinuteState>): Tally {
  const tally = { unknown: 0, good: 0, degraded: 0, down: 0, off: 0, asleep: 0, excluded: 0 };
  for (const state of minutes) tally[state] += 1;
  return tally;
}

export function sumOf(tallies: Iterable<Tally>): Tally {
  const sum = { ...tallyOf([]) };
  for (const tally of tallies) for (const state of minuteStates) sum[state] += tally[state];
  return sum;
}

/** All minutes of a tally. */
export function lengthOf(tally: Tally): number {
  return minuteStates.reduce((length, state) => length + tally[state], 0);
}

/** A share as two whole numbers of minutes, so that shares can be added up and checked by hand. */
export type Share = Readonly<{ part: number; of: number }>;

/** (good + degraded) / (good + degraded + down): `unknown` is neither up nor down. `of` may be 0: nothing is known. */
export function availabilityOf({ good, degraded, down }: Tally): Share {
  return { part: good + degraded, of: good + degraded + down };
}

/**
 * Known / scheduled. Scheduled are the minutes in which something could have been measured: those in which the machine was switched off
 * in order or asleep, or work was announced, are not.
 */
export function coverageOf({ good, degraded, down, unknown }: Tally): Share {
  const known = good + degraded + down;
  return { part: known, of: known + unknown };
}
