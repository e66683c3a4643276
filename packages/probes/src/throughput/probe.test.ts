import { createServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { testContext } from '../probe.fixture.ts';
import type { ProbeContext } from '../probe.ts';
import { Authority } from '../tls/certificates.fixture.ts';
import { counting, type ForeignServer, sending, startForeignServer } from './foreign-server.fixture.ts';
import { throughput, throughputUpTo } from './probe.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

type Conducts = Parameters<typeof startForeignServer>[0];

/** A server that sends 2 MB in messages of 16 kB and counts what it gets, unless told otherwise. */
async function foreign(
  conduct: Partial<Conducts> = {},
  refusal?: (direction: string) => string | undefined,
): Promise<ForeignServer> {
  const usual = { download: sending(2 ** 14, 128), upload: counting(20) };
  const server = await startForeignServer({ ...usual, ...conduct }, refusal);
  cleanUp.push(server.stop);
  return server;
}

const megabyte = 1_000_000;
const small = throughputUpTo(megabyte);
const run = (server: ForeignServer, context: Partial<ProbeContext> = {}) =>
  small.run(server.address, { ...testContext(20_000), ...context });

/** Runs something when a message has come. */
const onFirst = (act: (socket: WebSocket) => void) => (socket: WebSocket) =>
  void socket.once('message', () => act(socket));

describe('throughput', () => {
  it('measures both ways against a server of the protocol, which has no complaint', async () => {
    const server = await foreign();
    const result = await run(server);
    expect(result).toMatchObject({
      ok: true,
      fields: {
        download_bit_s: expect.any(Number),
        download_cut_short: 'bytes',
        upload_bit_s: expect.any(Number),
        upload_cut_short: 'bytes',
        connect_ms: expect.any(Number),
      },
    });
    expect(server.complaints).toEqual([]);
    expect(server.requests).toEqual(['/ndt/v7/download', '/ndt/v7/upload']);
  });

  it.each([2 ** 10, 2 ** 13, 100_003, 2 ** 20])(
    'takes messages of %i octets, and no more than one beyond its limit',
    async (size) => {
      const server = await foreign({ download: sending(size, 4096) });
      const { fields = {} } = await run(server);
      const bytes = Number(fields.download_bytes);
      expect(bytes).toBeGreaterThanOrEqual(megabyte);
      expect(bytes).toBeLessThan(megabyte + size);
    },
  );

  it('sends no more than its limit, and less than one message less', async () => {
    const server = await foreign();
    const { fields = {} } = await run(server);
    const sent = server.uploaded.reduce((sum, size) => sum + size, 0);
    expect(sent).toBeLessThanOrEqual(megabyte);
    expect(sent).toBeGreaterThan(megabyte - Math.max(...server.uploaded));
    expect(fields.upload_bytes).toBe(sent);
  });

  it('takes a message of 16 MiB, the largest that there may be', async () => {
    const server = await foreign({ download: sending(2 ** 24, 1) });
    expect((await run(server)).fields).toMatchObject({ download_bytes: 2 ** 24 });
  });

  it('takes what the server says of its TCP, and lives with what it does not understand', async () => {
    const tcp = { MinRTT: 588_000, BytesSent: 27_000_000, BytesRetrans: 785_600, Other: 'x' };
    const said = [JSON.stringify({ TCPInfo: tcp }), '{}', '{"BBRInfo":{"BW":1}}', 'no JSON', '[1'];
    const download = sending(2 ** 14, 64, (socket) => {
      const text = said.pop();
      if (text !== undefined) socket.send(text);
      socket.ping('are you there');
    });
    const server = await foreign({ download });
    const { ok, fields = {} } = await run(server);
    expect(ok).toBe(true);
    expect(fields.rtt_min_ms).toBe(588);
    expect(fields.retransmit_ratio).toBeCloseTo(0.0291, 4);
  });

  it('answers a ping with what was in it', async () => {
    let answer = '';
    const download: Conducts['download'] = (socket, ...rest) => {
      socket.once('pong', (data) => {
        answer = String(data);
        sending(2 ** 14, 8)(socket, ...rest);
      });
      socket.ping('same payload');
    };
    await run(await foreign({ download }));
    expect(answer).toBe('same payload');
  });

  it('computes the upload from what the server received, not from what was sent', async () => {
    const upload: Conducts['upload'] = (socket) =>
      void socket.once('message', () =>
        socket.send('{"AppInfo":{"NumBytes":1000000,"ElapsedTime":2000000}}'),
      );
    expect((await run(await foreign({ upload }))).fields).toMatchObject({ upload_bit_s: 4e6, upload_s: 2 });
  });

  it('computes the upload from what it got rid of where the server says nothing', async () => {
    const { ok, fields = {} } = await run(await foreign({ upload: () => {} }));
    expect(ok).toBe(true);
    expect(fields.upload_bit_s).toBeGreaterThan(0);
    expect(fields.upload_cut_short).toBe('bytes');
  });

  it('keeps what it has when the server cuts the connection in the middle', async () => {
    const half = megabyte / 2;
    const download: Conducts['download'] = (socket, connection) => {
      socket.send(Buffer.alloc(half), () => setTimeout(() => connection.destroy(), 50));
    };
    const upload: Conducts['upload'] = (socket, connection, request) => {
      counting(10)(socket, connection, request);
      setTimeout(() => connection.resetAndDestroy(), 100);
    };
    const server = await foreign({ download, upload });
    const { ok, fields = {} } = await throughput.run(server.address, testContext(20_000));
    expect(ok).toBe(true);
    expect(fields).toMatchObject({
      download_bytes: half,
      download_cut_short: 'connection',
      upload_cut_short: 'connection',
    });
    expect(fields.download_bit_s).toBeCloseTo((8 * half) / Number(fields.download_s), 0);
    expect(fields.upload_bit_s).toBeGreaterThan(0);
  });

  it('says that the server ended it early', async () => {
    const upload: Conducts['upload'] = (socket, ...rest) => {
      counting(10)(socket, ...rest);
      setTimeout(() => socket.close(1013), 100);
    };
    const server = await foreign({ download: sending(2 ** 14, 8), upload });
    expect((await throughput.run(server.address, testContext(20_000))).fields).toMatchObject({
      download_bytes: 2 ** 17,
      download_cut_short: 'server',
      upload_cut_short: 'server',
    });
  });

  it('gives up a server that sends nothing', async () => {
    const server = await foreign({ download: () => {} });
    expect(await run(server)).toMatchObject({ ok: false, source: 'target', error: 'stalled' });
    expect(server.requests).toEqual(['/ndt/v7/download']);
  });

  it('claims no rate for what only waits in buffers of a server that never reads', async () => {
    const upload: Conducts['upload'] = (_socket, connection) => void connection.pause();
    const server = await foreign({ upload });
    const result = await throughput.run(server.address, testContext(30_000));
    expect(result).toMatchObject({ ok: false, source: 'target', error: 'stalled' });
    expect(result.fields).toMatchObject({ upload_cut_short: 'stalled', download_bit_s: expect.any(Number) });
    expect(result.fields).not.toHaveProperty('upload_bit_s');
  });

  it.each(['rtt', 'lesson', 'stream'])(
    'ends at once with what it has when told to make way: %s',
    async (why) => {
      const ending = new AbortController();
      const download: Conducts['download'] = (socket) =>
        socket.send(Buffer.alloc(100_000), () => setTimeout(() => ending.abort(why), 50));
      const server = await foreign({ download });
      const result = await run(server, { giveWay: ending.signal });
      expect(result).toMatchObject({
        ok: true,
        fields: { download_bytes: 100_000, download_cut_short: why, upload_cut_short: why },
      });
      expect(server.requests).toEqual(['/ndt/v7/download']);
    },
  );

  it('makes way in the upload, too', async () => {
    const ending = new AbortController();
    const upload: Conducts['upload'] = (socket, ...rest) => {
      counting(5)(socket, ...rest);
      onFirst(() => setTimeout(() => ending.abort('rtt'), 50))(socket);
    };
    const server = await foreign({ upload });
    const context = { ...testContext(20_000), giveWay: ending.signal };
    const { fields = {} } = await throughput.run(server.address, context);
    expect(fields).toMatchObject({ upload_cut_short: 'rtt', upload_bit_s: expect.any(Number) });
  });

  it('is evidence of nothing where it had to make way before anything came', async () => {
    const giveWay = AbortSignal.abort('lesson');
    expect(await run(await foreign(), { giveWay })).toMatchObject({
      ok: false,
      source: 'agent',
      error: 'lesson',
    });
  });

  it('tells when a busy server wants to be asked again', async () => {
    const told: number[] = [];
    const onBusy = (seconds: number) => void told.push(seconds);
    const busy = await foreign({}, () => '503 Service Unavailable\r\nRetry-After: 90');
    expect(await run(busy, { onBusy })).toMatchObject({ ok: false, source: 'target', error: 'HTTP 503' });
    await run(await foreign({}, () => '503 Service Unavailable'), { onBusy });
    expect(told).toEqual([90, 60]);
  });

  it('keeps the download where the upload is refused', async () => {
    const server = await foreign({}, (direction) => (direction === 'upload' ? '403 Forbidden' : undefined));
    expect(await run(server)).toMatchObject({
      ok: false,
      source: 'target',
      error: 'HTTP 403',
      fields: { download_bit_s: expect.any(Number) },
    });
  });

  it('measures over TLS, and asks nothing of a server whose certificate is not to be trusted', async () => {
    const authority = new Authority(10);
    const known = getCACertificates('default');
    cleanUp.push(
      () => authority.remove(),
      () => setDefaultCACertificates(known),
    );
    const usual = { download: sending(2 ** 14, 128), upload: counting(20) };
    const server = await startForeignServer(usual, undefined, authority.issue('localhost', 10));
    cleanUp.push(server.stop);
    expect(await run(server)).toMatchObject({
      ok: false,
      source: 'target',
      error: 'SELF_SIGNED_CERT_IN_CHAIN',
    });
    expect(server.requests).toEqual([]);
    setDefaultCACertificates([authority.certificate]);
    expect(await run(server)).toMatchObject({
      ok: true,
      fields: { download_bit_s: expect.any(Number), upload_bit_s: expect.any(Number) },
    });
    expect(server.complaints).toEqual([]);
  });

  it('fails as other probes do where there is no server', async () => {
    const { address, stop } = await startForeignServer({ download: () => {}, upload: () => {} });
    await stop();
    expect(await throughput.run(address, testContext())).toMatchObject({
      ok: false,
      source: 'target',
      error: 'ECONNREFUSED',
    });
    const mute = createServer().listen(0, '127.0.0.1');
    cleanUp.push(() => mute.close());
    await new Promise((listening) => mute.once('listening', listening));
    const at = mute.address();
    if (at === null || typeof at === 'string') throw new Error('no port');
    const context = testContext(300);
    mute.on('connection', (socket) => cleanUp.push(() => socket.destroy()));
    expect(await throughput.run(`ws://127.0.0.1:${at.port}`, context)).toMatchObject({
      ok: false,
      source: 'target',
      error: 'timeout',
      fields: { connect_ms: expect.any(Number) },
    });
    expect(await throughput.run('hub', testContext())).toMatchObject({ ok: false, source: 'agent' });
  });
});
