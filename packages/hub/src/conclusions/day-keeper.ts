import type { Exclusion } from '@tongtang/incidents/maintenance-window';
import type { Stretch } from '@tongtang/lessons/delivery/machine-minutes';
import type { Conclusion } from '@tongtang/model/conclusions';
import type { Inventory } from '@tongtang/model/inventory';
import { inSlices } from '@tongtang/runtime/slices';
import type { IncidentStore } from '@tongtang/store/incidents/incident-store';
import type { MinutesStore } from '@tongtang/store/minutes/minutes';
import type { ReadinessResults } from '@tongtang/store/readiness/readiness-results';
import type { Registry } from '@tongtang/store/registry/open';
import { inTurn, type Turns } from '../in-turn.ts';
import { type CountyDay, countyDay } from '../minutes/county-day.ts';
import { type OutcomesParts, outcomesBySchool } from '../minutes/outcomes.ts';
import {
  type CountyInputs,
  checkedAround,
  type DayInputs,
  daysOf,
  fingerprintOfObject,
} from './county-days.ts';
import { dayId, daySheet, schoolPoints, workPoints } from './day.ts';
import type { SheetWriter } from './sheet-writer.ts';
import { workIn } from './work.ts';

export type DayParts = Readonly<{
  registry: Pick<Registry, 'timetable'>;
  incidents: Pick<IncidentStore, 'find' | 'windows'>;
  minutes: Pick<MinutesStore, 'stamps' | 'settledTo'>;
  /** What became of lessons. */
  outcomes: OutcomesParts;
  readiness: Pick<ReadinessResults, 'heads' | 'ofSchool'>;
  /** Hub time in seconds. */
  nowS: () => number;
}>;

/** Work that began the day before may reach into the first day; of today all of it is told. Seconds. */
const dayS = 86_400;

/** Keeps what became of the days of counties: lessons, schools, links, and work that was announced. */
export class DayKeeper {
  readonly #parts: DayParts;
  readonly #sheets: SheetWriter;
  readonly #turns: Turns;
  readonly #changed: ReadonlySet<string>;

  /** @param changed ids of incidents that are other than what is written */
  constructor(parts: DayParts, sheets: SheetWriter, turns: Turns, changed: ReadonlySet<string>) {
    this.#parts = parts;
    this.#sheets = sheets;
    this.#turns = turns;
    this.#changed = changed;
  }

  /** Writes the days that are other than what is written, the newest first. @throws where InfluxDB does not take one */
  async keep(inventory: Inventory): Promise<void> {
    const { id } = inventory.county;
    const inputs = this.#inputsOf(inventory);
    for (const one of daysOf(inputs, this.#parts.nowS())) {
      if (this.#turns.stopped()) return;
      if (this.#sheets.has(dayId(id, one.day.date), one.madeOf)) continue;
      await this.#day(inputs, one);
    }
  }

  #inputsOf(inventory: Inventory): CountyInputs {
    const { registry, incidents, minutes, readiness, nowS } = this.#parts;
    const { id, timezone } = inventory.county;
    const timetable = registry.timetable(id);
    const stamps = minutes.stamps(id);
    const [first] = stamps.keys();
    const now = nowS();
    const from = first === undefined ? now : countyDay(first, timezone).start;
    return {
      inventory,
      timetable,
      source: `${fingerprintOfObject(inventory)} ${fingerprintOfObject(timetable)}`,
      stamps,
      settledTo: minutes.settledTo(id) ?? 0,
      work: workIn(incidents.windows(id), timezone, from - dayS, now + dayS),
      checked: checkedAround(readiness, id, now),
    };
  }

  async #day(inputs: CountyInputs, { day, madeOf }: DayInputs): Promise<void> {
    const { readiness } = this.#parts;
    const { inventory, timetable, work } = inputs;
    const { county, schools } = inventory;
    const source = { inventory, timetable };
    const checked = (school: string, starts: readonly number[]) =>
      readiness.ofSchool(county.id, school, starts);
    const points: Conclusion[] = workPoints(inventory, day, work);
    let isSettled = false;
    await inTurn(this.#turns, () => {
      isSettled = !this.#isChanging(day);
      // One for each school in their order, or none at all where nothing of the day is settled.
      const days = outcomesBySchool(this.#outcomesWith(work), source, day.date);
      const left = schools.values();
      return inSlices((enough) => {
        while (!enough() && !this.#turns.stopped()) {
          const school = left.next().value;
          if (school === undefined) return false;
          const outcome = days.next().value ?? undefined;
          points.push(...schoolPoints(school, { source, day, outcome, checked }));
        }
        return !this.#turns.stopped();
      });
    });
    // What was left out when the end came is no conclusion.
    if (!this.#turns.stopped())
      await this.#sheets.put(daySheet(county.id, day, points), isSettled ? madeOf : '');
  }

  /** Announced work is that which the sheet is marked with: it may be called off again before the next round. */
  #outcomesWith(work: readonly Exclusion[]): OutcomesParts {
    const { outcomes } = this.#parts;
    const within = (_: unknown, { from, to }: Stretch): readonly Exclusion[] =>
      work.filter(({ start, end }) => start < to && end > from);
    return { ...outcomes, surroundings: { ...outcomes.surroundings, work: within } };
  }

  /** Whether an incident of a day is other than what is written: it may be as before again by the next round, and would spoil no day. */
  #isChanging({ start, end }: CountyDay): boolean {
    return [...this.#changed].some((id) => {
      const record = this.#parts.incidents.find(id);
      return record !== undefined && record.from < end && (record.to ?? Number.POSITIVE_INFINITY) > start;
    });
  }
}
