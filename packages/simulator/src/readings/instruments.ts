import type { Fields, Reading } from '@tongtang/model/sample';
import type { Conditions } from '../county/conditions.ts';
import type { Machine, Task } from '../county/machine.ts';
import { Noise } from '../county/noise.ts';
import type { Power } from '../county/people.ts';
import type { Day, SchoolDays } from '../county/school-days.ts';
import { definitionOf } from '../faults/kinds.ts';
import type { Fault } from '../faults/script.ts';
import { Network } from './network.ts';
import { Own } from './own.ts';
import { readSignal } from './signal.ts';
import { readStream } from './stream.ts';

/** All that a reading follows from, beside chance. */
export type Moment = Readonly<{
  time: number;
  /** Seconds since the reading before. */
  sinceS: number;
  conditions: Conditions;
  power: Power;
  day: Day;
}>;

export type InstrumentsOptions = Readonly<{
  machine: Machine;
  seed: number;
  /** Those that concern the machine. */
  faults: readonly Fault[];
  days: SchoolDays;
}>;

export type Due = Readonly<{ task: Task; time: number; sinceS: number }>;

/** A change of a link's state is traced so soon. Seconds. */
const tracedAfterS = 25;

/** The probes of one machine: when they run, and what they find. */
export class Instruments {
  readonly #options: InstrumentsOptions;
  readonly #noise: ReadonlyMap<Task, Noise>;
  /** From 0 to 9: machines do not run their probes in the same second. */
  readonly #second: number;
  readonly #network: Network;
  readonly #own: Own;

  constructor(options: InstrumentsOptions) {
    const { machine, seed, faults } = options;
    this.#options = options;
    this.#second = Math.floor(new Noise(seed, machine.name).at(1) * 10);
    this.#noise = new Map(
      machine.tasks.map((task) => [
        task,
        new Noise(seed, `${machine.name} ${task.measurement} ${task.target ?? ''}`),
      ]),
    );
    this.#network = new Network(seed, machine);
    this.#own = new Own(seed, machine, faults);
  }

  /** Every run of a probe in `from` … `to` (exclusive), each task in the order of time. */
  due(
    from: number,
    to: number,
    pace: (measurement: string, time: number) => number | undefined,
  ): readonly Due[] {
    return this.#options.machine.tasks.flatMap((task) => {
      if (task.everyS >= 86_400) return this.#daily(task, from, to);
      const { everyS } = task;
      const phase = Math.floor((this.#noiseOf(task).at(0) * everyS) / 10) * 10 + this.#second;
      const due: Due[] = [];
      for (let turn = Math.ceil((from - phase) / everyS); turn * everyS + phase < to; turn += 1) {
        const time = turn * everyS + phase;
        const sinceS = Math.max(everyS, pace(task.measurement, time) ?? 0);
        if (turn % Math.round(sinceS / everyS) === 0) due.push({ task, time, sinceS });
      }
      return due;
    });
  }

  read(task: Task, moment: Moment): readonly Reading[] {
    const { measurement, link, target } = task;
    const noise = this.#noiseOf(task);
    if (measurement === 'host') return this.#own.host(moment, noise);
    if (measurement === 'agent') return [this.#own.agent(moment, noise)];
    const tags = { ...(link && { link }), ...(target !== undefined && { target }) };
    return [{ measurement, tags, fields: this.#outcome(task, moment, noise) }];
  }

  #outcome({ measurement, link, target }: Task, moment: Moment, noise: Noise): Fields {
    switch (measurement) {
      case 'signal':
        return readSignal(moment, noise);
      case 'mpegts':
        return readStream(moment, noise);
      default:
        return this.#network.read({ measurement, link, target }, moment, noise);
    }
  }

  /** Once a day, and routes when a way out breaks or mends. */
  #daily(task: Task, from: number, to: number): Due[] {
    const { days, faults } = this.#options;
    const times: number[] = [];
    for (let day = days.at(from); day.start < to; day = days.at(day.end)) times.push(noonOf(day, task));
    if (task.measurement === 'path')
      for (const { kind, begin, end } of faults)
        if (definitionOf(kind).silent === 'cut') times.push(begin + tracedAfterS, end + tracedAfterS);
    return times
      .filter((time) => from <= time && time < to)
      .map((time) => ({ task, time, sinceS: task.everyS }));
  }

  #noiseOf(task: Task): Noise {
    const noise = this.#noise.get(task);
    if (noise === undefined) throw new Error(`${this.#options.machine.name} has no such task`);
    return noise;
  }
}

/** In the longest break between lessons, or at one o'clock; what loads the line waits until the lesson is well over. */
function noonOf({ start, lessons }: Day, { measurement }: Task): number {
  const gaps = lessons.map(([, end], index) => ({ end, lengthS: (lessons[index + 1]?.[0] ?? end) - end }));
  const longest = gaps.toSorted((a, b) => b.lengthS - a.lengthS)[0];
  return (longest?.end ?? start + 13 * 3600) + (measurement === 'throughput' ? 9 * 60 : 5 * 60);
}
