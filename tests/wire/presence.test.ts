import { afterEach, describe, it } from 'vitest';
import { agentsOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import { dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';
import { HandMadeAgent } from './hand-made-agent.ts';

/** Presence over a restart of the hub, with a broker that remembers and with one that does not. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function startHub(settings: Readonly<Record<string, string>>, data: string): Promise<TestHub> {
  const hub = await startTestHub(data, settings);
  cleanUp.push(() => hub.process().stop());
  return hub;
}

function online(hub: TestHub, id: string): Promise<true> {
  return eventually('online', async () => {
    const agent = (await agentsOf(hub)).find((candidate) => candidate.id === id);
    return agent?.state === 'online' ? true : undefined;
  });
}

describe('presence', () => {
  it('S-6: is taken up from what a Mosquitto retained', async () => {
    const data = dataFolder();
    cleanUp.push(data.remove);
    const mosquitto = await startMosquittoForHub(data.path);
    cleanUp.push(() => mosquitto.stop());
    const hub = await startHub(
      { TONGTANG_BROKER: mosquitto.hubUrl, TONGTANG_AGENT_BROKER: mosquitto.url },
      data.path,
    );
    const agent = await HandMadeAgent.enrol(hub);
    await mosquitto.writeFiles();
    await eventually('let in', () => agent.connect(), 10_000, 300);
    cleanUp.push(() => agent.end());
    await agent.sayStatus({});
    await online(hub, agent.id);
    await hub.process().kill9();
    await hub.start();
    await online(hub, agent.id);
  }, 60_000);

  it('S-6: is taken up from what agents say again where nothing was retained', async () => {
    const data = dataFolder();
    cleanUp.push(data.remove);
    const hub = await startHub({}, data.path);
    const agent = await HandMadeAgent.enrol(hub);
    await agent.connect();
    cleanUp.push(() => agent.end());
    await agent.sayStatus({});
    await online(hub, agent.id);
    await hub.process().kill9();
    await hub.start();
    await agent.connect();
    await agent.sayStatus({});
    await online(hub, agent.id);
  }, 60_000);
});
