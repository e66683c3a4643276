import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { steadyUnixMs } from './clock.ts';
import { SharedCounters } from './counters.ts';
import { decodeRequest, encodeReply } from './packet.ts';
import { stamp } from './probe.ts';
import { type Fate, startRelay } from './relay.fixture.ts';
import { listen } from './session-reflector.ts';
import { ntpFromUnixMs } from './timestamp.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** In this thread, with a clock that can be wrong. */
async function reflector(unixMs?: () => number, host = '127.0.0.1'): Promise<number> {
  const fail = (error: Error) => {
    throw error;
  };
  const { address, stop } = await listen({ host, port: 0 }, new SharedCounters(), fail, unixMs);
  cleanups.push(stop);
  return address.port;
}

async function relay(reflectorPort: number, fate: Fate) {
  const started = await startRelay(reflectorPort, fate);
  cleanups.push(started.stop);
  return started;
}

/** A far end that is not ours: answers each packet as it is told. */
async function farEnd(answer: (packet: Buffer, reply: (octets: Buffer) => void) => void): Promise<number> {
  const socket: Socket = createSocket('udp4');
  cleanups.push(() => socket.close());
  socket.on('message', (packet, from) =>
    answer(packet, (octets) => socket.send(octets, from.port, from.address)),
  );
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

/** The reply of a stateless reflector that knows no TLVs. */
function statelessReply(packet: Buffer): Buffer {
  const request = decodeRequest(packet);
  if (request === undefined) throw new Error('not a request');
  const now = ntpFromUnixMs(steadyUnixMs());
  return encodeReply(
    {
      sequence: request.sequence,
      timestamp: now,
      errorEstimate: 1,
      ssid: request.ssid,
      receiveTimestamp: now,
      senderSequence: request.sequence,
      senderTimestamp: request.timestamp,
      senderErrorEstimate: request.errorEstimate,
      senderTtl: 64,
    },
    packet.subarray(44),
  );
}

const run = (port: number, budgetMs = stamp.budgetMs) =>
  stamp.run(`127.0.0.1:${port}`, testContext(budgetMs));

async function fieldsOf(port: number) {
  const result = await run(port);
  if (!result.ok) throw new Error(`${result.source}: ${result.error}`);
  return result.fields;
}

/** Whatever else the machine does: an offset is right within half of the fastest round trip (RFC 5905, section 8). */
function expectOffset(fields: Readonly<Record<string, unknown>>, truthMs: number): void {
  expect(Math.abs(Number(fields.offset_ms) - truthMs)).toBeLessThanOrEqual(
    Number(fields.rtt_min_ms) / 2 + 0.01,
  );
}

describe('a session over a good path', () => {
  it('answers everything, soon, and keeps the offset of the clocks', async () => {
    // The system's clock and the steady one differ by milliseconds in a process that had to wait while it started.
    const fields = await fieldsOf(await reflector(steadyUnixMs));
    expect(fields).toMatchObject({
      sent: 10,
      received: 10,
      loss_ratio: 0,
      loss_up: 0,
      loss_down: 0,
      loss_unattributed: 0,
      reordered: 0,
      duplicates: 0,
      r_factor: 93,
    });
    expectOffset(fields, 0);
  });

  it('finds the offset of a clock that is 37 minutes wrong', async () => {
    const wrongMs = 37 * 60_000;
    const fields = await fieldsOf(await reflector(() => steadyUnixMs() - wrongMs));
    expectOffset(fields, -wrongMs);
  });

  it('is measured over IPv6, too', async () => {
    const port = await reflector(steadyUnixMs, '::1');
    const result = await stamp.run(`[::1]:${port}`, testContext());
    expect(result).toMatchObject({ ok: true, fields: { received: 10 } });
  });
});

/** More of these, and against what the path did: accuracy.test.ts. */
describe('a session over a bad path', () => {
  it('tells the direction of a loss at the very end, and of losses on one way only', async () => {
    const cases: { fate: Fate; expected: { loss_up: number; loss_down: number } }[] = [
      {
        fate: (way, index) => (way === 'up' && index >= 7 && index < 10 ? [] : [1]),
        expected: { loss_up: 3, loss_down: 0 },
      },
      {
        fate: (way, index) => (way === 'down' && index >= 7 && index < 10 ? [] : [1]),
        expected: { loss_up: 0, loss_down: 3 },
      },
      {
        fate: (way, index) => (way === 'down' && index % 3 === 0 ? [] : [1]),
        expected: { loss_up: 0, loss_down: 4 },
      },
      {
        fate: (way, index) => (way === 'up' && index % 4 === 1 ? [] : [1]),
        expected: { loss_up: 3, loss_down: 0 },
      },
    ];
    const results = cases.map(async ({ fate, expected }) => {
      const path = await relay(await reflector(), fate);
      expect(await fieldsOf(path.port)).toMatchObject({ ...expected, loss_unattributed: 0 });
    });
    await Promise.all(results);
  }, 20_000);

  it('counts doubled and overtaken packets', async () => {
    const path = await relay(await reflector(), (direction, index) =>
      direction === 'down' && index === 2 ? [0, 1] : direction === 'up' && index === 4 ? [150] : [0],
    );
    expect(await fieldsOf(path.port)).toMatchObject({
      received: 10,
      loss_ratio: 0,
      duplicates: 1,
      reordered: 1,
    });
  });
});

describe('reflectors of other makes', () => {
  it('that are stateless and end after 41 octets, as TWAMP Light does, give loss without a direction', async () => {
    let seen = 0;
    const port = await farEnd((packet, reply) => {
      if (seen++ !== 3) reply(statelessReply(packet).subarray(0, 41));
    });
    const fields = await fieldsOf(port);
    expect(fields).toMatchObject({ sent: 11, received: 10, loss_unattributed: 1 });
    expect(fields).not.toHaveProperty('loss_up');
  });

  it('that send rubbish, or answer what was not asked, are not believed', async () => {
    const port = await farEnd((packet, reply) => {
      reply(Buffer.from('rubbish'));
      const forged = statelessReply(packet);
      forged.writeUInt8(forged.readUInt8(35) ^ 1, 35);
      reply(forged);
    });
    expect(await run(port, 600)).toMatchObject({ ok: false, source: 'path', fields: { received: 0 } });
  });
});

describe('a failure', () => {
  it('is the target where nothing listens, and is known at once', async () => {
    const port = await reflector();
    for (const stop of cleanups.splice(0)) await stop();
    const start = performance.now();
    expect(await run(port)).toMatchObject({ ok: false, source: 'target', error: 'ECONNREFUSED' });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('is the path where nothing comes back; the run ends with its signal', async () => {
    const port = await farEnd(() => {});
    expect(await run(port, 500)).toMatchObject({
      ok: false,
      source: 'path',
      error: 'no reply',
      fields: { received: 0, loss_ratio: 1 },
    });
  });

  it('is the agent where the machine itself forbids to send', async () => {
    const result = await stamp.run('255.255.255.255:8620', testContext());
    expect(result).toMatchObject({ ok: false, source: 'agent', error: 'EACCES' });
  });

  it('of this machine to send is no loss of the path: one pair of a session, or all that follows', async () => {
    const port = await reflector();
    const send = Socket.prototype.send;
    const fieldsWithout = async (fails: (packet: number) => boolean) => {
      let packet = 0;
      // As a network that is being changed does: no route for a moment, which no test can time from outside.
      const sending = vi.spyOn(Socket.prototype, 'send').mockImplementation(function (this: Socket, ...args) {
        const [octets, told] = args;
        if (typeof told !== 'function') return Reflect.apply(send, this, args);
        packet += 1;
        if (fails(packet))
          process.nextTick(told, Object.assign(new Error('no route'), { code: 'ENETUNREACH' }));
        else Reflect.apply(send, this, [octets, told]);
      });
      try {
        return await fieldsOf(port);
      } finally {
        sending.mockRestore();
      }
    };
    const whole = { loss_ratio: 0, loss_up: 0, loss_down: 0, loss_unattributed: 0 };
    expect(await fieldsWithout((packet) => packet === 5 || packet === 6)).toMatchObject({
      ...whole,
      sent: 8,
      received: 8,
    });
    expect(await fieldsWithout((packet) => packet > 4)).toMatchObject({ ...whole, sent: 4, received: 4 });
  });

  it('is the resolver where the name is unknown', async () => {
    const result = await stamp.run('no-such-host.invalid:8620', testContext());
    expect(result).toMatchObject({ ok: false, source: 'resolver' });
  });
});

it('refuses an address that is not host:port before touching the network', () => {
  expect(stamp.checkAddress('hub:8620')).toBeUndefined();
  expect(stamp.checkAddress('hub')).toBeUndefined();
  expect(stamp.checkAddress('http://hub')).toBe('"http://hub" is not host or host:port');
});
