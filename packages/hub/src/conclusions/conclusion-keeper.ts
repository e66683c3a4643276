import { isGone } from '@tongtang/incidents/incident-list';
import { dayOf } from '@tongtang/lessons/plain-date';
import { conclusions } from '@tongtang/model/conclusions';
import type { Inventory } from '@tongtang/model/inventory';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { ConclusionJournal } from '@tongtang/store/conclusions/journal';
import type { IncidentRecord, IncidentStore } from '@tongtang/store/incidents/incident-store';
import type { InfluxConclusions } from '@tongtang/store/influx/conclusions';
import type { Registry } from '@tongtang/store/registry/open';
import { inTurn, type Turns } from '../in-turn.ts';
import { daysIn } from '../minutes/county-day.ts';
import type { openSunOutages, SchoolSunOutages } from '../sun-outages.ts';
import { fingerprintOf, fingerprintOfObject } from './county-days.ts';
import { dayId } from './day.ts';
import { DayKeeper, type DayParts } from './day-keeper.ts';
import { incidentSheet, unknownIncident } from './incidents.ts';
import { placesSheet, schoolsSheet } from './places.ts';
import { SheetWriter } from './sheet-writer.ts';
import { sunSheet } from './sun.ts';

export type ConclusionParts = DayParts &
  Readonly<{
    influx: Pick<InfluxConclusions, 'place' | 'prepare' | 'openIncidents' | 'there' | 'write'>;
    journal: ConclusionJournal;
    registry: Pick<Registry, 'inventories' | 'agents'>;
    incidents: Pick<IncidentStore, 'ids' | 'find'>;
    sunOutages: ReturnType<typeof openSunOutages>;
    /** Whether the clock is believed: by a wrong one the wrong day would be today. */
    mayRun: () => boolean;
    /** Whether a crowd of agents is coming in. */
    busy: () => boolean;
    log: Log;
  }>;

/** Between two rounds, ms; so many times as long as a round took, where that is longer. */
const everyMs = 30_000;
const restRounds = 4;
/** What is of the present is written in each round; after it, for so long, what was. ms */
const pastMs = 10_000;

/**
 * Keeps in InfluxDB what the hub concluded, for Grafana: names of places, incidents, lessons, availability, and what is announced.
 *
 *     registry, incidents.db, minutes.db, lessons.db ─▶ sheets ─▶ InfluxDB ─▶ mark in conclusions.db
 *
 * All of it is made of what the hub has anyhow, so there is no queue that could be lost: a mark says what a sheet was made of when it
 * was written, and where that is other now, or the mark is missing, it is made anew. What is written twice is the same.
 */
export class ConclusionKeeper {
  readonly #parts: ConclusionParts;
  readonly #sheets: SheetWriter;
  readonly #days: DayKeeper;
  readonly #turns: Turns;
  /** Incidents that are other than what is written. */
  readonly #changed = new Set<string>();
  /** Incidents that may be told by other names than before, or of which nobody knows what the last process came to write. */
  readonly #unchecked = new Set<string>();
  /** By county: what its sun outages were computed of. */
  readonly #sunOf = new Map<string, string>();
  /** The inventories by whose names incidents were told last. */
  #namedBy = '';
  #timer: NodeJS.Timeout | undefined;
  #running = Promise.resolve();
  #stopped = false;
  #fails = false;

  constructor(parts: ConclusionParts) {
    this.#parts = parts;
    // Where a newer hub says more of the same, all is said anew.
    parts.journal.writtenTo(`${parts.influx.place} ${fingerprintOfObject(conclusions)}`);
    this.#sheets = new SheetWriter(parts.influx, parts.journal);
    this.#turns = { busy: parts.busy, stopped: () => this.#stopped };
    this.#days = new DayKeeper(parts, this.#sheets, this.#turns, [this.#changed, this.#unchecked]);
  }

  start(): void {
    this.#timer = setTimeout(() => this.#look(), 1000);
  }

  /** What is under way ends after its sheet. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** An incident is new, or other than before. */
  changed(id: string): void {
    this.#changed.add(id);
  }

  /**
   * Writes what is other than what is written: first what is of the present, then what was, the newest first.
   * @param enough asked after each piece of what was; what is left then is for the next time
   * @throws where InfluxDB does not take it; the next time goes on from there
   */
  async writeAll(enough: () => boolean = () => false): Promise<void> {
    const { influx, registry } = this.#parts;
    if (await influx.prepare()) this.#forget();
    const inventories = registry.inventories();
    await this.#dropCounties(new Set(inventories.map(({ county }) => county.id)));
    for (const inventory of inventories) await this.#inTurn(() => this.#places(inventory));
    await this.#lookForOthers(inventories);
    await this.#incidents(inventories, this.#changed);
    for (const inventory of inventories) {
      await this.#inTurn(() => this.#schools(inventory));
      await this.#days.keepToday(inventory);
      await this.#sun(inventory);
    }
    await this.#incidents(inventories, this.#unchecked, enough);
    // Days name incidents: while any of these may be another, they would be made twice.
    if (this.#unchecked.size > 0) return;
    for (const inventory of inventories) {
      await this.#days.keep(inventory, enough);
      if (enough()) return;
    }
  }

  /** The database is a new one. */
  #forget(): void {
    this.#sheets.forget();
    this.#sunOf.clear();
    this.#namedBy = '';
  }

  /** Counties that the hub has no more can be chosen no more; what became of their lessons stays. */
  async #dropCounties(there: ReadonlySet<string>): Promise<void> {
    for (const id of this.#sheets.ids('places ')) {
      const county = id.slice('places '.length);
      if (there.has(county)) continue;
      await this.#inTurn(() => this.#sheets.put(placesSheet(county, undefined), ''));
      await this.#inTurn(() => this.#sheets.put(schoolsSheet(county, undefined, [], new Set()), ''));
    }
  }

  async #places(inventory: Inventory): Promise<void> {
    const madeOf = fingerprintOfObject(inventory);
    const sheet = placesSheet(inventory.county.id, inventory);
    if (!this.#sheets.has(sheet.id, madeOf)) await this.#sheets.put(sheet, madeOf);
  }

  async #lookForOthers(inventories: readonly Inventory[]): Promise<void> {
    const namedBy = inventories.map(fingerprintOfObject).join();
    if (this.#namedBy === '') await this.#closeUnknown(inventories);
    // At the start, too.
    if (namedBy !== this.#namedBy) for (const id of this.#parts.incidents.ids()) this.#unchecked.add(id);
    this.#namedBy = namedBy;
  }

  async #incidents(
    inventories: readonly Inventory[],
    ids: Set<string>,
    enough: () => boolean = () => false,
  ): Promise<void> {
    const { incidents } = this.#parts;
    const counties = new Map(inventories.map((inventory) => [inventory.county.id, inventory]));
    for (const id of [...ids]) {
      if (this.#stopped) return;
      ids.delete(id);
      try {
        const record = incidents.find(id);
        const inventory = record && counties.get(record.place.county);
        if (record !== undefined && inventory !== undefined)
          await this.#inTurn(() => this.#incident(record, inventory));
      } catch (error) {
        ids.add(id);
        throw error;
      }
      if (enough()) return;
    }
  }

  /** An incident that is open there and in no file of the hub, which was lost or is an older copy, would be open for ever. */
  async #closeUnknown(inventories: readonly Inventory[]): Promise<void> {
    const { influx, incidents } = this.#parts;
    for (const { county } of inventories)
      for (const id of await influx.openIncidents(county.id))
        if (incidents.find(id) === undefined)
          await this.#inTurn(() => this.#sheets.put(unknownIncident(county.id, id), ''));
  }

  /** The days that it lies in, or lay in before, name it as the cause of what was lost: they are made anew where it is another to them. */
  async #incident(record: IncidentRecord, inventory: Inventory): Promise<void> {
    const sheet = incidentSheet(record, inventory);
    const { from, to } = record;
    const madeOf = [from, to ?? '', fingerprintOf(JSON.stringify(hitBy(record)))].join(' ');
    const { id, timezone } = inventory.county;
    const spans = [madeOf, this.#sheets.madeOf(sheet.id) ?? madeOf].map((text) => text.split(' '));
    const days = spans.flatMap(([begin = '', end = '']) =>
      daysIn(Number(begin), end === '' ? this.#parts.nowS() : Number(end), timezone),
    );
    const stale = [...new Set(days.map(({ date }) => dayId(id, date)))];
    await this.#sheets.put(sheet, madeOf, stale);
  }

  async #schools(inventory: Inventory): Promise<void> {
    const { incidents, registry, nowS } = this.#parts;
    const { id } = inventory.county;
    const now = nowS();
    const open = incidents
      .list({ county: id, from: now, to: now + 1 })
      .filter(({ state }) => state === 'open' || state === 'acknowledged');
    const measured = registry
      .agents()
      .filter(({ place }) => place.county === id)
      .map(({ place }) => place.school);
    await this.#sheets.put(schoolsSheet(id, inventory, open, new Set(measured)), '');
  }

  async #sun(inventory: Inventory): Promise<void> {
    const { registry, sunOutages, nowS } = this.#parts;
    const { id, timezone } = inventory.county;
    const now = nowS();
    const timetable = registry.timetable(id);
    const madeOf = [inventory, timetable].map(fingerprintOfObject).concat(dayOf(now, timezone)).join(' ');
    if (this.#sunOf.get(id) === madeOf) return;
    const found = new Map<string, SchoolSunOutages>();
    for (const school of inventory.schools)
      await this.#inTurn(async () => {
        found.set(school.id, await sunOutages(inventory, timetable, school, now));
      });
    if (this.#stopped) return;
    await this.#sheets.put(sunSheet(inventory, found, now), madeOf);
    this.#sunOf.set(id, madeOf);
  }

  #inTurn(work: () => void | Promise<void>): Promise<void> {
    return inTurn(this.#turns, work);
  }

  #look(): void {
    const start = performance.now();
    const { mayRun, log } = this.#parts;
    let pastFrom: number | undefined;
    const enough = (): boolean => {
      pastFrom ??= performance.now();
      return performance.now() - pastFrom > pastMs;
    };
    this.#running = (mayRun() ? this.writeAll(enough) : Promise.resolve())
      .then(() => {
        if (this.#fails) log.info('what was concluded is written to InfluxDB again');
        this.#fails = false;
      })
      .catch((error: unknown) => {
        // Once an outage: the store says of the same server that it is away all the time.
        if (!this.#fails)
          log.error({ error: messageOf(error) }, 'what was concluded is not written to InfluxDB yet');
        this.#fails = true;
      })
      .finally(() => {
        const restMs = Math.max(everyMs, restRounds * (performance.now() - start));
        if (!this.#stopped) this.#timer = setTimeout(() => this.#look(), restMs);
      });
  }
}

/** All of an incident, but for its time, that decides which lessons it takes and what it is called there. */
function hitBy({ state, cause, place, evidence }: IncidentRecord): unknown {
  const rooms = new Set(evidence.map(({ school, classroom }) => `${school} ${classroom}`));
  return [isGone(state), cause, place, [...rooms].sort()];
}
