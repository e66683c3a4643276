import type { EvidenceSample, Word } from '@tongtang/incidents/agent-evidence';
import type { HandMark } from '@tongtang/incidents/incident-list';
import type { MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import type { Notifier } from '@tongtang/notify/notifier';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { inSlices } from '@tongtang/runtime/slices';
import type { IncidentRecord, IncidentStore } from '@tongtang/store/incidents/incident-store';
import type { Registry } from '@tongtang/store/registry/open';
import type { RegistryChange } from '@tongtang/store/registry/registry';
import type { SampleSource } from '../agent-samples.ts';
import type { HubMetrics } from '../metrics.ts';
import { CountyWatch } from './county-watch.ts';
import { CountyWork } from './county-work.ts';
import type { IncidentDesk, IncidentQuery, KnownIncident } from './desk.ts';
import type { CountySource } from './settled-county.ts';

export type WatchParts = Readonly<{
  registry: CountySource['registry'] & Pick<Registry, 'agent' | 'onChange'>;
  store: IncidentStore;
  telemetry: SampleSource;
  sunOutages: CountySource['sunOutages'];
  bytesPerDay: number;
  /** Where people are to be told. */
  notifier?: Pick<Notifier, 'take'>;
  /** An incident is new, or other than before. */
  announce: (id: string) => void;
  metrics: Pick<HubMetrics, 'gauge' | 'lookSeconds' | 'replays'>;
  /** Whether the clock can be believed: by a wrong one nothing is concluded. */
  mayRun: () => boolean;
  /** Whether a crowd of agents is coming in: what is read from the store waits for it. */
  busy: () => boolean;
  log: Log;
  /** Hub time in seconds. */
  nowS: () => number;
}>;

const tickMs = 1000;
/** Looks take no more than a twentieth of the processor, and come at least so often. */
const looks = { everyMs: 1000, atLeastEveryMs: 30_000, share: 20 } as const;
/** So much of each tick is taken for weighing while a crowd comes in: more than what 5,000 agents measure in a second takes. */
const busyDrainMs = 50;
/** How often it is looked whether sun outages are to be told of. */
const sunEveryMs = 600_000;
const beatEveryS = 10;
/** A hub that did nothing for so long was as good as away. Seconds. */
const stoodStillS = 30;
/** After a notifier failed: its disk is full, say. */
const afterErrorMs = 10_000;

/**
 * Looks for incidents in all counties, beside everything else: what arrives waits in memory and is weighed in slices, what is read from
 * the store is read one thing at a time.
 *
 *     ingest, presence ─▶ CountyWatch (a fold each) ─▶ store ─▶ notifier
 *                                                       └─▶ desk ─▶ HTTP API
 */
export class IncidentWatch implements IncidentDesk {
  readonly #parts: WatchParts;
  readonly #counties = new Map<string, CountyWatch>();
  readonly #stopping = new AbortController();
  #words: (readonly [county: string, agent: string, word: Word])[] = [];
  #mayHaveNotices = true;
  #tickedAt: number | undefined;
  #beatAt = Number.NEGATIVE_INFINITY;
  #nextLookMs = 0;
  #nextSunMs = 0;
  #nextHandOnMs = 0;
  #work: CountyWork;
  #looking: Promise<void> | undefined;
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopListening = (): void => {};

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#work = this.#workAfter(undefined);
  }

  start(): void {
    const { registry, store, metrics, nowS } = this.#parts;
    const beat = store.lastBeat();
    const now = nowS();
    if (beat !== undefined && beat < now) this.#work = this.#workAfter({ from: beat, to: now });
    this.#followCounties();
    this.#stopListening = registry.onChange((change) => this.#registryChanged(change));
    const sum = (of: (county: CountyWatch) => number): number =>
      [...this.#counties.values()].reduce((total, county) => total + of(county), 0);
    metrics.gauge('incidents_open', 'Incidents that are not over', () => sum(({ open }) => open));
    metrics.gauge('incidents_waiting_samples', 'Samples that wait to be weighed', () =>
      sum(({ waiting }) => waiting),
    );
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** Lets what is under way end, and keeps what was concluded. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopListening();
    this.#stopping.abort();
    await Promise.allSettled([this.#looking, this.#working]);
    this.#attempt('what agents said could not be kept', () => this.#keepWords());
    for (const county of this.#counties.values()) {
      county.drain(() => false);
      await county
        .keep()
        .catch((error: unknown) => this.#warn('what was concluded could not be kept', error));
    }
    const hasBegun = [...this.#counties.values()].every(({ isReady }) => isReady);
    if (hasBegun)
      this.#attempt('the time could not be noted', () => this.#parts.store.beat(this.#parts.nowS()));
  }

  /** Samples of an agent are stored, and its ledger not yet: where this throws, they come again. */
  stored(agent: string, samples: readonly EvidenceSample[], arrivedAt: number): void {
    this.#countyOf(agent)?.feed(agent, samples, arrivedAt);
  }

  /** An agent said how it is. */
  hear(agent: string, state: Word['state']): void {
    const county = this.#parts.registry.agent(agent)?.place.county;
    if (county === undefined) return;
    const word = { time: this.#parts.nowS(), state };
    this.#words.push([county, agent, word]);
    this.#counties.get(county)?.hear(agent, word);
  }

  list(query: IncidentQuery): KnownIncident[] {
    return this.#parts.store.list(query).map(known);
  }

  find(id: string): KnownIncident | undefined {
    const record = this.#parts.store.find(id);
    return record && known(record);
  }

  mark(id: string, mark: HandMark): KnownIncident | undefined {
    const county = this.#parts.store.find(id)?.place.county;
    const record = county === undefined ? undefined : this.#counties.get(county)?.mark(id, mark);
    return record && known(record);
  }

  windows(county: string): readonly MaintenanceWindow[] {
    return this.#parts.store.windows(county);
  }

  keepWindow(county: string, window: MaintenanceWindow): void {
    this.#parts.store.keepWindow(county, window);
    this.#counties.get(county)?.plan(this.windows(county));
  }

  removeWindow(county: string, id: string): boolean {
    const wasThere = this.#parts.store.removeWindow(county, id);
    this.#counties.get(county)?.plan(this.windows(county));
    return wasThere;
  }

  #countyOf(agent: string): CountyWatch | undefined {
    const county = this.#parts.registry.agent(agent)?.place.county;
    return county === undefined ? undefined : this.#counties.get(county);
  }

  #followCounties(): void {
    const { registry, store, telemetry, sunOutages, bytesPerDay, nowS, announce, log } = this.#parts;
    const there = new Set(registry.inventories().map(({ county }) => county.id));
    for (const id of this.#counties.keys()) if (!there.has(id)) this.#counties.delete(id);
    for (const county of there)
      if (!this.#counties.has(county))
        this.#counties.set(
          county,
          new CountyWatch({
            county,
            store,
            evidence: telemetry,
            source: { registry, sunOutages, bytesPerDay },
            changed: (id) => {
              this.#mayHaveNotices = true;
              announce(id);
            },
            nowS,
            calm: () => this.#work.calm(),
            log,
          }),
        );
  }

  #registryChanged({ agents, counties }: RegistryChange): void {
    this.#followCounties();
    const { registry } = this.#parts;
    for (const county of counties) this.#work.changed(county);
    for (const id of agents) {
      const county = registry.agent(id)?.place.county;
      // Of one that is gone nobody says where it was.
      for (const one of county === undefined ? this.#counties.keys() : [county]) this.#work.changed(one);
    }
  }

  #tick(): void {
    const now = this.#parts.nowS();
    if (!this.#parts.mayRun()) return;
    const last = this.#tickedAt;
    if (last !== undefined && now - last > stoodStillS)
      for (const county of this.#counties.values()) county.wasAway(last, now);
    this.#tickedAt = now;
    this.#attempt('what agents said could not be kept', () => this.#keepWords());
    this.#attempt('the time could not be noted', () => this.#beat(now));
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    this.#working ??= this.#work.next().finally(() => {
      this.#working = undefined;
    });
  }

  /** Until all counties have taken up where they were, the last beat is that of the process before. */
  #beat(now: number): void {
    if (Math.abs(now - this.#beatAt) < beatEveryS) return;
    if (![...this.#counties.values()].every(({ isReady }) => isReady)) return;
    this.#parts.store.beat(now);
    this.#beatAt = now;
  }

  #keepWords(): void {
    if (this.#words.length === 0) return;
    this.#parts.store.hear(this.#words);
    this.#words = [];
  }

  async #look(): Promise<void> {
    let spentMs = 0;
    const isDue = performance.now() >= this.#nextLookMs;
    for (const [id, county] of this.#counties) {
      if (!county.isReady || this.#stopping.signal.aborted) continue;
      const isLeft = await this.#drain(county);
      // What waits may be the word of those that would be taken for silent.
      if (!isDue || isLeft) continue;
      const startMs = performance.now();
      this.#attempt(`incidents of ${id} could not be looked for`, () => county.look());
      const tookMs = performance.now() - startMs;
      spentMs += tookMs;
      this.#parts.metrics.lookSeconds.observe(tookMs / 1000);
    }
    if (isDue)
      this.#nextLookMs =
        performance.now() + Math.min(Math.max(looks.everyMs, looks.share * spentMs), looks.atLeastEveryMs);
    if (performance.now() >= this.#nextSunMs)
      this.#attempt('sun outages could not be told', () => this.#tellSun());
    if (this.#mayHaveNotices && performance.now() >= this.#nextHandOnMs)
      this.#attempt('a notice could not be handed on', () => this.#handOn());
  }

  /** The notifier knows those that it had. */
  #tellSun(): void {
    this.#nextSunMs = performance.now() + sunEveryMs;
    for (const county of this.#counties.values())
      for (const notice of county.sunNotices()) this.#parts.notifier?.take(notice);
  }

  /** @returns whether something is left: what comes in goes before what is concluded from it */
  async #drain(county: CountyWatch): Promise<boolean> {
    if (!this.#parts.busy()) {
      await inSlices((enough) => county.drain(enough));
      return false;
    }
    const startMs = performance.now();
    return county.drain(() => performance.now() - startMs > busyDrainMs);
  }

  /** A notice stays until the notifier has it for good; one that it had before changes nothing there. */
  #handOn(): void {
    const { store, notifier } = this.#parts;
    // Where it fails, it is tried again after a while.
    this.#nextHandOnMs = performance.now() + afterErrorMs;
    for (const notice of store.untold()) {
      notifier?.take(notice);
      store.told(notice);
    }
    this.#nextHandOnMs = 0;
    this.#mayHaveNotices = false;
  }

  #workAfter(away: Readonly<{ from: number; to: number }> | undefined): CountyWork {
    const { metrics, busy } = this.#parts;
    return new CountyWork({
      counties: this.#counties,
      away,
      metrics,
      busy,
      stopping: this.#stopping.signal,
      failed: (what, error) => this.#warn(what, error),
    });
  }

  #attempt(failure: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#warn(failure, error);
    }
  }

  #warn(failure: string, error: unknown): void {
    this.#parts.log.error({ error: messageOf(error) }, failure);
  }
}

/** What was told of it is nobody else's business. */
function known({ telling: _telling, ...incident }: IncidentRecord): KnownIncident {
  return incident;
}
