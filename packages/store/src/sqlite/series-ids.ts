import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MeasurementName, Place } from '@tongtang/model/catalogue';
import type { DecodedSample } from '@tongtang/wire/line-protocol';
import { seriesPerAgent } from '../telemetry.ts';

/** Some 200 bytes each. */
const remembered = 300_000;

type Remembered = { place: Place; ids: Map<string, number> };

/**
 * The number of each series. What was looked up is remembered under the text that it came as, so that most samples
 * cost one look into a map.
 */
export class SeriesIds {
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #count: StatementSync;
  readonly #places = new Map<string, Remembered>();
  /** How many series an agent has, of those that had a new one lately. */
  readonly #counts = new Map<string, number>();
  #remembered = 0;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT id FROM series WHERE measurement = ? AND tags = ?');
    this.#add = database.prepare(
      'INSERT INTO series (measurement, tags, agent, school) VALUES (?, ?, ?, ?) RETURNING id',
    );
    this.#count = database.prepare('SELECT count(*) AS count FROM series WHERE agent = ?');
  }

  /**
   * Looks up the series of samples measured at a place, and makes those that are new; gives undefined where the agent
   * has as many as it may.
   */
  at(place: Place): (sample: DecodedSample) => number | undefined {
    const key = `${place.agent} ${place.classroom} ${place.school} ${place.cluster ?? ''} ${place.county}`;
    let known = this.#places.get(key);
    if (known === undefined) {
      known = { place, ids: new Map() };
      this.#places.set(key, known);
    }
    const { ids } = known;
    return (sample) => {
      const id = ids.get(sample.key);
      if (id !== undefined) return id;
      const found = this.#lookUp(place, sample);
      if (found === undefined) return undefined;
      this.#remembered += 1;
      if (this.#remembered > remembered) this.forget();
      ids.set(sample.key, found);
      return found;
    };
  }

  /** The series with exactly these tags, made where it is new: another store has taken it already. */
  ofTags(measurement: MeasurementName, tags: Readonly<Record<string, string>>): number {
    const canonical = canonicalOf(tags);
    const { agent = '', school = '' } = tags;
    const found =
      this.#find.get(measurement, canonical) ?? this.#add.get(measurement, canonical, agent, school);
    return Number(found?.id);
  }

  /** To be called when a transaction was rolled back, or series were removed: what is remembered may not exist. */
  forget(): void {
    for (const { ids } of this.#places.values()) ids.clear();
    this.#places.clear();
    this.#counts.clear();
    this.#remembered = 0;
  }

  #lookUp(place: Place, { measurement, tags }: DecodedSample): number | undefined {
    const canonical = canonicalOf({ ...place, ...tags });
    const known = this.#find.get(measurement, canonical);
    if (known !== undefined) return Number(known.id);
    const { agent, school } = place;
    const count = this.#counts.get(agent) ?? Number(this.#count.get(agent)?.count);
    if (count >= seriesPerAgent) return undefined;
    this.#counts.set(agent, count + 1);
    return Number(this.#add.get(measurement, canonical, agent, school)?.id);
  }
}

function canonicalOf(tags: Readonly<Record<string, string | undefined>>): string {
  const all = Object.entries(tags).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))));
}
