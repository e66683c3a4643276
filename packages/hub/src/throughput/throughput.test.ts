import { once } from 'node:events';
import { request } from 'node:http';
import { hashPassword, makePassword } from '@tongtang/broker/password';
import { throughputUpTo } from '@tongtang/probes/throughput/probe';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startFixture } from '../http/http.fixture.ts';
import { runLoad } from './load.ts';

type Fixture = Awaited<ReturnType<typeof startFixture>>;
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(...given: Parameters<typeof startFixture>): Promise<Fixture> {
  const hub = await startFixture(...given);
  cleanUp.push(hub.stop);
  return hub;
}

const ndt7 = 'net.measurementlab.ndt.v7';

/** Asks for a test. @returns the status, and the socket where it is 101 */
async function knock(
  hub: Fixture,
  path: string,
  headers: Record<string, string> = {},
  protocol: string[] = [ndt7],
) {
  const socket = new WebSocket(`${hub.address.replace('http', 'ws')}${path}`, protocol, { headers });
  cleanUp.push(() => socket.terminate());
  socket.on('error', () => {});
  const answer = await new Promise<{ status: number; retryAfter?: string; body: string }>((settle) => {
    socket.once('open', () => settle({ status: 101, body: '' }));
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (part) => {
        body += String(part);
      });
      const { 'retry-after': retryAfter } = response.headers;
      response.on('end', () =>
        settle({ status: response.statusCode ?? 0, body, ...(retryAfter !== undefined && { retryAfter }) }),
      );
    });
  });
  return { ...answer, socket };
}

const basic = (id: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`,
});

/** An agent of the hub's own school, with its password. */
function enrol(hub: Fixture, classroom = 'room-1') {
  const seat = { county: 'local', school: 'school', classroom, kind: 'classroom' } as const;
  const code = hub.registry.createEnrolmentCode(seat, 'test');
  const password = makePassword();
  const result = hub.registry.enrol({
    code: code.ok ? code.code : '',
    passwordHash: hashPassword(password),
  });
  if (!result.ok) throw new Error(result.reason);
  return { id: result.agent.id, password };
}

const context = (hub: Fixture, agent: { id: string; password: string }) => ({
  signal: AbortSignal.timeout(20_000),
  log: createLog('error'),
  monotonicMs: () => performance.now(),
  hub: { url: hub.address, agent: agent.id, password: agent.password },
});

describe('a throughput test against the hub', () => {
  it('is for agents, admins and technicians', async () => {
    const hub = await start();
    const { id, password } = enrol(hub);
    const { admin, technician, bureau } = hub.tokens;
    const status = async (query: string, headers?: Record<string, string>) =>
      (await knock(hub, `/ndt/v7/upload${query}`, headers)).status;
    expect(await status('')).toBe(401);
    expect(await status('?access_token=wrong')).toBe(401);
    expect(await status(`?access_token=${bureau}`)).toBe(403);
    expect(await status('', basic(id, 'wrong'))).toBe(401);
    expect(await status('', basic('nobody', password))).toBe(401);
    expect(await status('', { authorization: 'Digest x' })).toBe(401);
    const { body } = await knock(hub, '/ndt/v7/upload');
    expect(JSON.parse(body)).toEqual({
      error: { code: 'not_signed_in', message: expect.stringContaining('access_token') },
    });
    const admitted: [string, Record<string, string>?][] = [
      [`?access_token=${admin}`],
      ['', { authorization: `Bearer ${technician}` }],
      ['', basic(id, password)],
    ];
    for (const [query, headers] of admitted)
      await expect
        .poll(async () => {
          const { status: answer, socket } = await knock(hub, `/ndt/v7/upload${query}`, headers);
          socket.close();
          return answer;
        })
        .toBe(101);
  });

  it('is for everybody or nobody where the hub is set so', async () => {
    const open = await start({ throughput: 'open' });
    expect((await knock(open, '/ndt/v7/download')).status).toBe(101);
    const off = await start({ throughput: 'off' });
    const { status, body } = await knock(off, `/ndt/v7/download?access_token=${off.tokens.admin}`);
    expect([status, body]).toEqual([403, expect.stringContaining('off')]);
  });

  it('needs the protocol of ndt7, and refuses an early exit that it does not know', async () => {
    const hub = await start({ throughput: 'open' });
    expect((await knock(hub, '/ndt/v7/download', {}, [])).status).toBe(400);
    expect((await knock(hub, '/ndt/v7/download', {}, ['other'])).status).toBe(400);
    expect((await knock(hub, '/ndt/v7/download?early_exit=100')).status).toBe(400);
    expect((await knock(hub, '/ndt/v7/download?early_exit=250')).status).toBe(101);
  });

  it('is all that changes to WebSocket: other requests that ask for it are answered as ever', async () => {
    const hub = await start();
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const ask = (path: string) =>
      new Promise<number | undefined>((settle, fail) => {
        request(hub.address, { path, headers })
          .on('response', (response) => settle(response.resume().statusCode))
          .on('upgrade', () => fail(new Error('upgraded')))
          .on('error', fail)
          .end();
      });
    expect(await ask('/healthz')).toBe(200);
    expect(await ask('/api/v1/agents')).toBe(401);
    // No address at all: it must not end the hub.
    expect(await ask('//')).toBeGreaterThanOrEqual(200);
  });

  it('sends messages that grow by doubling, and says how far it is, four times a second', async () => {
    const hub = await start({ throughput: 'open' });
    const { socket } = await knock(hub, '/ndt/v7/download');
    const sizes: number[] = [];
    const texts: string[] = [];
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) sizes.push(data.length);
      else texts.push(data.toString());
      // A machine may be so fast that all octets have passed before the second word.
      if (sizes.length === 4 && isBinary) {
        socket.pause();
        setTimeout(() => socket.resume(), 600);
      }
      if (texts.length === 2) socket.terminate();
    });
    await once(socket, 'close');
    expect(sizes[0]).toBeLessThanOrEqual(2 ** 17);
    expect(
      new Set(sizes).isSubsetOf(new Set([13, 14, 15, 16, 17, 18, 19, 20].map((power) => 2 ** power))),
    ).toBe(true);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    const last = JSON.parse(texts.at(-1) ?? '');
    expect(last).toMatchObject({
      ConnectionInfo: {
        Client: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        Server: hub.address.replace('http://', ''),
        UUID: expect.any(String),
        StartTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
      Origin: 'server',
      Test: 'download',
    });
    // Microseconds: the second of them.
    expect(last.AppInfo.ElapsedTime).toBeGreaterThan(480_000);
    const received = sizes.reduce((sum, size) => sum + size, 0);
    expect(last.AppInfo.NumBytes).toBeLessThanOrEqual(received + 2 ** 20);
    expect(last.AppInfo.NumBytes).toBeGreaterThan(2 ** 13);
  });

  it('counts what arrives of an upload to the octet', async () => {
    const hub = await start({ throughput: 'open' });
    const { socket } = await knock(hub, '/ndt/v7/upload');
    const message = Buffer.alloc(2 ** 16);
    for (let count = 0; count < 32; count += 1) socket.send(message);
    const [text] = await once(socket, 'message');
    const { AppInfo, TCPInfo } = JSON.parse(String(text));
    expect(AppInfo.NumBytes).toBe(2 ** 21);
    // A frame of that size has 14 octets before its load (RFC 6455 section 5.2).
    expect(TCPInfo.BytesReceived).toBe(2 ** 21 + 32 * 14);
    expect(TCPInfo.ElapsedTime).toBe(AppInfo.ElapsedTime);
  });

  it('is ended where a client sends in a download, or a message larger than there may be', async () => {
    const hub = await start({ throughput: 'open' });
    const first = await knock(hub, '/ndt/v7/download');
    first.socket.send(Buffer.alloc(1024));
    const [code] = await once(first.socket, 'close');
    expect(code).toBe(1003);
    const second = await knock(hub, '/ndt/v7/upload');
    second.socket.send(Buffer.alloc(2 ** 24 + 1));
    const [tooLarge] = await once(second.socket, 'close');
    // Its code may be lost behind the octets that nobody reads any more.
    expect([1009, 1006]).toContain(tooLarge);
    await expect.poll(async () => (await knock(hub, '/ndt/v7/upload')).status).toBe(101);
  });

  it('finds no room beside another one, nor while reports of classrooms wait', async () => {
    let busy = false;
    const hub = await start({ throughput: 'open' }, { ingestBusy: () => busy });
    const admin = `?access_token=${hub.tokens.admin}`;
    const { socket } = await knock(hub, '/ndt/v7/upload');
    const second = await knock(hub, `/ndt/v7/download${admin}`);
    expect([second.status, second.retryAfter]).toEqual([503, '30']);
    expect(JSON.parse(second.body)).toMatchObject({ error: { code: 'busy' } });
    busy = true;
    const [code] = await once(socket, 'close');
    expect(code).toBe(1013);
    const third = await knock(hub, `/ndt/v7/download${admin}`);
    expect([third.status, third.retryAfter]).toEqual([503, '60']);
  });

  it('is done by one agent of a school, which gives both rates', async () => {
    const hub = await start();
    const probe = throughputUpTo(4_000_000);
    const [first, second] = [enrol(hub), enrol(hub)];
    const told: number[] = [];
    const onBusy = (seconds: number) => void told.push(seconds);
    expect(await probe.run('hub', context(hub, first))).toMatchObject({
      ok: true,
      fields: { download_bit_s: expect.any(Number), upload_bit_s: expect.any(Number) },
    });
    await probe.run('hub', { ...context(hub, second), onBusy });
    expect(told).toHaveLength(1);
    expect(told[0]).toBeGreaterThan(0.9 * 86_400 - 60);
    expect(told[0]).toBeLessThanOrEqual(0.9 * 86_400);
  });

  it('does not hold up the end of the hub', async () => {
    const hub = await startFixture({ throughput: 'open' });
    const { socket } = await knock(hub, '/ndt/v7/upload');
    const closed = once(socket, 'close');
    const startMs = performance.now();
    await hub.stop();
    await closed;
    expect(performance.now() - startMs).toBeLessThan(2500);
  });

  it('costs the hub one message of memory where the client does not read, and ends after 13 s', async () => {
    const server = new WebSocketServer({ port: 0, perMessageDeflate: false });
    cleanUp.push(() => server.close());
    await once(server, 'listening');
    const at = server.address();
    if (at === null || typeof at === 'string') throw new Error('no port');
    const client = new WebSocket(`ws://127.0.0.1:${at.port}`);
    client.on('error', () => {});
    client.once('open', () => client.pause());
    const [socket, { socket: connection }] = await once(server, 'connection');
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, socket.bufferedAmount);
    }, 20);
    cleanUp.push(() => clearInterval(watch));
    const startMs = performance.now();
    const ends = { client: '', server: '' };
    await runLoad({ direction: 'download', socket, connection, uuid: '', ends, crowded: () => false });
    expect(performance.now() - startMs).toBeGreaterThan(12_900);
    expect(performance.now() - startMs).toBeLessThan(14_500);
    expect(most).toBeGreaterThan(0);
    // One message, and the measurements that wait behind it.
    expect(most).toBeLessThan(2 ** 20 + 32 * 1024);
  });
});
