import { hasAny, type MinuteState, type Minutes, minuteS } from './minute-state.ts';
import type { Run, Series } from './probe-runs.ts';

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

/**
 * Whether a run says something of the minutes after its own. One that failed while the line was down, or was just breaking or coming back, says
 * nothing of platforms any more once the line is there.
 */
export function outlastsLine({ sample, time }: Run, { broadband, from }: Line): boolean {
  if (sample.fields.ok !== false) return true;
  const at = Math.floor((time - from) / minuteS);
  return broadband[at - 1] !== 'down' && broadband[at] !== 'down' && broadband[at + 1] !== 'down';
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
  const asked = new Set<number>();
  const answered = new Set<number>();
  for (const { runs } of platforms)
    for (const { time, isEvidence, sample } of runs) {
      const at = Math.floor((time - from) / minuteS);
      asked.add(at);
      if (isEvidence && sample.fields.ok === true) answered.add(at);
    }
  const most = followedS / minuteS;
  const isDown = (one: number): boolean => broadband[one] === 'down';
  return platform.map((own, at) => {
    if (!isDown(at) || !hasAny(asked, at - most, at + most)) return own;
    const isAnswered = hasAny(answered, edge(at, -1, most, isDown), edge(at, 1, most, isDown));
    return isAnswered ? own : 'down';
  });
}

/** The last minute in a direction up to which something holds. */
function edge(at: number, step: 1 | -1, most: number, holds: (one: number) => boolean): number {
  let one = at;
  while (Math.abs(one + step - at) <= most && holds(one + step)) one += step;
  return one;
}
