import type { EvidenceSample, Word } from '@tongtang/incidents/agent-evidence';
import { isEvidence } from '@tongtang/incidents/evidence-fields';
import { IncidentFold } from '@tongtang/incidents/fold';
import { type HandMark, marked } from '@tongtang/incidents/incident-list';
import { lessonsHit } from '@tongtang/incidents/lessons-hit';
import type { MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import { dayOf } from '@tongtang/lessons/plain-date';
import type { Incident, PlannedLesson } from '@tongtang/model/incident';
import type { Notice } from '@tongtang/model/notice';
import { inSlices } from '@tongtang/runtime/slices';
import type { IncidentRecord, IncidentStore } from '@tongtang/store/incidents/incident-store';
import { noticeOf } from './notices.ts';
import { type EvidenceSource, readEvidence } from './read-evidence.ts';
import { type CountySource, countySunOutages, type SettledCounty, settledCounty } from './settled-county.ts';
import { severityOf } from './severity.ts';
import { sunNotices } from './sun-notices.ts';
import { sayingOf, toldOf } from './telling.ts';

export type CountyParts = Readonly<{
  county: string;
  store: IncidentStore;
  evidence: EvidenceSource;
  source: CountySource;
  /** An incident is other than before. */
  changed: (id: string) => void;
  /** Hub time in seconds. */
  nowS: () => number;
  /** Resolves when reading from the store disturbs nobody; rejects when the hub stops. */
  calm: () => Promise<void>;
}>;

/** Raw samples are kept for thirty days: nothing older can be corrected. Seconds. */
const rememberedS = 31 * 86_400;
/** How far back is looked where nothing was found before: some days of a county, less of a large one. Seconds. */
const firstLookS = { most: 3 * 86_400, ofAgents: 50 * 3 * 86_400 } as const;
/** Lessons are looked up anew for incidents that go on, so often. Seconds. */
const lessonsEveryS = 30;
/** Of an incident that lasts for weeks, the newest. */
const mostLessons = 1000;
/** What waits to be weighed beyond this is read from the store instead. Samples. */
const mostWaiting = 200_000;
/** Notes of what is not kept yet are rounded down to this, so that a backlog writes few. Seconds. */
const noteStepS = 600;

type Batch = Readonly<{ agent: string; samples: readonly EvidenceSample[]; arrivedAt: number }>;

/** Looks for incidents in one county: what arrives in, incidents and notices out. */
export class CountyWatch {
  readonly #parts: CountyParts;
  #fold: IncidentFold | undefined;
  #settled: SettledCounty | undefined;
  readonly #records = new Map<string, IncidentRecord>();
  #queue: Batch[] = [];
  #waiting = 0;
  /** Agents whose past is gone through again, with what came of them meanwhile. */
  readonly #meanwhile = new Map<string, Batch[]>();
  /** Of agents of which more came than found room: from when on. */
  readonly #missed = new Map<string, number>();
  /** Agents whose state is other than what is kept. */
  readonly #unkept = new Set<string>();
  /** Earliest sample that came since states began to be kept; and what the file says. */
  #earliest = Number.POSITIVE_INFINITY;
  #notedFrom: number;
  #heard: (readonly [agent: string, word: Word])[] = [];
  #lessonsAt = Number.NEGATIVE_INFINITY;

  constructor(parts: CountyParts) {
    this.#parts = parts;
    this.#notedFrom = parts.store.progress(parts.county)?.unsavedFrom ?? Number.NEGATIVE_INFINITY;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get open(): number {
    return [...this.#records.values()].filter(({ state }) => state === 'open' || state === 'acknowledged')
      .length;
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
    return this.#missed.size > 0 || (this.#fold?.late.size ?? 0) > 0;
  }

  /**
   * Takes up where the last process ended: what it kept, and what came after that from the store.
   * @param away when no hub ran
   */
  async begin(away: Readonly<{ from: number; to: number }> | undefined): Promise<void> {
    const { county, store, evidence, source, nowS, calm } = this.#parts;
    const now = nowS();
    const progress = store.progress(county);
    for (const record of store.list({ county, from: now - rememberedS, to: Number.MAX_SAFE_INTEGER }))
      this.#records.set(record.id, record);
    const settled = await settledCounty(source, county, progress?.cut ?? now, now);
    const fold = new IncidentFold(settled.topology, {
      agents: [],
      incidents: [...this.#records.values()].map(bare),
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
    const from =
      progress?.unsavedFrom ??
      now - Math.min(firstLookS.most, firstLookS.ofAgents / Math.max(1, agents.length));
    this.#note(from);
    for (const { id } of agents) {
      this.#unkept.add(id);
      await readEvidence(evidence, id, Math.max(from, now - rememberedS), now, calm, (samples) =>
        fold.take(id, samples),
      );
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
    this.#lessonsAt = Number.NEGATIVE_INFINITY;
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
  feed(agent: string, samples: readonly EvidenceSample[], arrivedAt: number): void {
    const evidence = samples.filter(({ measurement }) => isEvidence(measurement));
    if (evidence.length === 0) return;
    const times = evidence.map(({ time }) => time);
    const earliest = Math.min(...times);
    this.#earliest = Math.min(this.#earliest, earliest);
    if (earliest < this.#notedFrom) this.#note(Math.floor(earliest / noteStepS) * noteStepS);
    if (this.#waiting + evidence.length <= mostWaiting) {
      this.#enqueue({ agent, samples: evidence, arrivedAt });
      return;
    }
    // The rest is read from the store; but it is there, and must not be taken for silent.
    const newest = evidence[times.indexOf(Math.max(...times))];
    if (newest !== undefined) this.#enqueue({ agent, samples: [newest], arrivedAt });
    this.#missed.set(agent, Math.min(this.#missed.get(agent) ?? earliest, earliest));
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
    let done = 0;
    for (const batch of this.#queue) {
      if (enough()) break;
      done += 1;
      const { agent, samples, arrivedAt } = batch;
      this.#waiting -= samples.length;
      this.#meanwhile.get(agent)?.push(batch);
      this.#unkept.add(agent);
      fold.take(agent, samples, arrivedAt);
    }
    this.#queue.splice(0, done);
    return this.#queue.length > 0;
  }

  /** Draws the conclusions of this moment, and enters them with what people are to be told. */
  look(): void {
    const [fold, settled] = [this.#fold, this.#settled];
    if (fold === undefined || settled === undefined) return;
    const now = this.#parts.nowS();
    const concerned = new Map(fold.look(now).map((incident) => [incident.id, incident]));
    const withLessons = now - this.#lessonsAt >= lessonsEveryS || now < this.#lessonsAt;
    if (withLessons) this.#lessonsAt = now;
    for (const incident of fold.incidents)
      if (this.#isNews(incident) && (withLessons || this.#records.get(incident.id) === undefined))
        concerned.set(incident.id, incident);
    this.#enter([...concerned.values()], settled, now);
  }

  /** The hub stood still, or could not believe its clock. */
  wasAway(from: number, to: number): void {
    this.#fold?.away(from, to);
  }

  /** Goes through the past of all agents again of which something came late. */
  async replay(): Promise<void> {
    const { evidence, nowS, calm } = this.#parts;
    const fold = this.#fold;
    if (fold === undefined) return;
    const late = new Map(fold.late);
    for (const [agent, from] of this.#missed) late.set(agent, Math.min(late.get(agent) ?? from, from));
    this.#missed.clear();
    const now = nowS();
    try {
      const replays = [...late].flatMap(([agent, from]) => fold.replay(agent, from) ?? []);
      if (replays.length === 0) return;
      const earliest = Math.min(...replays.map(({ start }) => start));
      if (earliest < (this.#settled?.lessonsFrom ?? earliest)) await this.settle(earliest);
      for (const replay of replays) {
        const batches: Batch[] = [];
        this.#meanwhile.set(replay.agent, batches);
        await readEvidence(
          evidence,
          replay.agent,
          Math.max(replay.start, now - rememberedS),
          nowS(),
          calm,
          (samples) => replay.take(samples),
        );
      }
      for (const replay of replays)
        for (const { samples, arrivedAt } of this.#meanwhile.get(replay.agent) ?? [])
          replay.take(samples, arrivedAt);
      fold.correct(replays);
    } catch (error) {
      // To be tried again.
      for (const [agent, from] of late)
        this.#missed.set(agent, Math.min(this.#missed.get(agent) ?? from, from));
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
    for (const [id, { to }] of this.#records)
      if (to !== undefined && to < now - rememberedS) this.#records.delete(id);
    // What waits is in no state yet.
    this.#earliest = Math.min(
      ...this.#queue.flatMap(({ samples }) => samples.map(({ time }) => time)),
      ...this.#missed.values(),
      ...fold.late.values(),
    );
    const agents = [...this.#unkept];
    this.#unkept.clear();
    let next = 0;
    try {
      await inSlices((enough) => {
        const states: (readonly [string, NonNullable<ReturnType<IncidentFold['stateOf']>>])[] = [];
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
    const record = this.#parts.store.find(id);
    const [fold, settled] = [this.#fold, this.#settled];
    if (record === undefined) return undefined;
    if (fold === undefined || settled === undefined)
      throw new Error(`the incidents of ${this.#parts.county} are still being read`);
    this.#enter([fold.mark(id, mark) ?? marked(bare(record), mark)], settled, this.#parts.nowS());
    return this.#parts.store.find(id);
  }

  plan(windows: readonly MaintenanceWindow[]): void {
    this.#fold?.plan(windows);
  }

  /** Whether people may have to be told of it although nothing of it changed. */
  #isNews({ id, to, state }: Incident): boolean {
    if (state === 'closed' || state === 'withdrawn') return false;
    const told = this.#records.get(id)?.telling.told;
    return to === undefined || (told !== undefined && told.kind !== 'resolved');
  }

  #enqueue(batch: Batch): void {
    this.#queue.push(batch);
    this.#waiting += batch.samples.length;
  }

  #enter(incidents: readonly Incident[], settled: SettledCounty, now: number): void {
    const records: IncidentRecord[] = [];
    const notices: Notice[] = [];
    for (const incident of incidents) {
      const before = this.#records.get(incident.id) ?? this.#parts.store.find(incident.id);
      const lessons = this.#lessonsOf(incident, settled, now);
      const telling = before?.telling ?? { foundAt: now, step: 0 };
      const severity = severityOf(incident, lessons, now);
      const record: IncidentRecord = { ...incident, severity, lessons, telling };
      const saying = sayingOf(record, now);
      const after = saying === undefined ? record : { ...record, telling: toldOf(record, saying, now) };
      if (saying !== undefined)
        notices.push(noticeOf(record, saying.kind, after.telling.step, saying.at, settled.inventory));
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) continue;
      records.push(after);
    }
    if (records.length === 0) return;
    this.#parts.store.enter(records, notices);
    for (const record of records) this.#records.set(record.id, record);
    for (const { id } of records) this.#parts.changed(id);
  }

  #lessonsOf(incident: Incident, { book }: SettledCounty, now: number): readonly PlannedLesson[] {
    const { place, evidence, from, to, state } = incident;
    if (state === 'withdrawn') return [];
    const schools = new Set(
      place.school === undefined ? evidence.map(({ school }) => school) : [place.school],
    );
    const until = to ?? now + 7200;
    const all = [...schools].flatMap((school) =>
      book.between(school, Math.max(from, now - rememberedS), until),
    );
    return lessonsHit(incident, all, now)
      .sort((a, b) => a.start - b.start)
      .slice(-mostLessons);
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

/** As the fold knows it. */
function bare({
  severity: _severity,
  lessons: _lessons,
  telling: _telling,
  ...incident
}: IncidentRecord): Incident {
  return incident;
}
