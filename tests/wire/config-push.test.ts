import { observerAccess } from '@tongtang/hub/observer';
import type { InventoryDocument } from '@tongtang/model/inventory';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFrom } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { onlooker, startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import { adminToken, dataFolder, startTestHub, type TestHub, tongtang } from '../services/tongtang.ts';
import { HandMadeAgent } from './hand-made-agent.ts';

/** What people change reaches the agents that it concerns, and no other, while the hub runs; on either broker. */

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A broker with its hub: how it learns who is enrolled, and who may read all of it. */
type Setting = Readonly<{
  hub: TestHub;
  data: string;
  enrolled: () => Promise<void>;
  reader: () => Readonly<{ username: string; password: string }>;
  /** How often an agent that comes hears its configuration: retained, and again where the broker may have forgotten it. */
  welcomes: number;
}>;

async function embedded(): Promise<Setting> {
  const data = dataFolder();
  cleanUp.push(data.remove);
  const hub = await startTestHub(data.path);
  cleanUp.push(() => hub.process().stop());
  const reader = () => {
    const access = observerAccess(data.path);
    if (access === undefined) throw new Error('no observer');
    return access;
  };
  return { hub, data: data.path, enrolled: async () => {}, reader, welcomes: 1 };
}

async function mosquitto(): Promise<Setting> {
  const data = dataFolder();
  cleanUp.push(data.remove);
  const broker = await startMosquittoForHub(data.path);
  cleanUp.push(() => broker.stop());
  const settings = { TONGTANG_BROKER: broker.hubUrl, TONGTANG_AGENT_BROKER: broker.url };
  const hub = await startTestHub(data.path, settings);
  cleanUp.push(() => hub.process().stop());
  return { hub, data: data.path, enrolled: broker.writeFiles, reader: () => onlooker, welcomes: 2 };
}

/** The inventory with a target for each school, measured at these addresses. */
const inventoryWith = (north: string, south: string): InventoryDocument => ({
  county: { id: 'local', name: { en: 'Local' }, timezone: 'Asia/Shanghai' },
  schools: ['north', 'south'].map((id) => ({ id, name: { en: id }, classrooms: [{ id: 'room-1' }] })),
  targets: [
    { id: 'of-north', link: 'broadband', probe: 'tcp', address: north, schools: ['north'] },
    { id: 'of-south', link: 'broadband', probe: 'tcp', address: south, schools: ['south'] },
  ],
});

describe.each([
  ['the embedded broker', embedded],
  ['Mosquitto', mosquitto],
])('on %s', (_, open) => {
  let setting: Setting;
  let north: HandMadeAgent;
  let south: HandMadeAgent;

  beforeAll(async () => {
    setting = await open();
    await put(inventoryWith('192.0.2.1:80', '192.0.2.2:80'));
    north = await enrol('north');
    south = await enrol('south');
    await setting.enrolled();
    for (const agent of [north, south]) {
      await eventually('connected', async () => (await agent.connect()) && true);
      await agent.sayStatus({});
      await agent.next('commit');
      await eventually('its configuration', () => configs(agent).length >= setting.welcomes || undefined);
    }
  });

  const put = async (document: InventoryDocument): Promise<void> => {
    const answer = await fetch(`${setting.hub.url}/api/v1/inventory/local`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(document),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const enrol = async (school: string): Promise<HandMadeAgent> => {
    const code = await codeFrom(setting.hub, { county: 'local', school, classroom: 'room-1' });
    const agent = await HandMadeAgent.enrol(setting.hub, code);
    cleanUp.push(() => agent.end());
    return agent;
  };
  const configs = (agent: HandMadeAgent): string[] =>
    agent.heard.filter(({ channel }) => channel === 'config').map(({ payload }) => payload);
  /** What the broker holds on a topic now; empty where it holds nothing. */
  const retained = async (topic: string): Promise<string> => {
    const port = north.mqttPort;
    const client = await connectAsync({
      host: '127.0.0.1',
      port,
      protocolVersion: 4,
      ...setting.reader(),
      clientId: setting.reader().username,
      reconnectPeriod: 0,
    });
    let held = '';
    client.on('message', (_topic, payload, { retain }) => {
      if (retain) held = payload.toString();
    });
    await client.subscribeAsync(topic, { qos: 1 });
    // What is retained follows the acknowledgement at once, if there is anything.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await client.endAsync();
    return held;
  };

  /** What the broker holds of an agent: its configuration, and what it said of itself last. */
  const held = async (agent: HandMadeAgent): Promise<string[]> => [
    await retained(agent.topic('config')),
    await retained(agent.topic('status')),
  ];

  it.each([
    ['through the API', (document: InventoryDocument) => put(document)],
    [
      'by the command line',
      async (document: InventoryDocument) => {
        const words = ['inventory', 'import', '-'];
        const { code, output } = await tongtang(
          words,
          { TONGTANG_DATA: setting.data },
          JSON.stringify(document),
        );
        if (code !== 0) throw new Error(output);
      },
    ],
  ])(
    'a change of the inventory %s is pushed to whom it concerns',
    async (how, change) => {
      const address = how === 'through the API' ? '192.0.2.11:80' : '192.0.2.12:80';
      const told = configs(south).length;
      await change(inventoryWith(address, '192.0.2.2:80'));
      await eventually(
        'the new target',
        () => configs(north).some((text) => text.includes(address)) || undefined,
      );
      expect(await retained(north.topic('config'))).toContain(address);
      // What had gone to the other school, too, would have come by now: it is enrolled later, and told in one sweep.
      await south.sendLines([`dns,link=lan ok=true ${Math.floor(Date.now() / 1000)}`], '0utb0x00', 1);
      await south.next('commit');
      expect(configs(south).slice(told)).toEqual([]);
      expect(await retained(south.topic('config'))).toContain('192.0.2.2:80');
    },
    60_000,
  );

  it('M-3, S-7: what is retained of a revoked agent is gone, and that of others stays', async () => {
    expect(await held(north)).toEqual([
      expect.stringContaining('of-north'),
      expect.stringContaining('"online"'),
    ]);
    await revoke(north);
    await eventually('cleared', async () => (await held(north)).join('') === '' || undefined);
    await setting.enrolled();
    expect(await held(north)).toEqual(['', '']);
    expect(await held(south)).toEqual([
      expect.stringContaining('of-south'),
      expect.stringContaining('"online"'),
    ]);
  }, 60_000);

  it('S-7: so it is where no hub ran when the agent was revoked', async () => {
    expect(await retained(south.topic('config'))).toContain('of-south');
    await setting.hub.process().stop();
    await revoke(south);
    await setting.hub.start();
    await eventually('cleared', async () => (await held(south)).join('') === '' || undefined);
  }, 60_000);

  /** By the command line: the hub, if it runs, hears of it within a second. */
  async function revoke(agent: HandMadeAgent): Promise<void> {
    const { code, output } = await tongtang(['enrolment', 'revoke', agent.id], {
      TONGTANG_DATA: setting.data,
    });
    if (code !== 0) throw new Error(output);
  }
});
