import { fieldOf, isMeasurement } from './catalogue.ts';
import { isLinkKind, type LinkKind, type LinkState, lessonNeeds } from './link.ts';
import type { FieldValue } from './sample.ts';

/** A sample as far as it says something of a link. */
export type LinkSample = Readonly<{
  measurement: string;
  tags: Readonly<{ link?: string | undefined; target?: string | undefined }>;
  /** Seconds, on one clock for all samples. */
  time: number;
  fields: Readonly<Record<string, FieldValue>>;
}>;

/** What one run of a probe found. */
type Outcome = Readonly<{
  time: number;
  ok: boolean;
  /** Whether something came back over the link, be it a refusal. */
  reached: boolean;
  /** Packets of a run that counts them. */
  sent: number;
  received: number;
  /** Whether delay, jitter, the loss of a stream or the margin of a signal is beyond what a lesson bears. */
  poor: boolean;
}>;

/** The last outcomes of one probe against one target, the oldest first. Never empty. */
type Series = Readonly<{ link: LinkKind; measurement: string; target: string; outcomes: Outcome[] }>;

/**
 * Two lost packets of ten are no loss of 20 %: STAMP sends them in pairs, and one fade takes both. So many it takes until one pair
 * alone stays within what a lesson bears.
 */
const enoughPackets = 2 / lessonNeeds.lossRatio;
/** Loss of longer ago is not the present one. Seconds. */
const lossWindowS = 300;
/** Twenty runs of STAMP hold enough packets; two more, for such as were broken off. Probes that count none need few. */
const outcomesKept = { counting: 22, others: 3 } as const;
/** More than any agent has; what goes beyond is no evidence. */
const mostSeries = 500;
/** Probes run every ten seconds, take some, and do not begin together: what lies within is the same time. Seconds. */
const sameTimeS = 15;
/** What came through shows for so long that a path is there: outside lessons something does once a minute. Seconds. */
const passedFreshS = 150;
/** These are paths: a far end that refuses was reached over them. Of a platform a refusal says that it is down. */
const paths: ReadonlySet<string> = new Set(['lan', 'broadband']);
/** Answered from a cache as well: a resolver in the school does so while the Internet is cut. */
const cached: ReadonlySet<string> = new Set(['dns']);
/**
 * A test of the throughput is made once a day, when the far end has room, and shows nothing of the present. A router that does not
 * answer may forward as well as any other, so a route says nothing of how well.
 */
const noEvidence: ReadonlySet<string> = new Set(['throughput', 'path']);

/** The fields that are looked at, whichever of them a measurement has. */
export const evidenceFields = [
  'ok',
  'failure',
  'locked',
  'sent',
  'received',
  'rtt_ms',
  'jitter_ms',
  'loss_ratio',
  'uncorrected',
  'margin_db',
] as const;

/** Whether what this measurement finds says something of the state of its link. */
export function isEvidence(measurement: string): boolean {
  return !noEvidence.has(measurement);
}

/**
 * What the links of one agent showed, and the state that follows from it. In measurement time, and the same in
 * whatever order samples come.
 */
export class LinkEvidence {
  /** By target: each of them few probes ask, and to look for one of these is cheaper than to make a key of what it is. */
  readonly #series = new Map<string, Series[]>();
  #count = 0;
  #passedAt = Number.NEGATIVE_INFINITY;

  /** Takes a sample. Routes and those without a link are no evidence, nor are failures that the agent caused itself. */
  add({ measurement, tags, time, fields }: LinkSample): void {
    const { link = '', target = '' } = tags;
    if (!isLinkKind(link) || typeof fields.ok !== 'boolean' || fields.failure === 'agent') return;
    if (!isEvidence(measurement)) return;
    // A receiver that is off or does not answer says nothing of its dish.
    if (measurement === 'signal' && typeof fields.locked !== 'boolean') return;
    const series = this.#seriesOf(measurement, link, target);
    if (series === undefined) return;
    const { outcomes } = series;
    const before = outcomes.findLastIndex((outcome) => outcome.time <= time);
    const again = outcomes[before]?.time === time;
    outcomes.splice(again ? before : before + 1, again ? 1 : 0, outcomeOf(series, time, fields, fields.ok));
    const kept = countsPackets(measurement) ? outcomesKept.counting : outcomesKept.others;
    if (outcomes.length > kept) outcomes.shift();
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
    const links = new Map<LinkKind, Series[]>();
    for (const [target, all] of this.#series) {
      const fresh = all.filter((series) => now - newest(series).time <= freshS(series.measurement, target));
      this.#count -= all.length - fresh.length;
      if (fresh.length === 0) this.#series.delete(target);
      else if (fresh.length < all.length) this.#series.set(target, fresh);
      for (const series of fresh) links.set(series.link, [...(links.get(series.link) ?? []), series]);
    }
    const passedAt = now - this.#passedAt > passedFreshS ? Number.NEGATIVE_INFINITY : this.#passedAt;
    const broadband = links.get('broadband') ?? [];
    const states = new Map<LinkKind, LinkState>();
    for (const [link, all] of links) {
      const own = stateOf(all);
      if (own !== 'down') states.set(link, own);
      else if (link === 'broadband') states.set(link, isSince(all, passedAt) ? 'degraded' : 'down');
      else states.set(link, link === 'lan' ? behindSilence(all, broadband, passedAt) : 'down');
    }
    return states;
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

/**
 * All failed → `down`; some failed, or one misses what a lesson needs → `degraded`. Answers that may come from a cache
 * do not hold a link up where nothing else answers.
 */
function stateOf(all: readonly Series[]): LinkState {
  if (!provingOf(all).some((series) => newest(series).reached)) return 'down';
  return all.every(meetsNeeds) ? 'good' : 'degraded';
}

/**
 * A gateway may forward and be silent itself. Where something far beyond it answers, the LAN is there, and as good as
 * the best of what goes through it.
 */
function behindSilence(lan: readonly Series[], broadband: readonly Series[], passedAt: number): LinkState {
  const lastMeasured = Math.max(...lan.map((series) => newest(series).time));
  const beyond = broadband.filter((series) => {
    const { reached, time } = newest(series);
    const together = isSince(lan, time) || lastMeasured - time <= sameTimeS;
    return reached && together && !cached.has(series.measurement);
  });
  if (beyond.some(meetsNeeds)) return 'good';
  return beyond.length > 0 || isSince(lan, passedAt) ? 'degraded' : 'down';
}

/** Whether the time is one when all of these had failed for a while: a run that fails takes some seconds to. */
function isSince(failing: readonly Series[], time: number): boolean {
  return provingOf(failing).every(({ outcomes }) => {
    const lastReached = outcomes.findLastIndex(({ reached }) => reached);
    const firstFailure = outcomes[lastReached + 1];
    return firstFailure !== undefined && firstFailure.time + sameTimeS <= time;
  });
}

/** What decides between up and down: all but answers that may come from a cache, unless there is nothing else. */
function provingOf(all: readonly Series[]): readonly Series[] {
  const direct = all.filter(({ measurement }) => !cached.has(measurement));
  return direct.length > 0 ? direct : all;
}

function meetsNeeds(series: Series): boolean {
  const { ok, poor } = newest(series);
  return ok && !poor && !loses(series);
}

/**
 * Whether more is lost than a lesson bears, over the newest runs that hold enough packets. Fewer are judged as if the
 * rest had arrived. A run that lost all shows at once by failing, and is no part of the loss when the link is back.
 */
function loses({ outcomes }: Series): boolean {
  let sent = 0;
  let lost = 0;
  const last = outcomes.at(-1)?.time ?? 0;
  for (const outcome of outcomes.toReversed()) {
    if (sent >= enoughPackets || last - outcome.time > lossWindowS) break;
    if (!outcome.ok) continue;
    sent += outcome.sent;
    lost += outcome.sent - outcome.received;
  }
  return lost > lessonNeeds.lossRatio * Math.max(sent, enoughPackets);
}

function countsPackets(measurement: string): boolean {
  return isMeasurement(measurement) && fieldOf(measurement, 'sent') !== undefined;
}

function newest({ outcomes }: Series): Outcome {
  const outcome = outcomes.at(-1);
  if (outcome === undefined) throw new Error('a series without an outcome');
  return outcome;
}

function outcomeOf(
  { link, measurement }: Series,
  time: number,
  fields: LinkSample['fields'],
  ok: boolean,
): Outcome {
  // A stream's reading is of thousands of packets, and has no runs of a few to be added up.
  const loss = countsPackets(measurement) ? 0 : numberIn(fields, 'loss_ratio');
  const poor =
    numberIn(fields, 'rtt_ms') > lessonNeeds.rttMs ||
    numberIn(fields, 'jitter_ms') > lessonNeeds.jitterMs ||
    loss > lessonNeeds.lossRatio ||
    numberIn(fields, 'uncorrected') > 0 ||
    (typeof fields.margin_db === 'number' && fields.margin_db < lessonNeeds.marginDb);
  const refused = fields.failure === 'target' && paths.has(link) && !cached.has(measurement);
  const up = ok && fields.locked !== false;
  return {
    time,
    ok: up,
    reached: up || refused,
    sent: numberIn(fields, 'sent'),
    received: numberIn(fields, 'received'),
    poor,
  };
}

function numberIn(fields: LinkSample['fields'], name: string): number {
  const value = fields[name];
  return typeof value === 'number' ? value : 0;
}
