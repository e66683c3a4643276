import { type LinkKind, type LinkState, linkKinds } from '@tongtang/model/link';
import { LinkEvidence, type LinkSample } from '@tongtang/model/link-evidence';
import { bridgedS, type Heard, machineMinutes, type Stretch } from './machine-minutes.ts';
import { type MinuteState, type Minutes, minuteS } from './minute-state.ts';
import { followedS, followLine, withoutThoseOfTheLine } from './platform-line.ts';
import { firstFrom, type Run, type Series, seriesOf } from './probe-runs.ts';
import type { AgentMinutes } from './runs.ts';

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
 * `LinkEvidence` judges, the same that judges the present. Where a probe ran in the minute, its runs there count and no others; where it
 * did not, its last one, as long as it is fresh; before its first one after a pause, that one, for the one interval in which it had not come
 * yet. A
 * minute is `down` where nothing came through in all of it, `good` where all was well in all of it, else `degraded`. Loss takes more
 * packets than a minute has: it counts where it shows both to who looks back from the minute's end and to who looks ahead from
 * its start, so that a minute before or after is not blamed.
 */
export function linkMinutes(input: MinutesInput): AgentMinutes {
  const times = [...new Set(input.samples.map(({ time }) => time))].sort((a, b) => a - b);
  const sleeps = [...input.sleeps, ...sleepsIn(input.samples)];
  const machine = machineMinutes({ ...input, times, sleeps });
  const wide = { ...input, from: input.from - followedS, to: input.to + followedS };
  const around = machineMinutes({ ...wide, times, sleeps, before: 'unknown' });
  const series = seriesOf(input.samples, input.aways);
  const links = judged(
    wide,
    series.filter(({ link }) => link !== 'platform'),
    around,
  );
  const line = { broadband: links.get('broadband') ?? [], from: wide.from };
  const platforms = withoutThoseOfTheLine(
    series.filter(({ link }) => link === 'platform'),
    line,
  );
  for (const [link, minutes] of judged(wide, platforms, around))
    links.set(link, followLine(minutes, platforms, line));
  const margin = followedS / minuteS;
  for (const [link, minutes] of links) links.set(link, minutes.slice(margin, margin + machine.length));
  return { machine, links };
}

function judged(
  input: MinutesInput,
  series: readonly Series[],
  machine: Minutes,
): Map<LinkKind, MinuteState[]> {
  const committed = committedIn(input.samples);
  const back = looks(series, input, 1);
  const ahead = looks(series, input, -1);
  const measured = linkKinds.filter((link) => series.some((one) => one.link === link));
  const links = new Map<LinkKind, MinuteState[]>(measured.map((link) => [link, []]));
  for (const [index, own] of machine.entries()) {
    const start = input.from + index * minuteS;
    const rounds = own === 'good' ? roundsIn(series, start, committed, input.freshS) : [];
    for (const [link, minutes] of links) {
      const seen = rounds.flatMap((round) => round.get(link) ?? []);
      const lossy = isWorse(back[index]?.get(link)) && isWorse(ahead[index]?.get(link));
      minutes.push(together(seen, lossy));
    }
  }
  return links;
}

/** When the machine was suspended, as its agent found out on waking. */
export function sleepsIn(samples: readonly LinkSample[]): Stretch[] {
  return samples.flatMap(({ measurement, time, fields: { slept_s: slept } }) =>
    measurement === 'agent' && typeof slept === 'number' && slept >= minuteS
      ? [{ from: time - slept, to: time }]
      : [],
  );
}

function together(seen: readonly LinkState[], lossy: boolean): MinuteState {
  if (seen.length === 0) return 'unknown';
  if (seen.every((state) => state === 'down')) return 'down';
  return !lossy && seen.every((state) => state === 'good') ? 'good' : 'degraded';
}

function isWorse(state: LinkState | undefined): boolean {
  return state === 'degraded' || state === 'down';
}

/**
 * The states at the end of each minute with all that was before, or at its start with all that came after: then time runs the other
 * way, and the first is the newest.
 */
function looks(
  series: readonly Series[],
  { from, to, freshS }: MinutesInput,
  direction: 1 | -1,
): Map<LinkKind, LinkState>[] {
  const evidence = new LinkEvidence();
  const samples = series
    .flatMap(({ runs }) => runs.filter((run) => run.isEvidence))
    .map(({ sample }) => ({ ...sample, time: direction * sample.time }))
    .sort((a, b) => a.time - b.time);
  const states: Map<LinkKind, LinkState>[] = [];
  let next = 0;
  for (let count = 0; count < (to - from) / minuteS; count += 1) {
    const now = direction === 1 ? from + (count + 1) * minuteS : -(to - (count + 1) * minuteS);
    for (
      let one = samples[next];
      one !== undefined && (direction === 1 ? one.time < now : one.time <= now);
    ) {
      evidence.add(one);
      next += 1;
      one = samples[next];
    }
    states.push(evidence.states(now, freshS));
  }
  return direction === 1 ? states : states.reverse();
}

/** The states by the first run of each probe in a minute, by the second, and so on; by what is fresh where none ran. */
function roundsIn(
  series: readonly Series[],
  start: number,
  committed: readonly Committed[],
  freshS: MinutesInput['freshS'],
): ReadonlyMap<LinkKind, LinkState>[] {
  const end = start + minuteS;
  const chosen = series.flatMap((one) => {
    const runs = runsFor(one, start, freshS(one.measurement, one.target));
    return runs.length === 0 ? [] : [{ runs, failing: failingBefore(one, start) }];
  });
  const count = Math.max(0, ...chosen.map(({ runs }) => runs.length));
  const passedAt = committed.findLast(({ by }) => by < end)?.at;
  return Array.from({ length: count }, (_, round) => {
    const evidence = new LinkEvidence();
    if (passedAt !== undefined) evidence.passed(passedAt);
    for (const { runs, failing } of chosen) {
      const run = runs[Math.floor((round * runs.length) / count)];
      if (run === undefined) continue;
      if (failing !== undefined && failing.time < run.time) evidence.add(failing.sample);
      evidence.add(run.sample);
    }
    return evidence.states(end, () => Number.POSITIVE_INFINITY);
  });
}

/** The runs that speak for a minute. None where the last one that was tried came to nothing. */
function runsFor({ runs }: Series, start: number, freshS: number): readonly Run[] {
  const next = firstFrom(runs, start);
  const own = runs.slice(next, firstFrom(runs, start + minuteS));
  if (own.length > 0) return own.filter((run) => run.isEvidence);
  const [last, following] = [runs[next - 1], runs[next]];
  if (last !== undefined && start + minuteS - last.time <= freshS && last.holdsOn)
    return last.isEvidence ? [last] : [];
  // What its first run after a pause finds held for the one interval in which it had not come yet.
  const isFirst =
    following?.isEvidence && following.sample.fields.ok === true && following.sample.fields.locked !== false;
  return isFirst && following.time - start <= freshS / freshIntervals ? [following] : [];
}

/** For so many of its intervals a run counts. */
const freshIntervals = 3;

/** When it began to fail, where it fails since before the minute: within the time in which loss counts. */
function failingBefore({ runs }: Series, start: number): Run | undefined {
  let found: Run | undefined;
  for (let at = firstFrom(runs, start) - 1; at >= 0; at -= 1) {
    const run = runs[at];
    if (run === undefined || run.sample.fields.ok === true || start - run.time > 2 * bridgedS) break;
    found = run;
  }
  return found;
}

/** The agent and its hub heard from each other after `at` and not later than `by`. Seconds. */
type Committed = Readonly<{ at: number; by: number }>;

/** What is older than the oldest sample that waits had been committed by the time that it told so. */
function committedIn(samples: readonly LinkSample[]): Committed[] {
  return samples
    .flatMap(({ measurement, time, fields: { outbox_oldest_s: oldest } }) =>
      measurement === 'agent' && typeof oldest === 'number' ? [{ at: time - oldest, by: time }] : [],
    )
    .sort((a, b) => a.by - b.by || a.at - b.at);
}
