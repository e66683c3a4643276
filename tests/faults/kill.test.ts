import { join } from 'node:path';
import { generator } from '@tongtang/wire/report.fixture';
import { afterAll, describe, expect, it, onTestFailed } from 'vitest';
import { codeFrom } from '../services/api.ts';
import { accountOf, everythingOnce, madeIn, whole } from '../services/delivery.ts';
import { startInfluxd } from '../services/influxd.ts';
import { startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import {
  ampleBytes,
  dataFolder,
  type RunningProcess,
  runProgram,
  startTestHub,
  tongtang,
} from '../services/tongtang.ts';

/**
 * Agent, hub, InfluxDB and Mosquitto are killed with -9 at random moments, one or two at a time, while an agent
 * measures. In the end each number that its outbox ever gave is in the ledger and is one point in InfluxDB: what the outbox gave
 * is read from its file, not taken from what agent or hub say, so that a tail that nobody stored is missed too. Another run
 * has other moments; a failure names the seed that brings its order back: `KILL_SEED=… vitest`.
 */

const rounds = 50;
const seed = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 1e9));
const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

type Victim = Readonly<{ name: string; kill9: () => Promise<void>; start: () => Promise<void> }>;

describe('kill -9', () => {
  it(`of agent, hub, InfluxDB and Mosquitto, ${rounds} times: no sample lost, none doubled`, async () => {
    onTestFailed(() => {
      process.stderr.write(`KILL_SEED=${seed}\n`);
    });
    const random = generator(seed);
    const { hub, agent, id, agentData, victims } = await startAll();
    const killed = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
      await pause(random() * 3000);
      const first = victims[Math.floor(random() * victims.length)];
      const second = random() < 0.3 ? victims[Math.floor(random() * victims.length)] : undefined;
      const dead = victims.filter((victim) => victim === first || victim === second);
      await Promise.all(dead.map((victim) => victim.kill9()));
      await pause(random() * 1000);
      for (const victim of dead) await victim.start();
      for (const { name } of dead) killed.set(name, (killed.get(name) ?? 0) + 1);
    }
    for (const { name } of victims) expect(killed.get(name), name).toBeGreaterThan(2);

    await agent().stop();
    const madeSoFar = madeIn(agentData);
    await victims.find(({ name }) => name === 'agent')?.start();
    // Not by what the agent says of itself: that is written now and then, and something waits for its commit most of the time.
    await whole(hub, id, madeSoFar, 120_000);
    await agent().stop();
    // A killed agent begins no new outbox within one boot of the machine.
    const counted = await accountOf(hub, id, agentData);
    expect(counted).toEqual(everythingOnce(counted.made));
    // What a killed agent had in memory was never promised, and it waits longer after each lost session.
    expect(counted.made).toBeGreaterThan(rounds * 4);
  }, 900_000);
});

async function startAll() {
  const [hubData, agentData] = [dataFolder(), dataFolder()];
  cleanUp.push(hubData.remove, agentData.remove);
  const influx = await startInfluxd();
  cleanUp.push(() => influx.stop());
  const mosquitto = await startMosquittoForHub(hubData.path);
  cleanUp.push(() => mosquitto.stop());
  const hub = await startTestHub(hubData.path, {
    TONGTANG_STORE: `${influx.url}/tongtang`,
    TONGTANG_BROKER: mosquitto.hubUrl,
    TONGTANG_AGENT_BROKER: mosquitto.url,
    ...ampleBytes,
  });
  cleanUp.push(() => hub.process().stop());
  const enrolment = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: agentData.path,
  });
  const id = /Enrolled as (\S+)\./.exec(enrolment.output)?.[1] ?? '';
  await mosquitto.writeFiles();

  let run = 0;
  const start = (): RunningProcess => {
    run += 1;
    return runProgram(join(import.meta.dirname, 'busy-agent.ts'), [agentData.path, String(run)]);
  };
  let agent = start();
  cleanUp.push(() => agent.stop());
  const victims: readonly Victim[] = [
    { name: 'InfluxDB', kill9: influx.kill9, start: influx.startAgain },
    { name: 'Mosquitto', kill9: mosquitto.kill9, start: mosquitto.startAgain },
    { name: 'hub', kill9: () => hub.process().kill9(), start: hub.start },
    {
      name: 'agent',
      kill9: () => agent.kill9(),
      start: async () => {
        agent = start();
      },
    },
  ];
  return { hub, id, agentData: agentData.path, agent: () => agent, victims };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
