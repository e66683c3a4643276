import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type SettledAgent, settle } from '@tongtang/hub/minutes/settle';
import { marginS } from '@tongtang/lessons/delivery/link-minutes';
import { minuteS } from '@tongtang/lessons/delivery/minute-state';
import { createLog } from '@tongtang/runtime/log';
import type { Machine } from '@tongtang/simulator/county/machine';
import type { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { type MinutesStore, openMinutes } from '@tongtang/store/minutes/minutes';
import type { PlacedSamples, SamplesQuery, StoredSample } from '@tongtang/store/telemetry';
import type { Demo } from './demo-folder.ts';

/** So often it is looked whether somebody switched a machine on or off. Seconds. */
const lookS = 300;

/**
 * Settles the minutes of a history while it is written: what is long past has no raw samples any more when the hub starts. As the hub
 * does it, from samples that are still in memory.
 */
export class HistoryMinutes {
  readonly #demo: Demo;
  readonly #minutes: MinutesStore;
  /** By agent and measurement. */
  readonly #recent = new Map<string, ReadonlyMap<string, readonly StoredSample[]>>();
  #settledTo: number;

  /** @param dataFolder of a hub that does not run */
  constructor(dataFolder: string, demo: Demo) {
    this.#demo = demo;
    this.#minutes = openMinutes(join(dataFolder, 'hub', 'minutes.db'), createLog('error'));
    const known = this.#minutes.settledTo(demo.county.inventory.county.id) ?? 0;
    this.#settledTo = Math.max(known, Math.ceil(demo.toldTo / minuteS) * minuteS);
  }

  /** Takes what was measured since the last time, and settles what that is enough for. @param to all before it was told */
  async take(told: readonly PlacedSamples[], to: number): Promise<void> {
    for (const { place, samples } of told) this.#remember(place.agent, samples);
    const end = Math.floor((to - marginS) / minuteS) * minuteS;
    const span = { from: this.#settledTo, to: end };
    if (end <= span.from) return;
    const { county, places } = this.#demo;
    const telemetry = {
      samples: async ({ agent, measurement }: SamplesQuery) =>
        this.#recent.get(agent)?.get(measurement) ?? [],
    };
    const parts = { telemetry, minutes: this.#minutes, log: createLog('error') };
    for (const machine of county.machines) {
      const place = places.get(machine.name);
      if (place === undefined) continue;
      const agent: SettledAgent = { id: place.agent, kind: machine.kind, place };
      await turn();
      this.#hear(county, machine, agent.id, span.from, to);
      await settle(parts, county.inventory, agent, span, to);
    }
    this.#minutes.settled(county.inventory.county.id, end);
    this.#settledTo = end;
  }

  close(): void {
    this.#minutes.close();
  }

  #remember(agent: string, samples: readonly StoredSample[]): void {
    const kept = [...(this.#recent.get(agent)?.values() ?? [])]
      .flat()
      .filter(({ time }) => time >= this.#settledTo - marginS);
    // Not the samples themselves: each holds the text that it was read from.
    const taken = samples.map(({ measurement, tags, time, fields }) => ({ measurement, tags, time, fields }));
    this.#recent.set(
      agent,
      Map.groupBy([...kept, ...taken], ({ measurement }) => measurement),
    );
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
