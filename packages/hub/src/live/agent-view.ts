import { definitionOf, isMeasurement, type Place } from '@tongtang/model/catalogue';
import { receiverProbes } from '@tongtang/model/inventory';
import { isLinkKind, type LinkKind, type LinkState, linkKinds } from '@tongtang/model/link';
import { isEvidence, LinkEvidence } from '@tongtang/model/link-evidence';
import type { Status } from '@tongtang/wire/messages';
import type { LinkSince } from './links-since.ts';
import type { AgentPresent, AgentState, LatestValue, LinkPresent } from './live.ts';

/**
 * Outside lessons an agent sends once a minute. Its newest evidence is then up to a minute old when the next batch
 * comes; a batch that was lost on the way comes a minute later still. So nothing is concluded from silence of less than
 * two and a half minutes, and an agent is silent after three missed batches.
 */
export const freshS = 150;
export const silentS = 180;
/** A platform that is asked each five minutes counts for three of its intervals; nothing counts for longer. */
const longestFreshS = 900;

/** More series than any agent has; what goes beyond is not shown live, and stored all the same. */
const mostSeries = 500;

/** The interval of what the inventory asked to be measured; undefined for what the agent measures by itself. */
export type IntervalOf = (measurement: string, target: string) => number | undefined;

/** The measurement that the samples of a probe are of: those of receivers measure one thing, the signal. */
export function measurementOf(probe: string): string {
  return receiverProbes.some((one) => one === probe) ? 'signal' : probe;
}

/** How long a run of a probe against a target counts: three of its intervals. Seconds. */
export function freshSOf(intervalOf: IntervalOf): (measurement: string, target: string) => number {
  return (measurement, target) =>
    Math.min(longestFreshS, Math.max(freshS, 3 * (intervalOf(measurement, target) ?? 0)));
}

/** What is known of one agent at present, from what it says and measures. Times are hub time in seconds. */
export class AgentView {
  readonly #latest = new Map<string, LatestValue>();
  readonly #evidence = new LinkEvidence();
  /** When each link was measured last, whatever came of it. */
  readonly #measuredAt = new Map<LinkKind, number>();
  readonly #links = new Map<LinkKind, LinkPresent>();
  /** Of those that have not been seen since the hub was started. */
  #remembered = new Map<LinkKind, LinkSince>();
  #status: Status['state'] = 'offline';
  #version: string | undefined;
  #lastSeen: number | undefined;
  #heardSamplesAt = 0;

  /** The agent said how it is, or its will did. */
  setStatus(status: Status['state'], now: number, version?: string): void {
    this.#status = status;
    this.#version = version ?? this.#version;
    if (status === 'offline') return;
    this.#lastSeen = now;
    this.#heardSamplesAt = now;
  }

  /**
   * Samples came in. A sample after a death shows that it was none: a will of an old connection may come late.
   * @returns those that are newer than what was known
   */
  observe(samples: readonly LatestValue[], now: number): LatestValue[] {
    if (this.#status === 'offline' || this.#status === 'asleep') this.#status = 'online';
    this.#lastSeen = now;
    this.#heardSamplesAt = now;
    this.#evidence.passed(now);
    const keys = new SeriesKeys();
    return samples.filter((sample) => this.#keep(sample, keys));
  }

  /** What the store knew, after a restart of the hub: it says nothing of whether the agent is there. */
  recall(samples: readonly LatestValue[]): void {
    const keys = new SeriesKeys();
    for (const sample of samples) {
      this.#keep(sample, keys);
      this.#lastSeen = Math.max(this.#lastSeen ?? 0, sample.time);
    }
  }

  /**
   * What was known before a restart of the hub. Who had said that he goes is still gone; of the others only a new word says
   * whether they are there.
   * @param heardAt its newest word or measurement then; hub time in seconds
   * @param links what they were then, and since when
   */
  remember(
    status: Status['state'] | undefined,
    heardAt: number,
    links: ReadonlyMap<LinkKind, LinkSince> = new Map<LinkKind, LinkSince>(),
  ): void {
    this.#remembered = new Map(links);
    this.#lastSeen = Math.max(this.#lastSeen ?? 0, heardAt);
    const isGone = status === 'stopping' || status === 'asleep';
    if (isGone && this.#status === 'offline' && this.#heardSamplesAt === 0) this.#status = status;
  }

  latest(): LatestValue[] {
    return [...this.#latest.values()];
  }

  /** Draws the conclusions of this moment. */
  present(id: string, place: Place, now: number, intervalOf: IntervalOf): AgentPresent {
    this.#concludeLinks(now, intervalOf);
    const backlog = this.#latest.get('agent')?.fields.outbox_samples;
    return {
      id,
      place,
      state: this.#state(now),
      ...(this.#lastSeen !== undefined && { lastSeen: this.#lastSeen }),
      ...(this.#version !== undefined && { version: this.#version }),
      links: linkKinds.flatMap((kind) => this.#links.get(kind) ?? []),
      ...(typeof backlog === 'number' && { backlog }),
    };
  }

  #state(now: number): AgentState {
    return this.#status === 'online' && now - this.#heardSamplesAt > silentS ? 'silent' : this.#status;
  }

  #keep(sample: LatestValue, keys: SeriesKeys): boolean {
    this.#weigh(sample);
    const key = keys.of(sample);
    const known = this.#latest.get(key);
    if (known === undefined && this.#latest.size >= mostSeries) return false;
    if (known !== undefined && known.time > sample.time) return false;
    const { measurement, tags, time } = sample;
    const fields = known?.time === time ? { ...known.fields, ...sample.fields } : sample.fields;
    // Not the sample itself: it may hold the whole batch that it came with.
    this.#latest.set(key, { measurement, tags, time, fields });
    return true;
  }

  /** A sample may be late and yet a part of what was lost of late. */
  #weigh(sample: LatestValue): void {
    this.#evidence.add(sample);
    const { link = '' } = sample.tags;
    if (isLinkKind(link) && typeof sample.fields.ok === 'boolean' && isEvidence(sample.measurement))
      this.#measuredAt.set(link, Math.max(this.#measuredAt.get(link) ?? 0, sample.time));
  }

  /** Evidence makes a state when it is measured; the lack of it when it is noticed. */
  #sinceOf(link: LinkKind, state: LinkState, measuredAt: number, now: number): number {
    if (state === 'unknown') return now;
    const remembered = this.#remembered.get(link);
    this.#remembered.delete(link);
    return remembered?.state === state ? Math.min(remembered.since, measuredAt) : measuredAt;
  }

  #concludeLinks(now: number, intervalOf: IntervalOf): void {
    const states = this.#evidence.states(now, freshSOf(intervalOf));
    for (const [link, measuredAt] of this.#measuredAt) {
      const state = states.get(link) ?? 'unknown';
      const before = this.#links.get(link);
      const since = before?.state === state ? before.since : this.#sinceOf(link, state, measuredAt, now);
      this.#links.set(link, { link, state, since, measuredAt });
    }
  }
}

/** The keys of series, each made once: the samples of a batch that are of one series have their tags in common. */
class SeriesKeys {
  readonly #known = new Map<LatestValue['tags'], { measurement: string; key: string }>();

  of(sample: LatestValue): string {
    const { measurement, tags } = sample;
    const known = this.#known.get(tags);
    if (known?.measurement === measurement) return known.key;
    const key = seriesKey(sample);
    this.#known.set(tags, { measurement, key });
    return key;
  }
}

/** Tags in the catalogue's order, whatever order they came in. */
function seriesKey({ measurement, tags }: LatestValue): string {
  if (!isMeasurement(measurement)) return measurement;
  let key: string = measurement;
  for (const tag of definitionOf(measurement).tags) key += `,${tags[tag] ?? ''}`;
  return key;
}
