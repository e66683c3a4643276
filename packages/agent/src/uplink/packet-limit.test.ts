import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { testTopic, UplinkAtWork } from '../testing/uplink-at-work.ts';

const megabyte = 1024 * 1024;
const connack = Buffer.from([0x20, 2, 0, 0]);
/** The three subscriptions of an agent, granted; the id is that of its first packet with one. */
const suback = (id: Buffer) => Buffer.from([0x90, 5, ...id, 0, 1, 1]);
/** PUBLISH, QoS 0, with a remaining length of 268,435,455: the longest that there is. */
const hugePublish = Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x61]);

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A broker of raw bytes: lets an agent in, and then does what the test says. */
async function rawBroker(
  act: (socket: Socket) => void,
  grants = true,
): Promise<{ port: number; sessions: () => number }> {
  let sessions = 0;
  const server: Server = createServer((socket) => {
    sessions += 1;
    socket.on('error', () => socket.destroy());
    cleanUp.push(() => socket.destroy());
    socket.once('data', () => {
      socket.write(connack);
      socket.once('data', (subscribe) => {
        if (grants) socket.write(suback(subscribe.subarray(2, 4)));
        act(socket);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { port: address.port, sessions: () => sessions };
}

function agentOf(port: number): UplinkAtWork {
  const work = new UplinkAtWork(port, 'any');
  cleanUp.push(() => work.remove());
  work.uplink.start();
  return work;
}

/** Sends without end, as fast as it is taken; counts. */
function flood(socket: Socket, sent: (bytes: number) => void): void {
  const chunk = Buffer.alloc(64 * 1024, 0x61);
  const more = (): void => {
    while (!socket.destroyed) {
      sent(chunk.length);
      if (!socket.write(chunk)) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
}

describe('a broker that sends a packet without end', () => {
  it.each([
    { when: 'to an agent with a session', grants: true },
    { when: 'before the subscriptions stand', grants: false },
  ])(
    'is left after a megabyte, $when, and the agent says why',
    async ({ grants }) => {
      let sent = 0;
      let closed = false;
      const broker = await rawBroker((socket) => {
        socket.on('close', () => {
          closed = true;
        });
        socket.write(hugePublish);
        flood(socket, (bytes) => {
          sent += bytes;
        });
      }, grants);
      const before = process.memoryUsage().arrayBuffers;
      const work = agentOf(broker.port);
      await eventually(() => closed, 'the agent left', 10_000);
      expect(work.uplink.trouble).toBe('the broker sends more than an agent takes');
      expect(work.uplink.connected).toBe(false);
      // What the sockets of both sides hold is part of it.
      expect(sent).toBeLessThan(16 * megabyte);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(24 * megabyte);
      await eventually(() => broker.sessions() > 1, 'the agent tries again', 10_000);
    },
    30_000,
  );
});

describe('a broker that sends much, and no packet too long', () => {
  it('is heard: a long configuration in small pieces, and many packets in one', async () => {
    const tasks = Array.from({ length: 450 }, (_, n) => ({
      probe: 'http',
      link: 'platform',
      target: `t${n}`,
      address: `https://example.cn/${'x'.repeat(450)}`,
      every: 60,
    }));
    const config = { revision: 'long', tasks, lessons: [], dictionaries: [], bytesPerDay: 1_200_000 };
    const publish = publishOf(`${testTopic}/config`, JSON.stringify(config));
    const short = publishOf(`${testTopic}/config`, '{}');
    const broker = await rawBroker((socket) => {
      for (let round = 0; round < 5; round += 1) socket.write(Buffer.concat(Array(5000).fill(short)));
      for (let at = 0; at < publish.length; at += 1000) socket.write(publish.subarray(at, at + 1000));
    });
    const work = agentOf(broker.port);
    await eventually(() => work.configs.length === 1, 'the configuration', 15_000);
    expect(work.uplink.oddities.unreadable).toBe(25_000);
    expect(work.uplink.connected).toBe(true);
    expect(broker.sessions()).toBe(1);
  }, 30_000);
});

/** A PUBLISH with QoS 0 as bytes (MQTT 3.1.1, section 3.3). */
function publishOf(topic: string, payload: string): Buffer {
  const name = Buffer.from(topic);
  const body = Buffer.concat([
    Buffer.from([name.length >> 8, name.length & 0xff]),
    name,
    Buffer.from(payload),
  ]);
  const length: number[] = [];
  for (let rest = body.length; ; rest >>= 7) {
    if (rest < 128) {
      length.push(rest);
      break;
    }
    length.push((rest & 0x7f) | 0x80);
  }
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
}
