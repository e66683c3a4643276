import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { topicOf } from '@tongtang/wire/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type MosquittoConfig,
  type RunningMosquitto,
  startMosquitto,
} from '../../../tests/services/mosquitto.ts';
import { openExternalBroker } from './external.ts';
import type { BrokerLink } from './link.ts';
import { mosquittoFiles, writeMosquittoFiles } from './mosquitto-files.ts';
import { hashPassword, makePassword } from './password.ts';
import { matches } from './topic-filter.ts';

const log = createLog('error').child({}, { level: 'silent' });
const hubPassword = makePassword();
const agents = ['pc-1', 'pc-2', 'pc-3'].map((agent) => ({
  address: { county: agent === 'pc-3' ? 'menyuan' : 'qilian', school: 'babao', agent },
  password: makePassword(),
}));
const [one, two, far] = agents;
if (one === undefined || two === undefined || far === undefined) throw new Error('three agents');

let folder = '';
let config: MosquittoConfig;
let daemon: RunningMosquitto;
let hub: BrokerLink;
let heard: string[];
const clients: MqttClient[] = [];

async function writeFiles(enrolled: typeof agents): Promise<MosquittoConfig> {
  const files = mosquittoFiles(
    enrolled.map(({ address, password }) => ({ address, passwordHash: hashPassword(password) })),
    { name: 'hub', passwordHash: hashPassword(hubPassword), counties: ['qilian'] },
  );
  const [passwordFile, aclFile] = await writeMosquittoFiles(folder, files);
  return { passwordFile, aclFile };
}

async function connectAgent({ address, password }: (typeof agents)[number]): Promise<MqttClient> {
  const { agent } = address;
  const client = await connectAsync({
    host: '127.0.0.1',
    port: daemon.port,
    clientId: agent,
    username: agent,
    password,
    reconnectPeriod: 0,
  });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tongtang-broker-'));
  config = await writeFiles(agents);
  daemon = await startMosquitto(config);
  heard = [];
  hub = openExternalBroker(`mqtt://hub:${hubPassword}@127.0.0.1:${daemon.port}`, log, 'tongtang-hub');
  await hub.subscribe('tongtang/v1/+/+/+/telemetry', (_topic, payload) => heard.push(payload.toString()));
  await vi.waitFor(() => expect(hub.connected()).toBe(true));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  await hub.close();
  await daemon.stop();
  await rm(folder, { recursive: true });
});

describe('a real Mosquitto with our password and access files', () => {
  it('lets an agent in with its password and carries messages both ways', async () => {
    const agent = await connectAgent(one);
    await agent.subscribeAsync(topicOf(one.address, 'commit'), { qos: 1 });
    const answer = new Promise((resolve) =>
      agent.once('message', (_topic, payload) => resolve(payload.toString())),
    );
    // The hub subscribes by itself when it connects; publish until it has.
    await vi.waitFor(async () => {
      await agent.publishAsync(topicOf(one.address, 'telemetry'), 'measured', { qos: 1 });
      expect(heard).toContain('measured');
    });
    await hub.publish(topicOf(one.address, 'commit'), 'stored');
    expect(await answer).toBe('stored');
  });

  it('keeps a wrong password out', async () => {
    await expect(connectAgent({ ...one, password: two.password })).rejects.toThrow(/[Nn]ot authorized/);
  });

  it("gives an agent nothing of another's topics and takes nothing for them", async () => {
    const thief = await connectAgent(two);
    const stolen: string[] = [];
    thief.on('message', (topic) => stolen.push(topic));
    await thief
      .subscribeAsync(['#', topicOf(one.address, 'commit')], { qos: 1 })
      .catch((error: unknown) => error);
    thief.publish(topicOf(one.address, 'telemetry'), 'forged', { qos: 1 });
    await hub.publish(topicOf(one.address, 'commit'), 'secret');
    await hub.publish(topicOf(two.address, 'commit'), 'own');
    await vi.waitFor(async () => {
      await thief.publishAsync(topicOf(two.address, 'telemetry'), 'honest', { qos: 1 });
      expect(heard).toContain('honest');
    });
    expect(heard).not.toContain('forged');
    expect(new Set(stolen)).toEqual(new Set([topicOf(two.address, 'commit')]));
  });

  it('lets the hub read the agents of its own counties only', async () => {
    const elsewhere = await connectAgent(far);
    await elsewhere.publishAsync(topicOf(far.address, 'telemetry'), 'other county', { qos: 1 });
    const near = await connectAgent(one);
    await vi.waitFor(async () => {
      await near.publishAsync(topicOf(one.address, 'telemetry'), 'own county', { qos: 1 });
      expect(heard).toContain('own county');
    });
    expect(heard).not.toContain('other county');
  });

  it('knows an agent that was enrolled later once it has read its files again', async () => {
    const later = { address: { ...one.address, agent: 'pc-9' }, password: makePassword() };
    await expect(connectAgent(later)).rejects.toThrow();
    await writeFiles([...agents, later]);
    daemon.reload();
    await vi.waitFor(() => connectAgent(later), { timeout: 5000, interval: 100 });
  });

  it('has files that only their owner and group read', async () => {
    for (const file of ['passwd', 'acl']) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o640);
  });
});

describe('link to an external broker', () => {
  it('rejects at once while the broker is away, and hears again after it came back without its memory', async () => {
    await daemon.kill9();
    await vi.waitFor(() => expect(hub.connected()).toBe(false));
    const connects = vi.fn();
    hub.onConnect(connects);
    expect(connects).not.toHaveBeenCalled();
    await expect(hub.publish(topicOf(one.address, 'commit'), 'x')).rejects.toThrow(/not connected/);
    daemon = await startMosquitto({ ...config, port: daemon.port });
    await vi.waitFor(() => expect(hub.connected()).toBe(true), { timeout: 10_000, interval: 100 });
    expect(connects).toHaveBeenCalledTimes(1);
    const agent = await connectAgent(one);
    await vi.waitFor(async () => {
      await agent.publishAsync(topicOf(one.address, 'telemetry'), 'after', { qos: 1 });
      expect(heard).toContain('after');
    });
  });

  it('matches filters as MQTT does', () => {
    const topic = 'tongtang/v1/a/b/c/status';
    for (const filter of [topic, '#', 'tongtang/#', 'tongtang/v1/+/+/+/status', `${topic}/#`])
      expect(matches(filter, topic)).toBe(true);
    for (const filter of ['tongtang/v1/+/+/status', 'tongtang', 'tongtang/v1/+/+/+/telemetry', `${topic}/+`])
      expect(matches(filter, topic)).toBe(false);
  });
});
