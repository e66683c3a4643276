import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeReply, encodeRequest, type Reply } from './packet.ts';
import { type Reflector, startReflector } from './reflector.ts';
import { ntpFromUnixMs } from './timestamp.ts';
import { decodeDirectMeasurement, encodeDirectMeasurement } from './tlv.ts';

const log = createLog('error');
let reflector: Reflector;
let socket: Socket;

beforeEach(async () => {
  reflector = await startReflector({ host: '127.0.0.1', port: 0, log, packetsPerSecond: 50 });
  socket = await connectedSocket();
});

afterEach(async () => {
  socket.close();
  await reflector.stop();
});

async function connectedSocket(): Promise<Socket> {
  const created = createSocket('udp4');
  created.connect(reflector.address.port, '127.0.0.1');
  await once(created, 'connect');
  return created;
}

async function exchange(packet: Buffer, from: Socket = socket): Promise<Buffer> {
  const reply = once(from, 'message');
  from.send(packet);
  const [octets] = await reply;
  if (!Buffer.isBuffer(octets)) throw new Error('no octets');
  return octets;
}

async function replyTo(packet: Buffer, from: Socket = socket): Promise<Reply> {
  const reply = decodeReply(await exchange(packet, from));
  if (reply === undefined) throw new Error('not a reply');
  return reply;
}

const request = (sequence: number, ssid = 7) => ({ sequence, timestamp: 5n, errorEstimate: 0x8f84, ssid });

describe('the reflector', () => {
  it('copies what the sender wrote and adds its own times, T2 not after T3', async () => {
    const before = ntpFromUnixMs(Date.now() - 5);
    const reply = await replyTo(encodeRequest(request(41)));
    expect(reply).toMatchObject({
      sequence: 0,
      ssid: 7,
      senderSequence: 41,
      senderTimestamp: 5n,
      senderErrorEstimate: 0x8f84,
      senderTtl: 0,
    });
    expect(reply.receiveTimestamp).toBeGreaterThan(before);
    expect(reply.timestamp).toBeGreaterThanOrEqual(reply.receiveTimestamp);
  });

  it('numbers the replies of each session from 0, sessions told apart by port and by SSID', async () => {
    const other = await connectedSocket();
    expect((await replyTo(encodeRequest(request(5)))).sequence).toBe(0);
    expect((await replyTo(encodeRequest(request(9)))).sequence).toBe(1);
    expect((await replyTo(encodeRequest(request(9, 8)))).sequence).toBe(0);
    expect((await replyTo(encodeRequest(request(9)), other)).sequence).toBe(0);
    await expect.poll(reflector.counters).toMatchObject({ received: 4, replied: 4, sessions: 3 });
    other.close();
  });

  it('tells the counts of the session to who asks, replies included', async () => {
    await exchange(encodeRequest(request(0)));
    const reply = await exchange(encodeRequest(request(2), encodeDirectMeasurement(3)));
    expect(decodeDirectMeasurement(reply.subarray(44))).toEqual({ sent: 3, received: 2, replied: 2 });
  });

  it('answers a TWAMP Light request with a base packet, and any longer one in its own size', async () => {
    const octets = encodeRequest(request(0));
    expect(await exchange(octets.subarray(0, 14))).toHaveLength(44);
    expect(await exchange(Buffer.concat([octets, Buffer.alloc(100)]))).toHaveLength(144);
  });

  it('does not answer what is too short, nor more than its cap a second', async () => {
    socket.send(Buffer.alloc(13));
    for (let packet = 0; packet < 80; packet += 1) socket.send(encodeRequest(request(packet)));
    await expect
      .poll(() => {
        const { received, malformed, limited, replied } = reflector.counters();
        return { received, malformed, answeredOrLimited: limited + replied };
      })
      .toEqual({ received: 81, malformed: 1, answeredOrLimited: 80 });
    expect(reflector.counters().limited).toBeGreaterThan(20);
  });

  it('does not answer another reflector, or the two would never end', async () => {
    const twin = createSocket('udp4');
    twin.bind(reflector.address.port, '127.0.0.2');
    await once(twin, 'listening');
    twin.send(encodeRequest(request(0)), reflector.address.port, '127.0.0.1');
    await expect.poll(() => reflector.counters().refused).toBe(1);
    expect(reflector.counters().replied).toBe(0);
    twin.close();
  });

  it('says so where it cannot listen', async () => {
    const again = startReflector({ host: '127.0.0.1', port: reflector.address.port, log });
    await expect(again).rejects.toThrow('EADDRINUSE');
  });

  it('answers at once whatever else its process is doing', async () => {
    const program = fileURLToPath(new URL('measure.fixture.ts', import.meta.url));
    const child = spawn(process.execPath, [program, `${reflector.address.port}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    const busy = setInterval(() => {
      const until = performance.now() + 90;
      while (performance.now() < until);
    }, 100);
    await once(child, 'close');
    clearInterval(busy);
    expect(JSON.parse(output)).toMatchObject({ received: 10 });
    expect(JSON.parse(output).rtt_ms).toBeLessThan(20);
  });
});
