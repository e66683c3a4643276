import type { Place } from '@tongtang/model/catalogue';
import { afterEach, expect } from 'vitest';
import { base, hour, samplesOf } from './plain-answers.contract.ts';
import type { SeriesQuery, TelemetryStore } from './telemetry.ts';

/** Hub time, to be moved by a test. */
export type Clock = { nowS: number };

/** One implementation: opens the store of a name, the same data for the same name. */
export type Subject = Readonly<{ open: (name: string, clock: Clock) => Promise<TelemetryStore> }>;

export const place: Place = {
  county: 'qilian',
  cluster: 'east',
  school: 'no2-primary',
  classroom: 'c1',
  agent: 'agent-1',
};

/** A store that a test has opened. */
export type Started = {
  store: TelemetryStore;
  clock: Clock;
  /** Closes it and opens it again. */
  again: () => Promise<TelemetryStore>;
};

let names = 0;

/** Gives a test a store without data each time it is called, and closes all of them after the test. */
export function starter(subject: () => Subject): () => Promise<Started> {
  let opened: TelemetryStore[] = [];
  afterEach(async () => {
    for (const store of opened) await store.close();
    opened = [];
  });

  return async () => {
    names += 1;
    const name = `t${process.pid}_${names}`;
    const clock = { nowS: Date.now() / 1000 };
    const open = async (): Promise<TelemetryStore> => {
      const store = await subject().open(name, clock);
      opened.push(store);
      return store;
    };
    const store = await open();
    const again = async (): Promise<TelemetryStore> => {
      await store.close();
      opened = opened.filter((one) => one !== store);
      return open();
    };
    return { store, clock, again };
  };
}

/** Writes lines as samples of {@link place}, all of which the store must take. */
export async function write(store: TelemetryStore, ...lines: readonly string[]): Promise<void> {
  expect(await store.write([{ place, samples: samplesOf(...lines) }])).toEqual({ refused: [] });
}

/** A query of `ping` over all that a test has written. */
export function query(field: string, more: Partial<SeriesQuery> = {}): SeriesQuery {
  return { measurement: 'ping', field, tags: {}, from: base - 86_400, to: hour + 3600, agg: 'mean', ...more };
}

/** The points of the only series, as pairs of time and value. */
export async function raw(store: TelemetryStore, measurement: string, field: string): Promise<unknown[]> {
  const { times, series } = await store.series(query(field, { measurement }));
  expect(series.length).toBeLessThan(2);
  return times.map((time, index) => [time, series[0]?.values[index]]);
}
