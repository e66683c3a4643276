import { isLinkKind, type LinkKind } from '@tongtang/model/link';
import { isEnough } from '@tongtang/model/link-findings';
import { isEvidence, type LinkSample, type Outcome, outcomeOf } from '@tongtang/model/link-outcome';
import type { Stretch } from './machine-minutes.ts';

/** One run of a probe. */
export type Run = Readonly<{
  time: number;
  sample: LinkSample;
  /** As LinkEvidence has it: none of a run that failed by the agent's own fault, or of a receiver that does not answer. */
  outcome: Outcome | undefined;
  /** Whether it has one, and the hub that it was measured against ran. */
  isEvidence: boolean;
  /** All is well as far as this run alone goes. */
  isGood: boolean;
  /** Some of its packets were lost. */
  isLossy: boolean;
}>;

/** The runs of one probe against one target, in order of time. */
export type Series = Readonly<{
  link: LinkKind;
  measurement: string;
  target: string;
  runs: Run[];
}>;

/**
 * The runs of an agent's probes, from samples in any order and doubled.
 * @param aways when the hub itself did not run: what was measured against it then says nothing of the line, and neither does a name,
 * which a resolver in the school may answer
 */
export function seriesOf(samples: readonly LinkSample[], aways: readonly Stretch[]): Series[] {
  // By target: each of them few probes ask, and to look for one of these is cheaper than to make a key of what it is.
  const series = new Map<string, Series[]>();
  for (const sample of samples) {
    const { measurement, tags, time, fields } = sample;
    const { link = '', target = '' } = tags;
    if (!isLinkKind(link) || !isEvidence(measurement) || typeof fields.ok !== 'boolean') continue;
    const { runs } = seriesIn(series, link, measurement, target);
    const isAway =
      (target === 'hub' || measurement === 'dns') && aways.some(({ from, to }) => from <= time && time < to);
    const outcome = outcomeOf(link, sample);
    runs.push({
      time,
      sample,
      outcome,
      isEvidence: outcome !== undefined && !isAway,
      isGood: outcome !== undefined && isEnough([outcome]),
      isLossy: isLossy(sample),
    });
  }
  return [...series.values()]
    .flat()
    .map((one) => ({ ...one, runs: inOrder(one.runs) }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function seriesIn(known: Map<string, Series[]>, link: LinkKind, measurement: string, target: string): Series {
  const all = known.get(target) ?? [];
  const found = all.find((one) => one.measurement === measurement && one.link === link);
  if (found !== undefined) return found;
  const series: Series = { link, measurement, target, runs: [] };
  all.push(series);
  known.set(target, all);
  return series;
}

function isLossy({ fields: { sent, received } }: LinkSample): boolean {
  return typeof sent === 'number' && typeof received === 'number' && received < sent;
}

/** Of what came twice, the last in the order of what it says: the same, in whatever order it came. */
function inOrder(runs: readonly Run[]): Run[] {
  const sorted = runs.toSorted((a, b) => a.time - b.time || (textOf(a) < textOf(b) ? -1 : 1));
  return sorted.filter(({ time }, index) => sorted[index + 1]?.time !== time);
}

function textOf({ sample }: Run): string {
  return JSON.stringify(Object.entries(sample.fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keyOf({ measurement, link, target }: Series): string {
  return `${measurement} ${link} ${target}`;
}

/** The place of the first run at or after a time. */
export function firstFrom(runs: readonly Readonly<{ time: number }>[], time: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
