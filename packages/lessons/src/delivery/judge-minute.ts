import type { LinkKind, LinkState } from '@tongtang/model/link';
import type { LinkSample } from '@tongtang/model/link-evidence';
import { LinkFindings } from '@tongtang/model/link-findings';
import { type Outcome, runsWeighedOf } from '@tongtang/model/link-outcome';
import { bridgedS } from './machine-minutes.ts';
import { hasAny, type MinuteState, minuteS } from './minute-state.ts';
import { firstFrom, type Run, type Series } from './probe-runs.ts';

/** What minutes of an agent are judged from. */
export type Bench = Readonly<{
  probes: readonly Probe[];
  links: ReadonlyMap<LinkKind, LinkBench>;
  committed: readonly Committed[];
  /** Whether a run says something of the minutes after its own. */
  holdsOn: (run: Run) => boolean;
}>;

/** How long a run of a probe against a target counts, in seconds. */
type FreshS = (measurement: string, target: string) => number;
type Probe = Series & Readonly<{ freshS: number }>;

/** The probes of a link, and the minutes in which any of them lost packets, counted from 1970 on. */
type LinkBench = Readonly<{ probes: readonly Probe[]; lossy: ReadonlySet<number> }>;

/** The agent and its hub heard from each other after `at` and not later than `time`. Seconds. */
type Committed = Readonly<{ at: number; time: number }>;

/** The runs of a probe that speak for a minute, and the place of its first run at or after the minute's start. */
type Chosen = Readonly<{ probe: Probe; runs: readonly Run[]; next: number }>;

/** As far LinkFindings looks for lost packets. Seconds. */
const lossS = 300;
/** For so many of its intervals a run counts. */
const freshIntervals = 3;

/**
 * What an agent's minutes are judged from.
 * @param samples of the agent, with what it says of itself
 */
export function benchOf(
  series: readonly Series[],
  samples: readonly LinkSample[],
  { freshS, holdsOn }: Readonly<{ freshS: FreshS; holdsOn: Bench['holdsOn'] }>,
): Bench {
  const probes = series.map((one) => ({ ...one, freshS: freshS(one.measurement, one.target) }));
  const links = [...Map.groupBy(probes, ({ link }) => link)].map(
    ([link, own]) => [link, { probes: own, lossy: lossyIn(own) }] as const,
  );
  return { probes, links: new Map(links), committed: committedIn(samples), holdsOn };
}

function lossyIn(series: readonly Series[]): Set<number> {
  const lossy = new Set<number>();
  for (const { runs } of series)
    for (const { isLossy, isEvidence, time } of runs)
      if (isLossy && isEvidence) lossy.add(Math.floor(time / minuteS));
  return lossy;
}

/** What is older than the oldest sample that waits had been committed by the time that it told so. */
function committedIn(samples: readonly LinkSample[]): Committed[] {
  return samples
    .flatMap(({ measurement, time, fields: { outbox_oldest_s: oldest } }) =>
      measurement === 'agent' && typeof oldest === 'number' ? [{ at: time - oldest, time }] : [],
    )
    .sort((a, b) => a.time - b.time || a.at - b.at);
}

/** The states of all links of which anything is known in a minute. @param start its first second */
export function judgeMinute(bench: Bench, start: number): Map<LinkKind, MinuteState> {
  const chosen = bench.probes.flatMap((probe): Chosen[] => {
    const next = firstFrom(probe.runs, start);
    const runs = runsFor(bench, probe, start, next);
    return runs.length === 0 ? [] : [{ probe, runs, next }];
  });
  const seen = chosen.every(({ runs }) => runs.every((run) => run.isGood))
    ? new Map(chosen.map(({ probe }) => [probe.link, allGood]))
    : roundsOf(bench, chosen, start);
  return new Map(
    [...seen].map(([link, states]) => {
      const [state, ...others] = states;
      if (others.length > 0 || (state !== 'down' && state !== 'good')) return [link, 'degraded'];
      return [link, state === 'good' && isLossy(bench, link, start) ? 'degraded' : state];
    }),
  );
}

const allGood: ReadonlySet<LinkState> = new Set(['good']);

/**
 * The states by the first run of each probe in a minute, by the second, and so on. There are as many rounds as the probe has runs that
 * ran most often; probes with as many runs change together, so they are added up once, and not in each round.
 */
function roundsOf(
  { committed }: Bench,
  chosen: readonly Chosen[],
  start: number,
): Map<LinkKind, ReadonlySet<LinkState>> {
  const end = start + minuteS;
  const passedAt = committed[firstFrom(committed, end) - 1]?.at ?? Number.NEGATIVE_INFINITY;
  const alike = Map.groupBy(chosen, ({ runs }) => runs.length);
  const turns = [...alike].map(([length, own]) => turnsOf(own, length, start));
  const count = Math.max(0, ...alike.keys());
  const seen = new Map<LinkKind, Set<LinkState>>();
  for (let round = 0; round < count; round += 1) {
    const findings = new LinkFindings();
    for (const own of turns) {
      const turn = own[Math.floor((round * own.length) / count)];
      if (turn !== undefined) findings.addAll(turn);
    }
    for (const [link, state] of findings.states(end, passedAt)) {
      const states = seen.get(link) ?? new Set();
      seen.set(link, states.add(state));
    }
  }
  return seen;
}

/** What the first runs of probes that have as many show together, the second ones, and so on. */
function turnsOf(alike: readonly Chosen[], length: number, start: number): LinkFindings[] {
  const turns = Array.from({ length }, () => new LinkFindings());
  for (const { probe, runs, next } of alike) {
    const failing = failingBefore(probe, start, next);
    for (const [turn, { time, outcome }] of runs.entries()) {
      if (outcome === undefined) continue;
      const before = failing !== undefined && failing.time < time ? failing.outcome : undefined;
      const outcomes = before === undefined ? [outcome] : [outcome, before];
      turns[turn]?.add(probe.link, probe.measurement, outcomes);
    }
  }
  return turns;
}

/** The runs that speak for a minute. None where the last one that was tried came to nothing. */
function runsFor({ holdsOn }: Bench, { runs, freshS }: Probe, start: number, next: number): readonly Run[] {
  const own: Run[] = [];
  let at = next;
  for (; at < runs.length; at += 1) {
    const run = runs[at];
    if (run === undefined || run.time >= start + minuteS) break;
    if (run.isEvidence) own.push(run);
  }
  if (at > next) return own;
  const [last, following] = [runs[next - 1], runs[next]];
  if (last !== undefined && start + minuteS - last.time <= freshS && holdsOn(last))
    return last.isEvidence ? [last] : [];
  // What its first run after a pause finds held for the one interval in which it had not come yet.
  const isFirst =
    following?.isEvidence && following.sample.fields.ok === true && following.sample.fields.locked !== false;
  return isFirst && following.time - start <= freshS / freshIntervals ? [following] : [];
}

/** When it began to fail, where it fails since before the minute: within the time in which loss counts. */
function failingBefore({ runs }: Series, start: number, next: number): Run | undefined {
  let found: Run | undefined;
  for (let at = next - 1; at >= 0; at -= 1) {
    const run = runs[at];
    if (run === undefined || run.sample.fields.ok === true || start - run.time > 2 * bridgedS) break;
    found = run;
  }
  return found;
}

/**
 * Whether more packets are lost than a lesson bears, both to who looks back from the end of a minute and to who looks ahead from its
 * start; for that, time runs the other way.
 */
function isLossy({ links }: Bench, link: LinkKind, start: number): boolean {
  const { probes = [], lossy = new Set<number>() } = links.get(link) ?? {};
  const at = start / minuteS;
  const most = lossS / minuteS - 1;
  if (!hasAny(lossy, at - most, at) || !hasAny(lossy, at, at + most)) return false;
  const end = start + minuteS;
  const spans = [
    { from: end - lossS, to: end, isBack: true },
    { from: start, to: start + lossS, isBack: false },
  ];
  return spans.every(({ from, to, isBack }) => {
    const findings = new LinkFindings();
    for (const { measurement, runs } of probes) {
      const span = { first: firstFrom(runs, from), end: firstFrom(runs, to), isBack };
      findings.add(link, measurement, answeredIn(runs, span, runsWeighedOf(measurement)));
    }
    return findings.states(end, Number.NEGATIVE_INFINITY).get(link) === 'degraded';
  });
}

/** Places of runs, to be looked at from the first one on or, back, from the last one before `end`. */
type Span = Readonly<{ first: number; end: number; isBack: boolean }>;

/** What the first runs of a span found that were answered, so many at most. */
function answeredIn(runs: readonly Run[], { first, end, isBack }: Span, most: number): Outcome[] {
  const outcomes: Outcome[] = [];
  for (let at = first; at < end && outcomes.length < most; at += 1) {
    const run = runs[isBack ? first + end - 1 - at : at];
    if (run?.isEvidence && run.outcome !== undefined && run.sample.fields.ok === true)
      outcomes.push(run.outcome);
  }
  return outcomes;
}
