import { isLinkKind, type LinkKind } from '@tongtang/model/link';
import { isEvidence, LinkEvidence, type LinkSample } from '@tongtang/model/link-evidence';
import type { Stretch } from './machine-minutes.ts';

/** One run of a probe. */
export type Run = Readonly<{
  time: number;
  sample: LinkSample;
  isEvidence: boolean;
  /** All is well as far as this run alone goes. */
  isGood: boolean;
  /** Some of its packets were lost. */
  isLossy: boolean;
  /** Whether it says something of the minutes after its own. */
  holdsOn: boolean;
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
  const series = new Map<string, Series>();
  for (const sample of samples) {
    const { measurement, tags, time, fields } = sample;
    const { link = '', target = '' } = tags;
    if (!isLinkKind(link) || !isEvidence(measurement) || typeof fields.ok !== 'boolean') continue;
    const key = `${measurement} ${link} ${target}`;
    const one = series.get(key) ?? { link, measurement, target, runs: [] };
    series.set(key, one);
    const isAway =
      (target === 'hub' || measurement === 'dns') && aways.some(({ from, to }) => from <= time && time < to);
    // As LinkEvidence has it: a run that failed by the agent's own fault, and a receiver that does not answer.
    const says =
      fields.failure !== 'agent' && (measurement !== 'signal' || typeof fields.locked === 'boolean');
    one.runs.push({
      time,
      sample,
      isEvidence: says && !isAway,
      isGood: isGoodAlone(sample, link),
      isLossy: isLossy(sample),
      holdsOn: true,
    });
  }
  return [...series.values()]
    .map((one) => ({ ...one, runs: inOrder(one.runs) }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function isGoodAlone(sample: LinkSample, link: LinkKind): boolean {
  const evidence = new LinkEvidence();
  evidence.add(sample);
  return evidence.states(sample.time, () => 0).get(link) === 'good';
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
