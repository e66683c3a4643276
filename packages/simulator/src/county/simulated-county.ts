import type { Inventory } from '@tongtang/model/inventory';
import type { Sample } from '@tongtang/model/sample';
import type { SunOutage } from '@tongtang/satellite/sun-outages';
import { definitionOf } from '../faults/kinds.ts';
import { isAt } from '../faults/place.ts';
import type { Fault, Script } from '../faults/script.ts';
import { Instruments } from '../readings/instruments.ts';
import { type Conditions, conditionsUnder } from './conditions.ts';
import { carrier, Dish } from './dish.ts';
import { furnished } from './furnish.ts';
import { type Machine, machinesOf } from './machine.ts';
import { People, type Power } from './people.ts';
import { SchoolDays } from './school-days.ts';
import { signalLossDb } from './signal-loss.ts';
import { type Spot, Weather } from './weather.ts';

export type SimulatedCountyOptions = Readonly<{
  /** See {@link furnished}: what it lacks is added. */
  inventory: Inventory;
  /** Chance. */
  seed: number;
  script: Script;
  /** From this moment on all PCs are on, at whatever hour: somebody wants to look at the county. */
  allOnFrom?: number;
}>;

/** A machine, and what only this county knows of it. */
type Resident = Readonly<{
  machine: Machine;
  faults: readonly Fault[];
  people: People;
  instruments: Instruments;
}>;

/** What is above a school: its dish, where it stands if that is known, and the faults that concern it. */
type Sky = Readonly<{ dish: Dish; spots: readonly Spot[]; faults: readonly Fault[] }>;

/** How often a task is taken; its own interval where undefined. Multiples of it, in seconds. */
export type Pace = (measurement: string, time: number) => number | undefined;

/**
 * A county that exists in figures only. Whatever is asked of it is a pure function of inventory, seed, script and time: asked
 * twice, in any order, in pieces or as a whole, it says the same.
 */
export class SimulatedCounty {
  readonly inventory: Inventory;
  readonly seed: number;
  readonly script: Script;
  readonly machines: readonly Machine[];
  readonly days: SchoolDays;
  readonly #allOnFrom: number;
  readonly #residents: ReadonlyMap<string, Resident>;
  readonly #skies: ReadonlyMap<string, Sky>;
  readonly #weather: Weather;

  constructor({ inventory, seed, script, allOnFrom = Number.POSITIVE_INFINITY }: SimulatedCountyOptions) {
    this.inventory = furnished(inventory);
    this.seed = seed;
    this.script = script;
    this.#allOnFrom = allOnFrom;
    const { schools, periods, county, satellite } = this.inventory;
    this.days = new SchoolDays(periods, county.timezone);
    this.machines = machinesOf(this.inventory);
    this.#weather = new Weather(seed, this.days, schools.flatMap(spotOf));
    this.#skies = new Map(
      schools.map((school) => {
        const faults = script.faults.filter(({ place }) => isAt(place, { school, classroom: '' }));
        return [school.id, { dish: new Dish(seed, school, satellite), spots: spotOf(school), faults }];
      }),
    );
    this.#residents = new Map(
      this.machines.map((machine) => {
        const faults = script.faults.filter(({ place }) => isAt(place, machine));
        const people = new People(seed, machine.name, this.days);
        const instruments = new Instruments({ machine, seed, faults, days: this.days });
        return [machine.name, { machine, faults, people, instruments }];
      }),
    );
  }

  /** Faults of the script that concern a machine and are on. */
  faultsAt(machine: Machine, time: number): readonly Fault[] {
    return this.#resident(machine).faults.filter(({ begin, end }) => begin <= time && time < end);
  }

  power(machine: Machine, time: number): Power {
    if (machine.kind === 'receiver') return { state: 'on', since: lastStartOf(time) };
    const power = this.#resident(machine).people.at(time);
    return time < this.#allOnFrom || power.state === 'on'
      ? power
      : { state: 'on', since: Math.max(this.#allOnFrom, power.since) };
  }

  /** Whether its agent runs. */
  measures(machine: Machine, time: number): boolean {
    return (
      this.power(machine, time).state === 'on' &&
      !this.faultsAt(machine, time).some(({ kind }) => definitionOf(kind).silent === 'dead')
    );
  }

  /** Whether its agent and the hub can hear each other. */
  speaks(machine: Machine, time: number): boolean {
    return (
      this.measures(machine, time) &&
      !this.faultsAt(machine, time).some(({ kind }) => definitionOf(kind).silent === 'cut')
    );
  }

  /** C/N above the threshold at a school, dB, without the scatter of a reading. */
  marginDb(school: string, time: number): number {
    const { dish, spots, faults } = this.#sky(school);
    let cnDb = dish.clearDb + dish.wanderDb(time) - dish.sunLossDb(time);
    for (const spot of spots) cnDb -= this.#weather.lossDb(spot, time);
    for (const fault of faults) cnDb -= signalLossDb(this.seed, fault, school, time);
    return cnDb - carrier.thresholdDb;
  }

  /** Sun outages of a school's dish that touch a span, as packages/satellite computes them. */
  sunOutages(school: string, from: number, to: number): readonly SunOutage[] {
    return this.#sky(school).dish.sunOutages(from, to);
  }

  conditions(machine: Machine, time: number): Conditions {
    const kinds = this.faultsAt(machine, time).map(({ kind }) => kind);
    return conditionsUnder(kinds, this.marginDb(machine.school.id, time));
  }

  /**
   * What a machine's probes find in `from` … `to` (exclusive), in the order of time; nothing while it is off. Taken more
   * seldom, it is a part of the same readings.
   */
  samples(machine: Machine, from: number, to: number, pace: Pace = () => undefined): Sample[] {
    const { instruments } = this.#resident(machine);
    const taken: Sample[] = [];
    for (const { task, time, sinceS } of instruments.due(from, to, pace)) {
      if (!this.measures(machine, time)) continue;
      const moment = {
        time,
        sinceS,
        conditions: this.conditions(machine, time),
        power: this.power(machine, time),
        day: this.days.at(time),
      };
      for (const reading of instruments.read(task, moment)) taken.push({ ...reading, time });
    }
    return taken.sort((a, b) => a.time - b.time);
  }

  #resident({ name }: Machine): Resident {
    const resident = this.#residents.get(name);
    if (resident === undefined) throw new Error(`no machine ${name}`);
    return resident;
  }

  #sky(school: string): Sky {
    const sky = this.#skies.get(school);
    if (sky === undefined) throw new Error(`no school ${school}`);
    return sky;
  }
}

/** Machines beside receivers start anew each second Sunday, by an update. */
function lastStartOf(time: number): number {
  const everyS = 14 * 86_400;
  return Math.floor(time / everyS) * everyS;
}

function spotOf({ lat, lon }: Readonly<{ lat?: number; lon?: number }>): Spot[] {
  return lat === undefined || lon === undefined ? [] : [{ lat, lon }];
}
