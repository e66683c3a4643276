import type { LinkKind, LinkState } from '@tongtang/model/link';
import { LinkEvidence, type LinkSample } from '@tongtang/model/link-evidence';
import { bridgedS } from './machine-minutes.ts';
import { type MinuteState, minuteS } from './minute-state.ts';
import { firstFrom, type Run, type Series } from './probe-runs.ts';

/** What minutes of an agent are judged from. */
export type Bench = Readonly<{
  series: readonly Series[];
  /** The runs that lost packets, by link, in order of time. */
  lossy: ReadonlyMap<LinkKind, readonly Run[]>;
  committed: readonly Committed[];
  /** How long a run of a probe against a target counts, in seconds. */
  freshS: (measurement: string, target: string) => number;
}>;

/** The agent and its hub heard from each other after `at` and not later than `by`. Seconds. */
type Committed = Readonly<{ at: number; by: number }>;

/** The runs of a probe that speak for a minute. */
type Chosen = Readonly<{ one: Series; runs: readonly Run[] }>;

/** As far LinkEvidence looks for lost packets. Seconds. */
const lossS = 300;
/** For so many of its intervals a run counts. */
const freshIntervals = 3;

/** What an agent's minutes are judged from. @param samples of the agent, with what it says of itself */
export function benchOf(
  series: readonly Series[],
  samples: readonly LinkSample[],
  freshS: Bench['freshS'],
): Bench {
  const lost = series.flatMap(({ link, runs }) =>
    runs.filter((run) => run.isLossy && run.isEvidence).map((run) => [link, run] as const),
  );
  const lossy = new Map(
    [...Map.groupBy(lost, ([link]) => link)].map(([link, own]) => [
      link,
      own.map(([, run]) => run).sort((a, b) => a.time - b.time),
    ]),
  );
  return { series, lossy, committed: committedIn(samples), freshS };
}

/** What is older than the oldest sample that waits had been committed by the time that it told so. */
function committedIn(samples: readonly LinkSample[]): Committed[] {
  return samples
    .flatMap(({ measurement, time, fields: { outbox_oldest_s: oldest } }) =>
      measurement === 'agent' && typeof oldest === 'number' ? [{ at: time - oldest, by: time }] : [],
    )
    .sort((a, b) => a.by - b.by || a.at - b.at);
}

/** The states of all links of which anything is known in a minute. @param start its first second */
export function judgeMinute(bench: Bench, start: number): Map<LinkKind, MinuteState> {
  const { series, freshS } = bench;
  const chosen = series.flatMap((one): Chosen[] => {
    const runs = runsFor(one, start, freshS(one.measurement, one.target));
    return runs.length === 0 ? [] : [{ one, runs }];
  });
  const seen = chosen.every(({ runs }) => runs.every((run) => run.isGood))
    ? new Map(chosen.map(({ one }) => [one.link, ['good'] satisfies LinkState[]]))
    : roundsOf(bench, chosen, start);
  return new Map(
    [...seen].map(([link, states]) => {
      if (states.every((state) => state === 'down')) return [link, 'down'];
      const isGood = states.every((state) => state === 'good') && !isLossy(bench, link, start);
      return [link, isGood ? 'good' : 'degraded'];
    }),
  );
}

/** The states by the first run of each probe in a minute, by the second, and so on. */
function roundsOf(
  { committed }: Bench,
  chosen: readonly Chosen[],
  start: number,
): Map<LinkKind, LinkState[]> {
  const end = start + minuteS;
  const seen = new Map<LinkKind, LinkState[]>();
  const count = Math.max(0, ...chosen.map(({ runs }) => runs.length));
  const passedAt = committed.findLast(({ by }) => by < end)?.at;
  const failing = chosen.map(({ one }) => failingBefore(one, start));
  for (let round = 0; round < count; round += 1) {
    const evidence = new LinkEvidence();
    if (passedAt !== undefined) evidence.passed(passedAt);
    for (const [index, { runs }] of chosen.entries()) {
      const run = runs[Math.floor((round * runs.length) / count)];
      const before = failing[index];
      if (run === undefined) continue;
      if (before !== undefined && before.time < run.time) evidence.add(before.sample);
      evidence.add(run.sample);
    }
    for (const [link, state] of evidence.states(end, () => Number.POSITIVE_INFINITY))
      seen.set(link, [...(seen.get(link) ?? []), state]);
  }
  return seen;
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

/**
 * Whether more packets are lost than a lesson bears, both to who looks back from the end of a minute and to who looks ahead from its
 * start; for that, time runs the other way.
 */
function isLossy({ series, lossy }: Bench, link: LinkKind, start: number): boolean {
  const end = start + minuteS;
  const lost = lossy.get(link) ?? [];
  const spans = [
    { from: end - lossS, to: end, direction: 1 },
    { from: start, to: start + lossS, direction: -1 },
  ] as const;
  if (!spans.every(({ from, to }) => (lost[firstFrom(lost, from)]?.time ?? to) < to)) return false;
  return spans.every(({ from, to, direction }) => {
    const evidence = new LinkEvidence();
    for (const { link: own, runs } of series)
      if (own === link)
        for (const { isEvidence, sample } of runs.slice(firstFrom(runs, from), firstFrom(runs, to)))
          if (isEvidence && sample.fields.ok === true)
            evidence.add({ ...sample, time: direction * sample.time });
    return evidence.states(direction * end, () => Number.POSITIVE_INFINITY).get(link) === 'degraded';
  });
}
