import { type MinuteState, type Minutes, minuteS } from './minute-state.ts';
import { firstFrom, type Run, type Series } from './probe-runs.ts';

/** So far around a minute it is looked what runs found: as long as the answer of a platform counts. Seconds. */
export const followedS = 900;

type Around = Readonly<{
  series: readonly Series[];
  machine: Minutes;
  /** Start of the first minute, hub time in seconds. */
  from: number;
}>;

/**
 * Platforms are asked every five minutes, the line every ten seconds; and nobody reaches a platform over a line that is down. So in minutes
 * in which the line is down and no run got through, platforms are down; and from when the line is back, they are what the next run
 * finds, while the machine goes on measuring.
 */
export function followLine(platform: Minutes, broadband: Minutes, around: Around): MinuteState[] {
  const { series, machine, from } = around;
  const runs = series
    .filter(({ link }) => link === 'platform')
    .flatMap((one) => one.runs.filter((run) => run.isEvidence))
    .sort((a, b) => a.time - b.time);
  const most = followedS / minuteS;
  return platform.map((own, at) => {
    if (broadband[at] === 'down') {
      const begin = edge(at, -1, most, (one) => broadband[one] === 'down');
      const end = edge(at, 1, most, (one) => broadband[one] === 'down');
      return within(runs, from, begin, end).some(({ sample }) => sample.fields.ok === true) ? own : 'down';
    }
    if (own === 'good' || machine[at] !== 'good') return own;
    const goesOn = (one: number): boolean => machine[one] === 'good' && broadband[one] !== 'down';
    const back = edge(at, -1, most, goesOn);
    if (broadband[back - 1] !== 'down') return own;
    const next = runs[firstFrom(runs, from + back * minuteS)];
    if (next === undefined || next.sample.fields.ok !== true) return own;
    const found = Math.floor((next.time - from) / minuteS);
    const lasts = found >= at && found - at <= most && edge(at, 1, most, goesOn) >= found;
    return lasts ? (platform[found] ?? own) : own;
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
