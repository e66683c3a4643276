import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Influxd, startInfluxd } from '../../../../tests/services/influxd.ts';
import type { Layer } from '../contents.ts';
import { ping, samplesOf } from '../plain-answers.contract.ts';
import { place } from '../store-in-test.contract.ts';
import { retention, type TelemetryStore } from '../telemetry.ts';
import { parseInfluxLocation } from './location.ts';
import { openInfluxStore } from './store.ts';

/**
 * A real InfluxDB knows only the real time, and a Go program cannot be told another one. So it is the hub's clock that lies back here, and
 * samples have the hub's times: seen from the hub, InfluxDB's clock is that much ahead.
 */
const dayS = 86_400;
const log = createLog('error');
const folder = mkdtempSync(join(tmpdir(), 'tongtang-wrong-clock-'));
let influxd: Influxd;
let names = 0;
let name: string;
let store: TelemetryStore | undefined;
/** The hub's clock, in seconds. */
let now: number;
beforeAll(async () => {
  influxd = await startInfluxd({ inMemory: true });
});
afterAll(() => influxd.stop());
beforeEach(() => {
  vi.spyOn(log, 'error').mockReturnValue();
});
afterEach(async () => {
  await store?.close();
  vi.restoreAllMocks();
});

/** A store whose InfluxDB is so many days ahead of its hub. */
async function ahead(days: number): Promise<TelemetryStore> {
  names += 1;
  name = `ahead_${names}`;
  now = Math.floor(Date.now() / 1000) - days * dayS;
  store = openInfluxStore(parseInfluxLocation(`${influxd.url}/${name}`), {
    journal: join(folder, `${name}.db`),
    log,
    nowS: () => now,
  });
  await store.check();
  return store;
}

/** From now on InfluxDB refuses nothing for its time: as if its clock had been set right. */
async function setRight(policy: Layer): Promise<void> {
  const q = `ALTER RETENTION POLICY ${policy} ON ${name} DURATION INF`;
  const answer = await fetch(`${influxd.url}/query?${new URLSearchParams({ q })}`, { method: 'POST' });
  expect(await answer.json()).toEqual({ results: [{ statement_id: 0 }] });
}

/** Samples of so many seconds ago, by the hub's clock. */
const of = (...ages: readonly number[]) => [
  { place, samples: samplesOf(...ages.map((age) => ping(now - age, 'sent=1i'))) },
];

/** How long ago, by the hub's clock, what is stored was measured. */
async function agesIn(opened: TelemetryStore, layer: Layer = 'raw'): Promise<number[]> {
  const ages: number[] = [];
  for await (const { rows } of opened.contents(layer, 'ping', { from: 0, to: now + dayS }))
    ages.push(...rows.map(({ time }) => now - time));
  return ages;
}

describe('an InfluxDB that is 40 days ahead of its hub', () => {
  it('takes nothing, so nothing counts as stored or as refused for good, until its clock is right', async () => {
    const opened = await ahead(40);
    const batch = of(3600, 60, 0);
    await expect(opened.write(batch)).rejects.toThrow(/refuses .* as past its retention/);
    await expect(opened.write(batch)).rejects.toThrow(/refuses .* as past its retention/);
    await setRight('raw');
    expect(await opened.write(batch)).toEqual({ refused: [] });
    expect(await agesIn(opened)).toEqual([3600, 60, 0]);
  });

  it('is said once, with both clocks and what to do, and again when it comes again', async () => {
    const opened = await ahead(40);
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(opened.write(of(0))).rejects.toThrow();
      now += 600;
    }
    const [hub, refused] = [now - 1800, now - 1800].map((seconds) => new Date(seconds * 1000).toISOString());
    expect(vi.mocked(log.error).mock.calls).toEqual([
      [
        { policy: 'raw', refused, hub, influxdb: expect.stringMatching(/ GMT$/) },
        expect.stringMatching(/set the clock of InfluxDB’s machine right/),
      ],
    ]);
    now += 4000;
    await expect(opened.write(of(0))).rejects.toThrow();
    expect(log.error).toHaveBeenCalledTimes(2);
  });

  it('cannot be written: a check says so, and no more when it is right', async () => {
    const opened = await ahead(40);
    await expect(opened.write(of(0))).rejects.toThrow();
    await expect(opened.check()).rejects.toThrow(/as past its retention/);
    await setRight('raw');
    now += 61;
    await expect(opened.check()).resolves.toBeUndefined();
  });
});

describe('an InfluxDB that is some days ahead of its hub', () => {
  it('one: is believed of what is near the end of its retention, and the rest is stored', async () => {
    const opened = await ahead(1);
    const nearlyOver = retention.rawS - dayS / 2;
    const { refused } = await opened.write(of(nearlyOver, 3600, 0));
    expect(refused.map(({ line }) => line)).toEqual([ping(now - nearlyOver, 'sent=1i')]);
    expect(await agesIn(opened)).toEqual([3600, 0]);
    expect(log.error).not.toHaveBeenCalled();
  });

  it('ten: a backlog that has days to go by the hub’s clock is kept by its agent; others are not held up', async () => {
    const opened = await ahead(10);
    const backlog = of(25 * dayS, 0);
    await expect(opened.write(backlog)).rejects.toThrow(/as past its retention/);
    await expect(opened.check()).resolves.toBeUndefined();
    expect(await opened.write(of(19 * dayS, 60))).toEqual({ refused: [] });
    // When it is old, nobody would have it any more.
    now += 4 * dayS;
    expect((await opened.write(of(29 * dayS, 0))).refused).toHaveLength(1);
  });
});

describe('an InfluxDB that is years ahead of its hub', () => {
  it('refuses minutes too: they are made again when its clock is right', async () => {
    const opened = await ahead(800);
    await setRight('raw');
    const began = now;
    await opened.write(of(0));
    now += 1800;
    await expect(opened.maintain(now)).rejects.toThrow(/as past its retention/);
    await setRight('minute');
    await opened.maintain(now);
    expect(await agesIn(opened, 'minute')).toEqual([now - (began - (began % 60))]);
  });
});
