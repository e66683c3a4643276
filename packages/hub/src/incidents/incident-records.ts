import { isGone } from '@tongtang/incidents/incident-list';
import { lessonsHit } from '@tongtang/incidents/lessons-hit';
import type { Incident, PlannedLesson } from '@tongtang/model/incident';
import type { Notice } from '@tongtang/model/notice';
import type { IncidentRecord, IncidentStore } from '@tongtang/store/incidents/incident-store';
import { noticeOf } from './notices.ts';
import { bookAt, longestS, type SettledCounty } from './settled-county.ts';
import { severityOf } from './severity.ts';
import { sayingOf, toldOf } from './telling.ts';

/** Lessons are looked up anew for incidents that go on, so often. Seconds. */
const lessonsEveryS = 30;
/** So far ahead lessons are named while an incident goes on. Seconds. */
const aheadS = 7200;
/** Of an incident that lasts for weeks, the newest. */
const mostLessons = 1000;

export type RecordsParts = Readonly<{
  county: string;
  store: Pick<IncidentStore, 'list' | 'find' | 'enter'>;
  /** An incident is other than before. */
  changed: (id: string) => void;
}>;

/** The incidents of a county with what they mean for lessons, and what was told of them: in memory as far as they may change, and on disk. */
export class IncidentRecords {
  readonly #parts: RecordsParts;
  readonly #records = new Map<string, IncidentRecord>();
  /** What is other than on disk. */
  readonly #unentered = new Map<string, Incident>();
  #lessonsAt = Number.NEGATIVE_INFINITY;

  constructor(parts: RecordsParts) {
    this.#parts = parts;
  }

  get open(): number {
    const states = [...this.#records.values()].map(({ state }) => state);
    return states.filter((state) => state === 'open' || state === 'acknowledged').length;
  }

  /** Reads those that were not over before a time. */
  load(since: number): Incident[] {
    const { county, store } = this.#parts;
    const records = store.list({ county, from: since, to: Number.MAX_SAFE_INTEGER });
    for (const record of records) this.#records.set(record.id, record);
    return records.map(bare);
  }

  find(id: string): IncidentRecord | undefined {
    return this.#records.get(id) ?? this.#parts.store.find(id);
  }

  /** Forgets those that were over before a time; on disk they stay. */
  forget(before: number): void {
    for (const [id, { to }] of this.#records) if (to !== undefined && to < before) this.#records.delete(id);
  }

  /** Lessons come and go: those of all incidents are looked up at the next time. */
  renewLessons(): void {
    this.#lessonsAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Enters what a look found, with what people are to be told.
   * @param changed those that are other than before
   * @param all that the fold knows
   * @throws where the disk refuses; then they are entered with the next ones
   */
  follow(changed: readonly Incident[], all: readonly Incident[], settled: SettledCounty, now: number): void {
    for (const incident of changed) this.#unentered.set(incident.id, incident);
    if (now - this.#lessonsAt >= lessonsEveryS || now < this.#lessonsAt) {
      this.#lessonsAt = now;
      for (const incident of all) if (this.#isNews(incident)) this.#unentered.set(incident.id, incident);
    }
    if (this.#unentered.size > 0) this.#enter(settled, now);
  }

  /** Whether people may have to be told of it although nothing of it changed. */
  #isNews({ id, to, state }: Incident): boolean {
    if (state === 'closed' || isGone(state)) return false;
    const told = this.#records.get(id)?.telling.told;
    return to === undefined || (told !== undefined && told.kind !== 'resolved');
  }

  #enter(settled: SettledCounty, now: number): void {
    const records: IncidentRecord[] = [];
    const notices: Notice[] = [];
    for (const incident of this.#unentered.values()) {
      const before = this.find(incident.id);
      const lessons = lessonsOf(incident, before, settled, now);
      const telling = before?.telling ?? { foundAt: now, step: 0 };
      const severity = severityOf(incident, lessons, now);
      const record: IncidentRecord = { ...incident, severity, lessons, telling };
      const saying = sayingOf(record, now);
      const after = saying === undefined ? record : { ...record, telling: toldOf(record, saying, now) };
      if (saying !== undefined)
        notices.push(noticeOf(record, saying.kind, after.telling.step, saying.at, settled.inventory));
      if (before === undefined || JSON.stringify(before) !== JSON.stringify(after)) records.push(after);
    }
    if (records.length > 0) this.#parts.store.enter(records, notices);
    this.#unentered.clear();
    for (const record of records) this.#records.set(record.id, record);
    for (const { id } of records) this.#parts.changed(id);
  }
}

/** The lessons that an incident hits. What was looked up before stays, for it may last for months and is looked up each half minute. */
function lessonsOf(
  incident: Incident,
  before: IncidentRecord | undefined,
  settled: SettledCounty,
  now: number,
): readonly PlannedLesson[] {
  const { from, to, state } = incident;
  if (isGone(state)) return [];
  const schools = schoolsOf(incident);
  const isKnown =
    before?.from === from &&
    before.place.node === incident.place.node &&
    schools.isSubsetOf(schoolsOf(before));
  const since = Math.max(from, isKnown ? settled.lessonsFrom : now - longestS);
  const book = bookAt(settled, to ?? now);
  const recent = [...schools].flatMap((school) => book.between(school, since, to ?? now + aheadS));
  const earlier = before?.lessons.filter(({ end }) => end <= since) ?? [];
  return lessonsHit(incident, [...earlier, ...recent], now)
    .sort((a, b) => a.start - b.start)
    .slice(-mostLessons);
}

function schoolsOf({ place, evidence }: Incident): ReadonlySet<string> {
  return new Set(place.school === undefined ? evidence.map(({ school }) => school) : [place.school]);
}

/** As the fold knows it. */
export function bare({
  severity: _severity,
  lessons: _lessons,
  telling: _telling,
  ...incident
}: IncidentRecord): Incident {
  return incident;
}
