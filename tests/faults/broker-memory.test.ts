import { ConfigFile } from '@tongtang/agent/config-file';
import { readIdentity } from '@tongtang/agent/enrolment';
import type { InventoryDocument } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { topicOf } from '@tongtang/wire/topics';
import { connectAsync } from 'mqtt';
import { afterAll, expect, it, onTestFailed } from 'vitest';
import { agentsOf, codeFrom } from '../services/api.ts';
import { accountOf, everythingOnce, received, whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import { dataFolder, launch, startTestHub, type TestHub, tongtang } from '../services/tongtang.ts';

/**
 * A Mosquitto that is killed with -9 and starts again with nothing remembered: no retained configuration or status, no
 * session. Meanwhile the inventory changes, which the hub cannot tell anybody.
 */

const rounds = 2;
const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it('a broker that lost its memory: agents get their configuration again, and nothing is lost or doubled', async () => {
  const hubData = dataFolder();
  cleanUp.push(hubData.remove);
  const mosquitto = await startMosquittoForHub(hubData.path);
  cleanUp.push(() => mosquitto.stop());
  const hub = await startTestHub(hubData.path, {
    TONGTANG_BROKER: mosquitto.hubUrl,
    TONGTANG_AGENT_BROKER: mosquitto.url,
  });
  cleanUp.push(() => hub.process().stop());
  const agents = [await enrol(hub), await enrol(hub)];
  await mosquitto.writeFiles();
  const running = agents.map(({ data }) => launch(['agent', 'run'], { TONGTANG_DATA: data }));
  for (const agent of running) cleanUp.push(() => agent.stop());
  onTestFailed(() => {
    process.stderr.write([...running, hub.process()].map(({ output }) => `---\n${output()}`).join(''));
  });
  for (const { id } of agents) await whole(hub, id, 1);

  for (let round = 1; round <= rounds; round += 1) {
    const target = `front-end-${round}`;
    const before = await Promise.all(agents.map(({ id }) => received(hub, id)));
    await mosquitto.kill9();
    await importInventory(hubData.path, target);
    // Every agent has measured something meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    await mosquitto.startAgain();
    for (const [index, { id, data }] of agents.entries()) {
      await eventually(`${target} configured`, () => isConfigured(data, target), 30_000);
      await eventually('online', async () => ((await stateOf(hub, id)) === 'online' ? true : undefined));
      await whole(hub, id, (before[index] ?? 0) + 1);
      expect(await retainedConfig(data)).toContain(target);
    }
  }

  for (const agent of running) await agent.stop();
  for (const { id, data } of agents) {
    const account = await accountOf(hub, id, data);
    expect(account).toEqual(everythingOnce(account.made));
  }
}, 280_000);

async function enrol(hub: TestHub): Promise<{ id: string; data: string }> {
  const data = dataFolder();
  cleanUp.push(data.remove);
  const { output } = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: data.path,
  });
  return { id: /Enrolled as (\S+)\./.exec(output)?.[1] ?? '', data: data.path };
}

/** The inventory of a new hub, with a target that agents measure from now on. */
async function importInventory(data: string, target: string): Promise<void> {
  const document: InventoryDocument = {
    county: { id: 'local', name: { en: 'Local' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'school', name: { en: 'School' }, classrooms: [{ id: 'room-1' }] }],
    targets: [{ id: target, link: 'broadband', probe: 'tcp', address: '127.0.0.1:9', every: 10 }],
  };
  // JSON is YAML.
  const words = ['inventory', 'import', '-'];
  const { code, output } = await tongtang(words, { TONGTANG_DATA: data }, JSON.stringify(document));
  if (code !== 0) throw new Error(output);
}

/** Whether the agent uses a configuration with this target. */
function isConfigured(data: string, target: string): true | undefined {
  const { config } = new ConfigFile(data, createLog('error'));
  return config?.tasks.some((task) => task.target === target) ? true : undefined;
}

async function stateOf(hub: TestHub, agent: string): Promise<string | undefined> {
  return (await agentsOf(hub)).find(({ id }) => id === agent)?.state;
}

/** What the broker holds for an agent that connects: asked with its password, as only it may read that. */
async function retainedConfig(data: string): Promise<string> {
  const identity = readIdentity(data);
  if (identity === undefined) throw new Error(`${data} has no agent`);
  const { agent: username, password, mqtt } = identity;
  const client = await connectAsync({
    ...mqtt,
    clientId: 'onlooker',
    username,
    password,
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  const held = new Promise<string>((resolve) => {
    client.on('message', (_topic, payload) => resolve(String(payload)));
  });
  await client.subscribeAsync(topicOf(identity, 'config'));
  const config = await Promise.race([held, new Promise<string>((done) => setTimeout(done, 5000, 'nothing'))]);
  await client.endAsync();
  return config;
}
