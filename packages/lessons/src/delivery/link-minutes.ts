import { type LinkKind, linkKinds } from '@tongtang/model/link';
import type { LinkSample } from '@tongtang/model/link-evidence';
import { fileMinutes } from './file-minutes.ts';
import { benchOf, judgeMinute } from './judge-minute.ts';
import { type Heard, machineMinutes, type Stretch } from './machine-minutes.ts';
import { type MinuteState, type Minutes, minuteS } from './minute-state.ts';
import { followedS, followLine, outlastsLine } from './platform-line.ts';
import { type Run, type Series, seriesOf } from './probe-runs.ts';
import type { AgentMinutes } from './runs.ts';
import { united } from './stretches.ts';

/**
 * How far around a stretch samples have to be known for its minutes to be what they are: as far as platforms follow the line, and
 * there as far as evidence counts, with the loss of five minutes. Seconds.
 */
export const marginS = followedS + 900 + 300;

export type MinutesInput = Stretch &
  Readonly<{
    /**
     * Of one agent, from {@link marginS} before the stretch to as long after it, in any order; doubled ones do no harm. Those without a
     * link show that it measured, and what it says of itself when it slept.
     */
    samples: readonly LinkSample[];
    /** In any order. */
    heard: readonly Heard[];
    /** Found in samples further ahead; see {@link sleepsIn}. */
    sleeps: readonly Stretch[];
    /** When the hub itself did not run. */
    aways: readonly Stretch[];
    /** What the machine was in the minute before. */
    before: MinuteState;
    /** How long a run of a probe against a target counts, in seconds: as live. */
    freshS: (measurement: string, target: string) => number;
  }>;

/**
 * What the links of an agent were in each minute of a stretch: a pure function of what was measured, in whatever order it came.
 *
 * `LinkFindings` judges, the same that judges the present. Where a probe ran in the minute, its runs there count and no others; where it
 * did not, its last one, as long as it is fresh; before its first one after a pause, that one, for the one interval in which it had not come
 * yet. A
 * minute is `down` where nothing came through in all of it, `good` where all was well in all of it, else `degraded`. Loss takes more
 * packets than a minute has: it counts where it shows both to who looks back from the minute's end and to who looks ahead from
 * its start, so that a minute before or after is not blamed.
 */
export function linkMinutes(input: MinutesInput): AgentMinutes {
  const times = [...new Set(input.samples.map(({ time }) => time))].sort((a, b) => a - b);
  const sleeps = united([...input.sleeps, ...sleepsIn(input.samples)]);
  const machine = machineMinutes({ ...input, times, sleeps });
  const wide = { ...input, from: input.from - followedS, to: input.to + followedS };
  const around = machineMinutes({ ...wide, times, sleeps, before: 'unknown' });
  const series = seriesOf(input.samples, input.aways);
  const ofLines = series.filter(({ link }) => link !== 'platform');
  const links = judged(wide, ofLines, around, () => true);
  const line = { broadband: links.get('broadband') ?? [], from: wide.from };
  const platforms = series.filter(({ link }) => link === 'platform');
  for (const [link, minutes] of judged(wide, platforms, around, (run) => outlastsLine(run, line)))
    links.set(link, followLine(minutes, platforms, line));
  const margin = followedS / minuteS;
  for (const [link, minutes] of links) links.set(link, minutes.slice(margin, margin + machine.length));
  const files = fileMinutes(input.samples, input, machine);
  return { machine, links, ...(files !== undefined && { files }) };
}

function judged(
  input: MinutesInput,
  series: readonly Series[],
  machine: Minutes,
  holdsOn: (run: Run) => boolean,
): Map<LinkKind, MinuteState[]> {
  const bench = benchOf(series, input.samples, { freshS: input.freshS, holdsOn });
  const measured = linkKinds.filter((link) => series.some((one) => one.link === link));
  const links = new Map<LinkKind, MinuteState[]>(measured.map((link) => [link, []]));
  for (const [index, own] of machine.entries()) {
    const start = input.from + index * minuteS;
    const states = own === 'good' ? judgeMinute(bench, start) : undefined;
    for (const [link, minutes] of links) minutes.push(states?.get(link) ?? 'unknown');
  }
  return links;
}

/** When the machine was suspended, as its agent found out on waking; what was told more than once is in it once. In order. */
export function sleepsIn(samples: readonly LinkSample[]): Stretch[] {
  const told = samples.flatMap(({ measurement, time, fields: { slept_s: slept } }) =>
    measurement === 'agent' && typeof slept === 'number' && slept >= minuteS
      ? [{ from: time - slept, to: time }]
      : [],
  );
  return united(told);
}
