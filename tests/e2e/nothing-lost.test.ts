import { catalogue } from '@tongtang/model/catalogue';
import { count } from '@tongtang/wire/ranges';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { agentsOf, codeFrom, ledgerOf, seriesOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { startInfluxd } from '../services/influxd.ts';
import { startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import {
  dataFolder,
  launch,
  type RunningProcess,
  startTestHub,
  type TestHub,
  tongtang,
} from '../services/tongtang.ts';

/**
 * The main job with real processes: hub, agent, store and broker as an operator runs them. Each sample has its own
 * key, so as many points as sequence numbers means that none is lost and none is doubled.
 */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

type Surroundings = (
  data: string,
) => Promise<{ settings: Record<string, string>; enrolled?: () => Promise<void> }>;

const variants: readonly (readonly [name: string, surroundings: Surroundings])[] = [
  ['SQLite and the embedded broker', async () => ({ settings: {} })],
  [
    'InfluxDB and the embedded broker',
    async () => {
      const influx = await startInfluxd();
      cleanUp.push(() => influx.stop());
      return { settings: { TONGTANG_STORE: `${influx.url}/tongtang` } };
    },
  ],
  [
    'InfluxDB and Mosquitto',
    async (data) => {
      const influx = await startInfluxd();
      const mosquitto = await startMosquittoForHub(data);
      cleanUp.push(
        () => influx.stop(),
        () => mosquitto.stop(),
      );
      return {
        settings: {
          TONGTANG_STORE: `${influx.url}/tongtang`,
          TONGTANG_BROKER: mosquitto.hubUrl,
          TONGTANG_AGENT_BROKER: mosquitto.url,
        },
        enrolled: mosquitto.writeFiles,
      };
    },
  ],
];

describe.each(variants)('with %s', (_, surroundings) => {
  it('an agent enrolled by code is seen within 15 s, and a hub killed with -9 loses and doubles nothing', async () => {
    const hubData = dataFolder();
    const agentData = dataFolder();
    cleanUp.push(hubData.remove, agentData.remove);
    const { settings, enrolled } = await surroundings(hubData.path);
    const hub = await startTestHub(hubData.path, settings);
    cleanUp.push(() => hub.process().stop());

    const enrolment = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
      TONGTANG_DATA: agentData.path,
    });
    expect(enrolment.output).toContain('Enrolled as ');
    await enrolled?.();
    const agent = launch(['agent', 'run'], { TONGTANG_DATA: agentData.path });
    cleanUp.push(() => agent.stop());
    onTestFailed(() => {
      process.stderr.write(`--- agent\n${agent.output()}--- hub\n${hub.process().output()}`);
    });
    const id = await eventually('agent online', () => online(hub), 15_000);

    await received(hub, id, 5);
    await hub.process().kill9();
    // Long enough for samples to gather on the agent, and for it to notice.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    await hub.start();
    await eventually('agent online again', () => online(hub), 40_000);
    await stopAndSettle(hub, agent, id);

    const ledger = await ledgerOf(hub, id);
    expect(ledger.outboxes).toHaveLength(1);
    expect(ledger.outboxes.map(({ missing }) => missing)).toEqual([[]]);
    const sequences = ledger.outboxes.reduce((total, { received }) => total + count(received), 0);
    expect(await storedPoints(hub, id)).toBe(sequences);
  }, 150_000);
});

async function online(hub: TestHub): Promise<string | undefined> {
  return (await agentsOf(hub)).find(({ state }) => state === 'online')?.id;
}

function received(hub: TestHub, agent: string, samples: number): Promise<true> {
  return eventually(
    `${samples} samples in the ledger`,
    async () => {
      const { outboxes } = await ledgerOf(hub, agent);
      return outboxes.some((outbox) => count(outbox.received) >= samples) ? true : undefined;
    },
    90_000,
    500,
  );
}

/** A stopping agent sends what it holds; then nothing more comes. */
async function stopAndSettle(hub: TestHub, agent: RunningProcess, id: string): Promise<void> {
  await agent.stop();
  let before = -1;
  await eventually(
    'nothing more to come',
    async () => {
      const { outboxes } = await ledgerOf(hub, id);
      const now = outboxes.reduce((total, outbox) => total + count(outbox.received), 0);
      const settled = now === before && outboxes.every(({ missing }) => missing.length === 0);
      before = now;
      return settled ? true : undefined;
    },
    20_000,
    1000,
  );
}

/** All points of an agent, by the one field that every sample of its measurement has. */
async function storedPoints(hub: TestHub, agent: string): Promise<number> {
  let points = 0;
  for (const [measurement, { fields }] of Object.entries(catalogue)) {
    const field =
      'ok' in fields ? 'ok' : { host: 'uptime_s', interface: 'up', agent: 'resident_bytes' }[measurement];
    if (field === undefined) throw new Error(`which field does every ${measurement} have?`);
    const { series } = await seriesOf(hub, { measurement, field, agent, from: '-1h' });
    for (const { values } of series) points += values.filter((value) => value !== null).length;
  }
  return points;
}
