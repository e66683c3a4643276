import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { createLog } from '@tongtang/runtime/log';
import { type Address, topicOf } from '@tongtang/wire/topics';
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentDirectory, KnownAgent } from './access.ts';
import type { BrokerLimits } from './broker-limits.ts';
import { EmbeddedBroker } from './embedded.ts';
import { hashPassword, makePassword } from './password.ts';
import type { RefusalReason } from './refusals.ts';

const log = createLog('error');
const address: Address = { county: 'qilian', school: 'babao', agent: 'pc-1' };
const other: Address = { county: 'qilian', school: 'babao', agent: 'pc-2' };
const password = makePassword();
const otherPassword = makePassword();

class Directory {
  readonly known = new Map<string, KnownAgent>();
  #listener: Parameters<AgentDirectory['onChange']>[0] = () => {};

  agent(id: string): KnownAgent | undefined {
    return this.known.get(id);
  }

  onChange(listener: Parameters<AgentDirectory['onChange']>[0]): () => void {
    this.#listener = listener;
    return () => {};
  }

  revoke(id: string): void {
    this.known.delete(id);
    this.#listener({ agents: new Set([id]) });
  }
}

let directory: Directory;
let broker: EmbeddedBroker;
let port = 0;
const received: { topic: string; payload: string }[] = [];
const clients: { destroy(): unknown }[] = [];

async function start(limits: Partial<BrokerLimits> = {}): Promise<void> {
  broker = await EmbeddedBroker.open({
    agents: directory,
    log: createLog('error').child({}, { level: 'silent' }),
    limits,
  });
  await broker
    .link()
    .subscribe('tongtang/v1/#', (topic, payload) => received.push({ topic, payload: payload.toString() }));
  port = await broker.listen('127.0.0.1', 0);
}

async function restart(limits: Partial<BrokerLimits>): Promise<void> {
  await broker.close();
  await start(limits);
}

function settings(options: IClientOptions): IClientOptions {
  const own = { clientId: 'pc-1', username: 'pc-1', password };
  return { host: '127.0.0.1', port, ...own, protocolVersion: 4, reconnectPeriod: 0, ...options };
}

async function join(options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(settings(options));
  clients.push({ destroy: () => client.end(true) });
  client.on('error', (error) => log.debug(error.message));
  return client;
}

/** What an attempt to connect ended with. */
async function turnedAway(options: IClientOptions): Promise<string> {
  const client = connect(settings(options));
  let reason = 'closed without a word';
  client.on('connect', () => {
    reason = 'let in';
  });
  client.on('error', (error) => {
    reason = error.message;
  });
  await ended(client);
  return reason;
}

function ended(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}

function nextMessage(client: MqttClient): Promise<string> {
  return new Promise((resolve) => client.once('message', (_topic, payload) => resolve(payload.toString())));
}

function socket(): Socket {
  const stranger = connectSocket(port, '127.0.0.1');
  stranger.resume();
  stranger.on('error', (error) => log.debug(error.message));
  clients.push(stranger);
  return stranger;
}

async function refused(reason: RefusalReason, times = 1): Promise<void> {
  await vi.waitFor(() => expect(broker.counters().refusals[reason]).toBe(times));
}

beforeEach(async () => {
  directory = new Directory();
  directory.known.set('pc-1', { address, passwordHash: hashPassword(password) });
  directory.known.set('pc-2', { address: other, passwordHash: hashPassword(otherPassword) });
  received.length = 0;
  await start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await broker.close();
});

describe('embedded broker', () => {
  it('carries messages both ways and counts who is there', async () => {
    const agent = await join();
    await agent.subscribeAsync(topicOf(address, 'commit'), { qos: 1 });
    const answer = nextMessage(agent);
    await agent.publishAsync(topicOf(address, 'telemetry'), 'hello', { qos: 1 });
    await vi.waitFor(() =>
      expect(received).toEqual([{ topic: topicOf(address, 'telemetry'), payload: 'hello' }]),
    );
    await broker.link().publish(topicOf(address, 'commit'), 'stored');
    expect(await answer).toBe('stored');
    expect(broker.counters().connected).toBe(1);
  });

  it('hands a retained config to an agent that comes later', async () => {
    await broker.link().publish(topicOf(address, 'config'), 'settings', { retain: true });
    const agent = await join();
    const message = nextMessage(agent);
    await agent.subscribeAsync(topicOf(address, 'config'), { qos: 1 });
    expect(await message).toBe('settings');
  });

  it('lets nobody in without the right name and password', async () => {
    for (const wrong of [
      { password: 'guess' },
      { password: otherPassword },
      { username: 'pc-2' },
      { username: 'nobody', clientId: 'nobody' },
      { username: 'pc-2', clientId: 'pc-1', password: otherPassword },
    ])
      expect(await turnedAway(wrong)).toMatch(/Bad username or password/);
    const anonymous = socket();
    // CONNECT with a clean session, client id pc-1, no user name.
    anonymous.write(Buffer.from('101000044d5154540402003c000470632d31', 'hex'));
    await once(anonymous, 'close');
    await refused('credentials', 6);
    expect(broker.counters().connected).toBe(0);
  });

  it('refuses a session that it would have to keep', async () => {
    expect(await turnedAway({ clean: false })).toBe('closed without a word');
    await refused('session');
  });

  it("ends an agent that publishes to another's topic, and nothing of it arrives", async () => {
    const agent = await join();
    agent.publish(topicOf(other, 'telemetry'), 'stolen', { qos: 1 });
    await ended(agent);
    await refused('publish');
    expect(received).toEqual([]);
  });

  it('ends an agent that floods topics of its own invention at the first one', async () => {
    const agent = await join();
    // Fewer than the rate allows at once, which would end it too.
    for (let index = 0; index < 400; index += 1)
      agent.publish(`${topicOf(address, 'telemetry')}/${index}`, '');
    await ended(agent);
    await vi.waitFor(() => expect(broker.counters().refusals.publish).toBeGreaterThan(0));
    expect(received).toEqual([]);
  });

  it("answers subscriptions to others' topics, wildcards and shared ones with failure", async () => {
    const agent = await join();
    const filters = [
      topicOf(other, 'commit'),
      '#',
      `$share/g/${topicOf(address, 'commit')}`,
      'tongtang/v1/+/+/+/commit',
    ];
    for (const filter of filters) {
      const granted = await agent.subscribeAsync(filter, { qos: 1 }).catch((error: unknown) => String(error));
      expect(JSON.stringify(granted)).toMatch(/128|Unspecified/);
    }
    await refused('subscribe', filters.length);
    expect(agent.connected).toBe(true);
  });

  it('publishes a will to the own status and refuses any other', async () => {
    const dying = await join({
      will: { topic: topicOf(address, 'status'), payload: Buffer.from('dead'), qos: 1, retain: true },
    });
    dying.stream.destroy();
    await vi.waitFor(() =>
      expect(received).toEqual([{ topic: topicOf(address, 'status'), payload: 'dead' }]),
    );
    const will = {
      topic: topicOf(other, 'status'),
      payload: Buffer.from('dead'),
      qos: 1 as const,
      retain: true,
    };
    expect(await turnedAway({ will })).toBe('closed without a word');
    await refused('will');
  });

  it('refuses a 10 MB payload by its length, before any of it is in memory', async () => {
    const agent = await join();
    // PUBLISH with its length, and nothing of the payload yet.
    agent.stream.write(Buffer.from('3280808005', 'hex'));
    await ended(agent);
    await refused('size');
    expect(received).toEqual([]);
  });

  it('ends an agent that sends more than the rate', async () => {
    await restart({ packets: { perSecond: 1, burst: 20 } });
    const agent = await join();
    const quiet = await join({ clientId: 'pc-2', username: 'pc-2', password: otherPassword });
    for (let index = 0; index < 100; index += 1) agent.publish(topicOf(address, 'telemetry'), 'x');
    await ended(agent);
    await refused('rate');
    await quiet.publishAsync(topicOf(other, 'telemetry'), 'honest', { qos: 1 });
    await vi.waitFor(() => expect(received.at(-1)?.payload).toBe('honest'));
  });

  it('refuses QoS 2 and retained telemetry', async () => {
    const agent = await join();
    agent.publish(topicOf(address, 'telemetry'), 'x', { qos: 2 });
    await ended(agent);
    await refused('qos');
    const again = await join();
    again.publish(topicOf(address, 'telemetry'), 'x', { qos: 1, retain: true });
    await ended(again);
    await refused('retain');
  });

  it('gives silent strangers little time and few places, and agents still get in', async () => {
    await restart({ connectTimeoutMs: 300, strangersPerAddress: 3 });
    const strangers = [socket(), socket(), socket()];
    await Promise.all(strangers.map((stranger) => once(stranger, 'connect')));
    const fourth = socket();
    await once(fourth, 'close');
    await refused('connections');
    strangers[0]?.write(Buffer.from([0x10]));
    await Promise.all(strangers.map((stranger) => once(stranger, 'close')));
    await refused('connect-timeout', 3);
    expect((await join()).connected).toBe(true);
  });

  it('refuses a large packet from a stranger and what is no MQTT', async () => {
    const large = socket();
    large.write(Buffer.from([0x10, 0xff, 0xff, 0x03]));
    await once(large, 'close');
    await refused('size');
    const http = socket();
    http.write('GET / HTTP/1.1\r\n\r\n');
    await once(http, 'close');
    await refused('protocol');
  });

  it('lets an agent take over its own connection, and counts it', async () => {
    const first = await join();
    const gone = ended(first);
    const second = await join();
    await gone;
    await second.publishAsync(topicOf(address, 'telemetry'), 'still here', { qos: 1 });
    expect(broker.counters()).toMatchObject({ connected: 1, takeovers: 1 });
  });

  it('disconnects an agent when it is revoked, and lets it in no more', async () => {
    const agent = await join();
    await vi.waitFor(() => expect(broker.counters().connected).toBe(1));
    directory.revoke('pc-1');
    if (agent.connected) await ended(agent);
    await refused('revoked');
    expect(await turnedAway({})).toMatch(/Bad username or password/);
    expect(broker.counters().connected).toBe(0);
  });

  it('ends a client that does not read', async () => {
    await restart({ unreadBytes: 64 * 1024 });
    const agent = await join();
    await agent.subscribeAsync(topicOf(address, 'commit'), { qos: 1 });
    agent.stream.pause();
    const payload = Buffer.alloc(256 * 1024);
    for (let round = 0; round < 100 && broker.counters().refusals['slow-reader'] === 0; round += 1) {
      void broker.link().publish(topicOf(address, 'commit'), payload);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await refused('slow-reader');
  });

  it('does not report its own end as the death of its agents', async () => {
    await join({
      will: { topic: topicOf(address, 'status'), payload: Buffer.from('dead'), qos: 1, retain: true },
    });
    await broker.close();
    expect(received).toEqual([]);
    await start();
  });
});
