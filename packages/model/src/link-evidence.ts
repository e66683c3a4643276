import { isLinkKind, type LinkKind, type LinkState } from './link.ts';
import { LinkFindings } from './link-findings.ts';
import { type LinkSample, type Outcome, outcomeOf, runsWeighedOf } from './link-outcome.ts';

export { evidenceFields, isEvidence, type LinkSample } from './link-outcome.ts';

/** The last outcomes of one probe against one target, the newest first. Never empty. */
type Series = Readonly<{ link: LinkKind; measurement: string; target: string; outcomes: Outcome[] }>;

/** More than any agent has; what goes beyond is no evidence. */
const mostSeries = 500;

/**
 * What the links of one agent showed, and the state that follows from it. In measurement time, and the same in
 * whatever order samples come.
 */
export class LinkEvidence {
  /** By target: each of them few probes ask, and to look for one of these is cheaper than to make a key of what it is. */
  readonly #series = new Map<string, Series[]>();
  #count = 0;
  #passedAt = Number.NEGATIVE_INFINITY;

  /** Takes a sample; one that says nothing of its link is no evidence. */
  add(sample: LinkSample): void {
    const { link = '', target = '' } = sample.tags;
    if (!isLinkKind(link)) return;
    const outcome = outcomeOf(link, sample);
    if (outcome === undefined) return;
    const outcomes = this.#seriesOf(sample.measurement, link, target)?.outcomes;
    if (outcomes === undefined) return;
    const older = outcomes.findIndex(({ time }) => time <= outcome.time);
    const again = outcomes[older]?.time === outcome.time;
    outcomes.splice(older === -1 ? outcomes.length : older, again ? 1 : 0, outcome);
    if (outcomes.length > runsWeighedOf(sample.measurement)) outcomes.pop();
  }

  /** The agent and its hub heard from each other: a path over broadband is there, whatever does not answer. */
  passed(time: number): void {
    this.#passedAt = Math.max(this.#passedAt, time);
  }

  /**
   * The state of each link of which there is fresh evidence; the others are `unknown`: no evidence is neither up nor
   * down. What is not fresh any more is forgotten.
   *
   * @param now seconds, on the clock of the samples
   * @param freshS how old the newest outcome of a probe against a target may be; three intervals is customary
   */
  states(now: number, freshS: (measurement: string, target: string) => number): Map<LinkKind, LinkState> {
    const findings = new LinkFindings();
    for (const [target, all] of this.#series) {
      const fresh = all.filter((series) => now - newest(series).time <= freshS(series.measurement, target));
      this.#count -= all.length - fresh.length;
      if (fresh.length === 0) this.#series.delete(target);
      else if (fresh.length < all.length) this.#series.set(target, fresh);
      for (const { link, measurement, outcomes } of fresh) findings.add(link, measurement, outcomes);
    }
    return findings.states(now, this.#passedAt);
  }

  /** What is known of a probe against a target, or where it may begin; undefined where there is no room for more. */
  #seriesOf(measurement: string, link: LinkKind, target: string): Series | undefined {
    const all = this.#series.get(target);
    const known = all?.find((series) => series.measurement === measurement && series.link === link);
    if (known !== undefined || this.#count >= mostSeries) return known;
    const series: Series = { link, measurement, target, outcomes: [] };
    if (all === undefined) this.#series.set(target, [series]);
    else all.push(series);
    this.#count += 1;
    return series;
  }
}

function newest({ outcomes }: Series): Outcome {
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('a series without an outcome');
  return outcome;
}
