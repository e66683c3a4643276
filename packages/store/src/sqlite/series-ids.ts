import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MeasurementName, Place } from '@tongtang/model/catalogue';
import type { DecodedSample } from '@tongtang/wire/line-protocol';
import { seriesPerAgent } from '../telemetry.ts';

/** Some 200 bytes each: those of 6,000 agents. */
const remembered = 300_000;
/** What an agent that is silent for so long had remembered makes room for others; what another one uses does not. */
const silentMs = 3_600_000;

/** The series of an agent at the place where it is. */
type Own = {
  readonly placedAt: string;
  readonly ids: Map<string, number>;
  /** How many it has; absent where it had no new one lately. */
  count?: number;
  usedMs: number;
};

/**
 * The number of each series. What was looked up is remembered under the text that it came as, so that most samples
 * cost one look into a map.
 */
export class SeriesIds {
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #count: StatementSync;
  readonly #most: number;
  readonly #nowMs: () => number;
  /** Who wrote last, last. */
  readonly #agents = new Map<string, Own>();
  #remembered = 0;

  constructor(database: DatabaseSync, most = remembered, nowMs = () => performance.now()) {
    this.#find = database.prepare('SELECT id FROM series WHERE measurement = ? AND tags = ?');
    this.#add = database.prepare(
      'INSERT INTO series (measurement, tags, agent, school) VALUES (?, ?, ?, ?) RETURNING id',
    );
    // Where an agent was before, its series go on for as long as there are minutes of them: they take no room from those it has now.
    this.#count = database.prepare(
      `SELECT count(*) AS count FROM series WHERE agent = ? AND school = ? AND tags ->> '$.county' = ?
         AND tags ->> '$.classroom' = ? AND tags ->> '$.cluster' IS ?`,
    );
    this.#most = most;
    this.#nowMs = nowMs;
  }

  /**
   * Looks up the series of samples measured at a place, and makes those that are new; gives undefined where the agent
   * has as many there as it may.
   */
  at(place: Place): (sample: DecodedSample) => number | undefined {
    const own = this.#ownAt(place);
    const { ids } = own;
    return (sample) => {
      const id = ids.get(sample.key);
      if (id !== undefined) return id;
      const found = this.#lookUp(place, own, sample);
      if (found === undefined || !this.#hasRoom()) return found;
      this.#remembered += 1;
      ids.set(sample.key, found);
      return found;
    };
  }

  #ownAt({ agent, classroom, school, cluster = '', county }: Place): Own {
    const placedAt = `${classroom} ${school} ${cluster} ${county}`;
    const usedMs = this.#nowMs();
    const before = this.#agents.get(agent);
    const isThere = before?.placedAt === placedAt;
    const own = isThere ? before : { placedAt, ids: new Map(), usedMs };
    if (isThere) this.#agents.delete(agent);
    else this.forgetAgent(agent);
    this.#agents.set(agent, own);
    own.usedMs = usedMs;
    return own;
  }

  /** To drop what is used for what is used as well would have each looked up each time. */
  #hasRoom(): boolean {
    for (const [agent, { usedMs }] of this.#agents) {
      if (this.#remembered < this.#most || this.#nowMs() - usedMs < silentMs) break;
      this.forgetAgent(agent);
    }
    return this.#remembered < this.#most;
  }

  /** The series with exactly these tags, made where it is new: another store has taken it already. */
  ofTags(measurement: MeasurementName, tags: Readonly<Record<string, string>>): number {
    const canonical = canonicalOf(tags);
    const { agent = '', school = '' } = tags;
    const found =
      this.#find.get(measurement, canonical) ?? this.#add.get(measurement, canonical, agent, school);
    return Number(found?.id);
  }

  /** To be called when a transaction was rolled back: what is remembered may not exist. */
  forget(): void {
    for (const agent of this.#agents.keys()) this.forgetAgent(agent);
  }

  /** To be called when series of an agent were removed. */
  forgetAgent(agent: string): void {
    const own = this.#agents.get(agent);
    if (own === undefined) return;
    this.#agents.delete(agent);
    this.#remembered -= own.ids.size;
    // A batch that is being written may hold on to them.
    own.ids.clear();
  }

  #lookUp(place: Place, own: Own, { measurement, tags }: DecodedSample): number | undefined {
    const canonical = canonicalOf({ ...place, ...tags });
    const known = this.#find.get(measurement, canonical);
    if (known !== undefined) return Number(known.id);
    const { agent, school, county, classroom, cluster = null } = place;
    const count = own.count ?? Number(this.#count.get(agent, school, county, classroom, cluster)?.count);
    if (count >= seriesPerAgent) return undefined;
    own.count = count + 1;
    return Number(this.#add.get(measurement, canonical, agent, school)?.id);
  }
}

function canonicalOf(tags: Readonly<Record<string, string | undefined>>): string {
  const all = Object.entries(tags).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))));
}
