import type { AgentState, EvidenceSample, Word } from '@tongtang/incidents/agent-evidence';
import { isEvidence } from '@tongtang/incidents/evidence-fields';
import { IncidentFold } from '@tongtang/incidents/fold';
import { type HandMark, marked } from '@tongtang/incidents/incident-list';
import type { MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import type { Replay } from '@tongtang/incidents/replay';
import { dayOf } from '@tongtang/lessons/plain-date';
import type { Notice } from '@tongtang/model/notice';
import { inSlices } from '@tongtang/runtime/slices';
import type { IncidentRecord, IncidentStore } from '@tongtang/store/incidents/incident-store';
import { Arrivals, type Batch } from './arrivals.ts';
import { bare, IncidentRecords } from './incident-records.ts';
import { type EvidenceParts, readEvidence } from './read-evidence.ts';
import { type CountySource, countySunOutages, type SettledCounty, settledCounty } from './settled-county.ts';
import { sunNotices } from './sun-notices.ts';

export type CountyParts = EvidenceParts &
  Readonly<{
    county: string;
    store: IncidentStore;
    source: CountySource;
    /** An incident is other than before. */
    changed: (id: string) => void;
    /** Hub time in seconds. */
    nowS: () => number;
  }>;

/** Raw samples are kept for thirty days: nothing older can be corrected. Seconds. */
const rememberedS = 31 * 86_400;
/** How far back is read before the first look: some days of a county, less of a large one. Seconds. */
const firstReadS = { most: 3 * 86_400, ofAgents: 50 * 3 * 86_400 } as const;
/** Notes of what is not kept yet are rounded down to this, so that a backlog writes few. Seconds. */
const noteStepS = 600;

/** Looks for incidents in one county: what arrives in, incidents and notices out. */
export class CountyWatch {
  readonly #parts: CountyParts;
  readonly #records: IncidentRecords;
  readonly #arrivals = new Arrivals();
  #fold: IncidentFold | undefined;
  #settled: SettledCounty | undefined;
  /** Agents whose past is gone through again, with what came of them meanwhile. */
  readonly #meanwhile = new Map<string, Batch[]>();
  /** Agents whose state is other than what is kept. */
  readonly #unkept = new Set<string>();
  /** Earliest sample that came since states began to be kept; and what the file says. */
  #earliest = Number.POSITIVE_INFINITY;
  #notedFrom: number;
  #heard: (readonly [agent: string, word: Word])[] = [];

  constructor(parts: CountyParts) {
    this.#parts = parts;
    this.#records = new IncidentRecords(parts);
    this.#notedFrom = parts.store.progress(parts.county)?.unsavedFrom ?? Number.NEGATIVE_INFINITY;
  }

  /** Samples that wait to be weighed. */
  get waiting(): number {
    return this.#arrivals.waiting;
  }

  /** Incidents that are not over. */
  get open(): number {
    return this.#records.open;
  }

  /** Whether it is ready to look. */
  get isReady(): boolean {
    return this.#fold !== undefined;
  }

  /** Whether it knows the lessons of this day. */
  isOfToday(): boolean {
    const settled = this.#settled;
    return settled === undefined || settled.today === dayOf(this.#parts.nowS(), settled.topology.timezone);
  }

  /** Whether something came too late for what is kept in memory. */
  get isLate(): boolean {
    return this.#arrivals.missed.size > 0 || (this.#fold?.late.size ?? 0) > 0;
  }

  /**
   * Takes up where the last process ended: what it kept, and what came after that from the store.
   * @param away when no hub ran
   */
  async begin(away: Readonly<{ from: number; to: number }> | undefined): Promise<void> {
    const { county, store, source, nowS } = this.#parts;
    const now = nowS();
    const progress = store.progress(county);
    const settled = await settledCounty(source, county, progress?.cut ?? now, now);
    const fold = new IncidentFold(settled.topology, {
      agents: [],
      incidents: this.#records.load(now - rememberedS),
      aways: progress?.aways ?? [],
      cut: progress?.cut ?? Number.NEGATIVE_INFINITY,
    });
    if (away !== undefined) fold.away(away.from, away.to);
    fold.plan(store.windows(county));
    const kept = store.agents(county);
    let next = 0;
    await inSlices((enough) => {
      for (; next < kept.length && !enough(); next += 1) {
        const state = store.agentState(county, kept[next] ?? '');
        if (state !== undefined) fold.restore(kept[next] ?? '', state);
      }
      return next < kept.length;
    });
    for (const [agent, word] of store.words(county)) fold.hear(agent, word);
    const { agents } = settled.topology;
    const first = now - Math.min(firstReadS.most, firstReadS.ofAgents / Math.max(1, agents.length));
    const unsavedFrom = progress?.unsavedFrom ?? first;
    this.#note(unsavedFrom);
    for (const { id } of agents) {
      this.#unkept.add(id);
      // Of a part that nobody can weigh nothing is concluded: what was kept of the agent stays.
      for await (const samples of readEvidence(this.#parts, id, Math.max(unsavedFrom, first), now))
        if (samples !== undefined) fold.take(id, samples);
      // A backlog of weeks is read when incidents are looked for again.
      if (unsavedFrom < first) this.#arrivals.miss(id, unsavedFrom);
    }
    this.#settled = settled;
    this.#fold = fold;
    for (const [agent, word] of this.#heard.splice(0)) fold.hear(agent, word);
    this.#note(this.#notedFrom);
  }

  /**
   * Inventory, agents or timetable are other than before, or another day began.
   * @param earliest where what lasted before all that is looked at is about to be. Hub time in seconds
   */
  async settle(earliest = Number.POSITIVE_INFINITY): Promise<void> {
    const { county, source, nowS, store } = this.#parts;
    const fold = this.#fold;
    if (fold === undefined) return;
    const since = Math.min(earliest, fold.settledBefore);
    const settled = await settledCounty(source, county, since, nowS(), this.#settled);
    fold.settle(settled.topology);
    this.#settled = settled;
    this.#records.renewLessons();
    const agents = new Set(settled.topology.agents.map(({ id }) => id));
    const gone = store.agents(county).filter((id) => !agents.has(id));
    if (gone.length > 0) store.removeAgents(county, gone);
  }

  /** Computes when the Sun is behind the satellite. */
  async followSun(): Promise<void> {
    const settled = this.#settled;
    if (settled === undefined) return;
    const sunOutages = await countySunOutages(this.#parts.source, settled, this.#parts.nowS());
    // It may have been settled anew meanwhile.
    const current = this.#settled ?? settled;
    this.#settled = { ...current, topology: { ...current.topology, sunOutages } };
    this.#fold?.settle(this.#settled.topology);
  }

  /** What people are to be told of sun outages that come. */
  sunNotices(): Notice[] {
    const settled = this.#settled;
    return settled === undefined ? [] : sunNotices(settled, settled.topology.sunOutages, this.#parts.nowS());
  }

  /**
   * Samples of an agent are stored. What the file says of what is not kept yet is brought up to date before anybody is told
   * that they are.
   */
  feed(agent: string, all: readonly EvidenceSample[], arrivedAt: number): void {
    const samples = all.filter(({ measurement }) => isEvidence(measurement));
    if (samples.length === 0) return;
    const earliest = Math.min(...samples.map(({ time }) => time));
    this.#earliest = Math.min(this.#earliest, earliest);
    if (earliest < this.#notedFrom) this.#note(Math.floor(earliest / noteStepS) * noteStepS);
    this.#arrivals.add({ agent, samples, arrivedAt });
  }

  hear(agent: string, word: Word): void {
    this.#unkept.add(agent);
    if (this.#fold === undefined) this.#heard.push([agent, word]);
    else this.#fold.hear(agent, word);
  }

  /** Weighs what came, until `enough()`. @returns whether some is left */
  drain(enough: () => boolean): boolean {
    const fold = this.#fold;
    if (fold === undefined) return false;
    return this.#arrivals.drain((batch) => {
      const { agent, samples, arrivedAt } = batch;
      this.#meanwhile.get(agent)?.push(batch);
      this.#unkept.add(agent);
      fold.take(agent, samples, arrivedAt);
    }, enough);
  }

  /** Draws the conclusions of this moment, and enters them with what people are to be told. */
  look(): void {
    const [fold, settled] = [this.#fold, this.#settled];
    if (fold === undefined || settled === undefined) return;
    const now = this.#parts.nowS();
    this.#records.follow(fold.look(now), fold.incidents, settled, now);
  }

  /** The hub stood still, or could not believe its clock. */
  wasAway(from: number, to: number): void {
    this.#fold?.away(from, to);
  }

  /** Goes through the past of all agents again of which something came late. */
  async replay(): Promise<void> {
    const fold = this.#fold;
    if (fold === undefined) return;
    const late = new Map(fold.late);
    for (const [agent, from] of this.#arrivals.takeMissed())
      late.set(agent, Math.min(late.get(agent) ?? from, from));
    try {
      await this.#goThrough(fold, late);
    } catch (error) {
      // To be tried again.
      for (const [agent, from] of late) this.#arrivals.miss(agent, from);
      throw error;
    } finally {
      this.#meanwhile.clear();
    }
  }

  /** Keeps what changed, so that the next process can go on. */
  async keep(): Promise<void> {
    const { county, store } = this.#parts;
    const fold = this.#fold;
    if (fold === undefined) return;
    const now = this.#parts.nowS();
    fold.forget(now - rememberedS);
    this.#records.forget(now - rememberedS);
    // What waits is in no state yet.
    this.#earliest = Math.min(this.#arrivals.earliest, ...fold.late.values());
    const agents = [...this.#unkept];
    this.#unkept.clear();
    let next = 0;
    try {
      await inSlices((enough) => {
        const states: (readonly [id: string, state: AgentState])[] = [];
        for (; next < agents.length && !enough(); next += 1) {
          const id = agents[next] ?? '';
          const state = fold.stateOf(id);
          if (state !== undefined) states.push([id, state]);
        }
        store.keepAgents(county, states);
        return next < agents.length;
      });
      const { aways, cut } = fold.frame();
      const unsavedFrom = Math.min(this.#earliest, now);
      store.keepProgress(county, { aways, cut, unsavedFrom });
      this.#notedFrom = unsavedFrom;
    } catch (error) {
      for (const id of agents) this.#unkept.add(id);
      throw error;
    }
  }

  /** @returns the incident after it, or undefined where there is none in this county */
  mark(id: string, mark: HandMark): IncidentRecord | undefined {
    const record = this.#records.find(id);
    const [fold, settled] = [this.#fold, this.#settled];
    if (record === undefined) return undefined;
    if (fold === undefined || settled === undefined)
      throw new Error(`the incidents of ${this.#parts.county} are still being read`);
    const after = fold.mark(id, mark) ?? marked(bare(record), mark);
    this.#records.follow([after], [], settled, this.#parts.nowS());
    return this.#records.find(id);
  }

  plan(windows: readonly MaintenanceWindow[]): void {
    this.#fold?.plan(windows);
  }

  async #goThrough(fold: IncidentFold, late: ReadonlyMap<string, number>): Promise<void> {
    const replays = [...late].flatMap(([agent, from]) => fold.replay(agent, from) ?? []);
    if (replays.length === 0) return;
    const earliest = replays.reduce((first, { start }) => Math.min(first, start), Number.POSITIVE_INFINITY);
    if (earliest < (this.#settled?.lessonsFrom ?? earliest)) await this.settle(earliest);
    const whole: Replay[] = [];
    for (const replay of replays) {
      this.#meanwhile.set(replay.agent, []);
      if (await this.#fill(replay)) whole.push(replay);
      else fold.leave(replay.agent);
    }
    for (const replay of whole)
      for (const { samples, arrivedAt } of this.#meanwhile.get(replay.agent) ?? [])
        replay.take(samples, arrivedAt);
    fold.correct(whole);
  }

  /** @returns false where a part of its past cannot be weighed: without that all of it would be wrong */
  async #fill(replay: Replay): Promise<boolean> {
    const { nowS } = this.#parts;
    const from = Math.max(replay.start, nowS() - rememberedS);
    for await (const samples of readEvidence(this.#parts, replay.agent, from, nowS())) {
      if (samples === undefined) return false;
      replay.take(samples);
    }
    return true;
  }

  /** Remembers on disk that samples from this time on are in no state yet. */
  #note(from: number): void {
    const { county, store } = this.#parts;
    this.#notedFrom = from;
    const { aways = [], cut = Number.NEGATIVE_INFINITY } =
      this.#fold?.frame() ?? store.progress(county) ?? {};
    store.keepProgress(county, { aways, cut, unsavedFrom: from });
  }
}
