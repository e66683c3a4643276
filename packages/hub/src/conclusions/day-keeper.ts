import { createHash } from 'node:crypto';
import type { Exclusion } from '@tongtang/incidents/maintenance-window';
import { classLessonsOf } from '@tongtang/lessons/class-lessons';
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
  inventoryOfDays,
} from './county-days.ts';
import { dayId, daySheet, schoolPoints, workPoints } from './day.ts';
import type { SheetWriter } from './sheet-writer.ts';
import { workIn } from './work.ts';

export type DayParts = Readonly<{
  registry: Pick<Registry, 'timetable'>;
  incidents: Pick<IncidentStore, 'list' | 'windows'>;
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
  readonly #changed: readonly ReadonlySet<string>[];

  /** @param changed ids of incidents that are, or may be, other than what is written */
  constructor(parts: DayParts, sheets: SheetWriter, turns: Turns, changed: readonly ReadonlySet<string>[]) {
    this.#parts = parts;
    this.#sheets = sheets;
    this.#turns = turns;
    this.#changed = changed;
  }

  /** Writes the present day where it is other than what is written. @throws where InfluxDB does not take it */
  async keepToday(inventory: Inventory): Promise<void> {
    const inputs = this.#inputsOf(inventory);
    const [today] = daysOf(inputs, this.#parts.nowS());
    if (today !== undefined) await this.#keep(inputs, today);
  }

  /**
   * Writes all days that are other than what is written, the newest first.
   * @param enough asked after each of them; those that are left then are for the next time
   * @throws where InfluxDB does not take one
   */
  async keep(inventory: Inventory, enough: () => boolean): Promise<void> {
    const inputs = this.#inputsOf(inventory);
    for (const one of daysOf(inputs, this.#parts.nowS()))
      if (this.#turns.stopped() || ((await this.#keep(inputs, one)) && enough())) return;
  }

  #inputsOf(inventory: Inventory): CountyInputs {
    const { registry, incidents, minutes, readiness, nowS } = this.#parts;
    const { id, timezone } = inventory.county;
    const stamps = minutes.stamps(id);
    const [first] = stamps.keys();
    const now = nowS();
    const from = first === undefined ? now : countyDay(first, timezone).start;
    return {
      inventory: inventoryOfDays(inventory),
      timetable: registry.timetable(id),
      stamps,
      settledTo: minutes.settledTo(id) ?? 0,
      work: workIn(incidents.windows(id), timezone, from - dayS, now + dayS),
      checked: checkedAround(readiness, id, now),
    };
  }

  /**
   * A timetable that is another changes the days on which it has other lessons, and no others: those are looked up where all else is as it was.
   * @returns whether anything was to be done
   */
  async #keep(inputs: CountyInputs, { day, madeOf }: DayInputs): Promise<boolean> {
    const id = dayId(inputs.inventory.county.id, day.date);
    const timetable = fingerprintOfObject(inputs.timetable);
    const [before, lessonsBefore, ...rest] = this.#sheets.there(id)?.split(' ') ?? [];
    const isSame = rest.join(' ') === madeOf;
    if (isSame && before === timetable) return false;
    const lessons = await this.#lessonsOf(inputs, day);
    if (lessons === undefined) return true;
    const all = [timetable, lessons, madeOf].join(' ');
    if (isSame && lessonsBefore === lessons) this.#sheets.isMadeOf(id, all);
    else await this.#day(inputs, day, all);
    return true;
  }

  /** A fingerprint of the lessons of a day; undefined where the end came before it was found. */
  async #lessonsOf({ inventory, timetable }: CountyInputs, { date }: CountyDay): Promise<string | undefined> {
    const hash = createHash('sha256');
    const left = inventory.schools.values();
    await inTurn(this.#turns, () =>
      inSlices((enough) => {
        while (!enough() && !this.#turns.stopped()) {
          const school = left.next().value;
          if (school === undefined) return false;
          hash.update(JSON.stringify(classLessonsOf({ inventory, timetable }, school, date)));
        }
        return !this.#turns.stopped();
      }),
    );
    return this.#turns.stopped() ? undefined : hash.digest('hex').slice(0, 16);
  }

  async #day(inputs: CountyInputs, day: CountyDay, madeOf: string): Promise<void> {
    const { readiness } = this.#parts;
    const { inventory, timetable, work } = inputs;
    const { county, schools } = inventory;
    const source = { inventory, timetable };
    const checked = (school: string, starts: readonly number[]) =>
      readiness.ofSchool(county.id, school, starts);
    const points: Conclusion[] = workPoints(inventory, day, work);
    let isSettled = false;
    await inTurn(this.#turns, () => {
      isSettled = !this.#isChanging(county.id, day);
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
  #isChanging(county: string, { start, end }: CountyDay): boolean {
    const changing = this.#changed.filter(({ size }) => size > 0);
    if (changing.length === 0) return false;
    return this.#parts.incidents
      .list({ county, from: start, to: end })
      .some(({ id }) => changing.some((ids) => ids.has(id)));
  }
}
