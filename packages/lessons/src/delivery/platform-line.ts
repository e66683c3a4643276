import { type MinuteState, type Minutes, minuteS } from './minute-state.ts';
import { firstFrom, type Run, type Series } from './probe-runs.ts';

/**
 * Platforms are asked every five minutes, the line every ten seconds; and nobody reaches a platform over a line that is down.
 */

/** So far around a minute it is looked what runs found: as long as the answer of a platform counts. Seconds. */
export const followedS = 900;

/** The minutes of the line. */
type Line = Readonly<{
  broadband: Minutes;
  /** Start of the first, hub time in seconds. */
  from: number;
}>;

/** A run that failed while the line was down, or was just breaking or coming back, says nothing of platforms any more once the line is there. */
export function withoutThoseOfTheLine(platforms: readonly Series[], { broadband, from }: Line): Series[] {
  const isDownAround = (time: number): boolean => {
    const at = Math.floor((time - from) / minuteS);
    return [at - 1, at, at + 1].some((one) => broadband[one] === 'down');
  };
  return platforms.map((one) => ({
    ...one,
    runs: one.runs.map((run) =>
      run.sample.fields.ok === false && isDownAround(run.time) ? { ...run, holdsOn: false } : run,
    ),
  }));
}

/**
 * In minutes in which the line is down, and no run of the outage got through, platforms are down: where one was asked near by, be it in
 * vain. That they are asked at some other time of the day says nothing.
 */
export function followLine(
  platform: Minutes,
  platforms: readonly Series[],
  { broadband, from }: Line,
): MinuteState[] {
  const asked = platforms.flatMap(({ runs }) => runs).sort((a, b) => a.time - b.time);
  const runs = asked.filter(({ isEvidence }) => isEvidence);
  const most = followedS / minuteS;
  const isDown = (one: number): boolean => broadband[one] === 'down';
  return platform.map((own, at) => {
    if (!isDown(at) || within(asked, from, at - most, at + most).length === 0) return own;
    const outage = within(runs, from, edge(at, -1, most, isDown), edge(at, 1, most, isDown));
    return outage.some(({ sample }) => sample.fields.ok === true) ? own : 'down';
  });
}

/** The last minute in a direction up to which something holds. */
function edge(at: number, step: 1 | -1, most: number, holds: (one: number) => boolean): number {
  let one = at;
  while (Math.abs(one + step - at) <= most && holds(one + step)) one += step;
  return one;
}

function within(runs: readonly Run[], from: number, begin: number, end: number): readonly Run[] {
  return runs.slice(firstFrom(runs, from + begin * minuteS), firstFrom(runs, from + (end + 1) * minuteS));
}
