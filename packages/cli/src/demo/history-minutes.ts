import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { minuteFields } from '@tongtang/hub/minutes/minute-fields';
import { type SettledAgent, settle } from '@tongtang/hub/minutes/settle';
import { marginS } from '@tongtang/lessons/delivery/link-minutes';
import { minuteS } from '@tongtang/lessons/delivery/minute-state';
import { createLog } from '@tongtang/runtime/log';
import type { Machine } from '@tongtang/simulator/county/machine';
import type { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { heardUntil } from '@tongtang/simulator/live/live-county';
import { type MinutesStore, openMinutes } from '@tongtang/store/minutes/minutes';
import type { PlacedSamples, SamplesQuery, StoredSample } from '@tongtang/store/telemetry';
import type { Demo } from './demo-folder.ts';

/** So often it is looked whether somebody switched a machine on or off. Seconds. */
const lookS = 300;

/** What a machine measured of late, by measurement, and until when its minutes are settled. */
type Course = { recent: ReadonlyMap<string, readonly StoredSample[]>; settledTo: number };

const evidence: ReadonlySet<string> = new Set(minuteFields.keys());

/**
 * Settles the minutes of a history while it is written: what is long past has no raw samples any more when the hub starts. As the hub
 * does it, from samples that are still in memory. A machine that is cut off waits until its line is mended.
 */
export class HistoryMinutes {
  readonly #demo: Demo;
  readonly #minutes: MinutesStore;
  /** By agent. */
  readonly #courses = new Map<string, Course>();
  readonly #begin: number;

  /** @param dataFolder of a hub that does not run */
  constructor(dataFolder: string, demo: Demo) {
    this.#demo = demo;
    this.#minutes = openMinutes(join(dataFolder, 'hub', 'minutes.db'), createLog('error'));
    const known = this.#minutes.settledTo(demo.county.inventory.county.id) ?? 0;
    this.#begin = Math.max(known, Math.ceil(demo.toldTo / minuteS) * minuteS);
  }

  /** Takes what was measured since the last time, and settles what that is enough for. @param to all before it was told */
  async take(told: readonly PlacedSamples[], to: number): Promise<void> {
    const { county, places } = this.#demo;
    for (const { place, samples } of told) this.#remember(this.#courseOf(place.agent), samples);
    for (const machine of county.machines) {
      const place = places.get(machine.name);
      if (place === undefined) continue;
      await turn();
      const end = Math.floor((heardUntil(county, machine, to) - marginS) / minuteS) * minuteS;
      await this.#settle(machine, { id: place.agent, kind: machine.kind, place }, end);
    }
    const all = Math.floor((to - marginS) / minuteS) * minuteS;
    if (all > this.#begin) this.#minutes.settled(county.inventory.county.id, all);
  }

  close(): void {
    this.#minutes.close();
  }

  async #settle(machine: Machine, agent: SettledAgent, to: number): Promise<void> {
    const { county } = this.#demo;
    const course = this.#courseOf(agent.id);
    if (to <= course.settledTo) return;
    const samples = async ({ measurement }: SamplesQuery) => course.recent.get(measurement) ?? [];
    const parts = { telemetry: { samples }, minutes: this.#minutes, log: createLog('error') };
    this.#hear(county, machine, agent.id, course.settledTo, to + marginS);
    await settle(parts, county.inventory, agent, { from: course.settledTo, to }, to);
    course.settledTo = to;
  }

  #courseOf(agent: string): Course {
    const course = this.#courses.get(agent) ?? { recent: new Map(), settledTo: this.#begin };
    this.#courses.set(agent, course);
    return course;
  }

  #remember(course: Course, samples: PlacedSamples['samples']): void {
    const kept = [...course.recent.values()].flat().filter(({ time }) => time >= course.settledTo - marginS);
    // Not the samples themselves: each holds the text that it was read from.
    const taken = samples
      .filter(({ measurement }) => evidence.has(measurement))
      .map(({ measurement, tags, time, fields }) => ({ measurement, tags, time, fields }));
    course.recent = Map.groupBy([...kept, ...taken], ({ measurement }) => measurement);
  }

  /** What a machine said when people switched it on and off; over a line that is cut nothing is heard. */
  #hear(county: SimulatedCounty, machine: Machine, agent: string, from: number, to: number): void {
    let before = county.power(machine, from - 1).state;
    for (let time = from; time < to; time += lookS) {
      const { state, since } = county.power(machine, time);
      if (state === before) continue;
      before = state;
      if (county.speaks(machine, state === 'on' ? since : since - 1))
        this.#minutes.hear(agent, {
          time: since,
          state: state === 'on' ? 'online' : state === 'off' ? 'stopping' : 'asleep',
        });
    }
  }
}
