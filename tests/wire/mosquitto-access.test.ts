import type { Channel } from '@tongtang/wire/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import { dataFolder, startTestHub } from '../services/tongtang.ts';
import { HandMadeAgent } from './hand-made-agent.ts';

/**
 * T-5 on a Mosquitto whose files `tongtang broker mosquitto-files` made, between a hub and two agents: what the hub says
 * to one is out of the other's reach. Mosquitto grants any subscription and delivers only what the list allows.
 */

const downward = ['commit', 'config', 'command'] as const satisfies readonly Channel[];

const forged = '{"word":"forged"}';

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

let speaker: MqttClient;
let agent: HandMadeAgent;
let thief: HandMadeAgent;

beforeAll(async () => {
  const data = dataFolder();
  cleanUp.push(data.remove);
  const mosquitto = await startMosquittoForHub(data.path);
  cleanUp.push(() => mosquitto.stop());
  const hub = await startTestHub(data.path, {
    TONGTANG_BROKER: mosquitto.hubUrl,
    TONGTANG_AGENT_BROKER: mosquitto.url,
  });
  cleanUp.push(() => hub.process().stop());
  [agent, thief] = [await HandMadeAgent.enrol(hub), await HandMadeAgent.enrol(hub)];
  await mosquitto.writeFiles();
  for (const one of [agent, thief]) {
    await eventually('connected', async () => (await one.connect()) && true);
    cleanUp.push(() => one.end());
  }
  speaker = await connectAsync(mosquitto.hubUrl, { protocolVersion: 4, reconnectPeriod: 0 });
  cleanUp.push(() => speaker.endAsync());
});

/** Says something in the hub's name on each downward channel of the agent, and waits until it was heard there. */
async function hubSpeaks(word: string): Promise<void> {
  for (const channel of downward)
    await speaker.publishAsync(agent.topic(channel), `{"word":"${word}"}`, {
      qos: 1,
      retain: channel === 'config',
    });
  const heard = (channel: Channel): boolean =>
    agent.heard.some((message) => message.channel === channel && message.payload.includes(word));
  await eventually('all three', () => downward.every(heard) || undefined);
}

describe('an agent on Mosquitto', () => {
  it.each([
    ['full names', () => downward.map((channel) => agent.topic(channel))],
    ['a name for everything', () => ['#']],
    ['wildcards', () => downward.map((channel) => `tongtang/v1/+/+/+/${channel}`)],
    ['shared subscriptions', () => downward.map((channel) => `$share/all/tongtang/v1/+/+/+/${channel}`)],
  ])("hears nothing of another's by %s, what is retained included; its own comes", async (name, filters) => {
    await hubSpeaks(`before ${name}`);
    const topics: string[] = [];
    const note = (topic: string): void => void topics.push(topic);
    thief.client.on('message', note);
    await thief.client.subscribeAsync(filters(), { qos: 1 }).catch(() => {});
    await hubSpeaks(`after ${name}`);
    await thief.sayStatus({});
    await eventually('its own commit', () => topics.includes(thief.topic('commit')) || undefined);
    thief.client.off('message', note);
    const own = downward.map((channel) => thief.topic(channel));
    expect(topics.filter((topic) => !own.includes(topic))).toEqual([]);
    await thief.client.unsubscribeAsync(filters());
    await thief.client.subscribeAsync(own, { qos: 1 });
  });

  it.each(downward)('cannot say %s to another, nor leave it there', async (channel) => {
    for (const retain of [false, true])
      await thief.client.publishAsync(agent.topic(channel), forged, { qos: 1, retain }).catch(() => {});
    await hubSpeaks(`after a forged ${channel}`);
    agent.end();
    await agent.connect();
    await eventually('what is retained', () => agent.heard.some(({ retain }) => retain) || undefined);
    expect(agent.heard.map(({ payload }) => payload)).not.toContain(forged);
  });
});
