import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { parseListen } from '@tongtang/runtime/host-port';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { agentsOf, codeFrom, seriesOf } from '../services/api.ts';
import { accountOf, everythingOnce, received, whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { startInfluxd } from '../services/influxd.ts';
import { startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import { dataFolder, launch, startTestHub, type TestHub, tongtang } from '../services/tongtang.ts';

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

    await whole(hub, id, 5);
    const before = await received(hub, id);
    await hub.process().kill9();
    const killedS = Date.now() / 1000;
    await measuresWithout(hub);
    const startedS = Date.now() / 1000;
    await hub.start();
    await whole(hub, id, before + 1);
    // A stopping agent sends what it holds; then nothing more comes.
    await agent.stop();
    const counted = await accountOf(hub, id, agentData.path);
    expect(counted).toEqual(everythingOnce(counted.made));
    expect(counted.made).toBeGreaterThan(before);
    // What was measured while there was no hub is among them.
    const { times } = await seriesOf(hub, { measurement: 'stamp', field: 'ok', agent: id, from: '-1h' });
    expect(times.some((time) => time >= killedS - 1 && time <= startedS)).toBe(true);
  }, 150_000);
});

/** Until the agent of a hub that is away measures the way to it: its first packet to the hub's reflector comes here. */
async function measuresWithout(hub: TestHub): Promise<void> {
  const { host, port } = parseListen(hub.environment.TONGTANG_STAMP ?? '');
  const reflector = createSocket('udp4').bind(port, host);
  try {
    await once(reflector, 'message', { signal: AbortSignal.timeout(60_000) });
  } finally {
    reflector.close();
  }
}

async function online(hub: TestHub): Promise<string | undefined> {
  return (await agentsOf(hub)).find(({ state }) => state === 'online')?.id;
}
