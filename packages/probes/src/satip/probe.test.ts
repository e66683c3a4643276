import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { LinkEvidence } from '@tongtang/model/link-evidence';
import { afterEach, describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { runProbe } from '../runner.ts';
import { satip } from './probe.ts';
import { rtcpWith } from './rtcp.fixture.ts';
import { type Stream, startSatipServer, startServer, type TestServer } from './server.fixture.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const status = 'ver=1.0;src=1;tuner=1,150,1,12,11880,h,dvbs2,8psk,on,0.20,28800,34;pids=0,17,256';

async function serverOf(
  streams: readonly Stream[],
  options?: Readonly<{ header?: string; host?: string }>,
): Promise<TestServer> {
  const server = await startSatipServer(streams, options);
  cleanUp.push(server.close);
  return server;
}

async function serverThat(answer: (socket: Socket) => void): Promise<string> {
  const server = await startServer(answer);
  cleanUp.push(server.close);
  return `satip://127.0.0.1:${server.port}`;
}

describe('a SAT>IP server', () => {
  it('is asked once, and nothing is set up', async () => {
    const server = await serverOf([{ status, playing: true }]);
    const result = await satip.run(`satip://127.0.0.1:${server.port}?tuner=1`, testContext());
    expect(result).toMatchObject({ ok: true, fields: { locked: true, modulation: 'DVB-S2 8PSK 3/4' } });
    expect(server.requests).toEqual([`DESCRIBE rtsp://127.0.0.1:${server.port}/ RTSP/1.0`]);
  });

  it('is asked by its address where it is known by a name', async () => {
    const server = await serverOf([{ status, playing: true }], { host: 'localhost' });
    expect(await satip.run(`satip://localhost:${server.port}`, testContext())).toMatchObject({ ok: true });
  });

  it('says who made it, and its level is taken for what it is', async () => {
    const server = await serverOf([{ status, playing: true }], { header: 'Server: minisatip/1.3.2\r\n' });
    const { fields } = await satip.run(`satip://127.0.0.1:${server.port}`, testContext());
    expect(fields).toHaveProperty('level_ratio');
    expect(fields).not.toHaveProperty('level_dbm');
  });

  it('that nobody watches has not lost its lock: it is no evidence', async () => {
    const madeUp = { status: status.replace('150,1,12', '255,1,15'), playing: false };
    for (const streams of [[], [madeUp]]) {
      const server = await serverOf(streams);
      const target = {
        link: 'satellite',
        target: 'dish',
        address: `satip://127.0.0.1:${server.port}`,
      } as const;
      const reading = await runProbe(satip, target, {
        ...testContext(),
        signal: new AbortController().signal,
      });
      expect(reading.fields).toMatchObject({ ok: false, failure: 'agent', error: 'no tuner is in use' });
      expect(reading.fields).not.toHaveProperty('locked');
      const evidence = new LinkEvidence();
      evidence.add({ ...reading, time: 0 });
      expect(evidence.states(1, () => 60).get('satellite')).toBeUndefined();
    }
  });

  it.each([
    ['RTSP 401', 'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n'],
    ['RTSP 503', 'RTSP/1.0 503 Service Unavailable\r\nCSeq: 1\r\n\r\n'],
    ['not RTSP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['not RTSP', '\0\xff\x01rubbish'],
    ['more than 64 KiB', `RTSP/1.0 200 OK\r\n\r\n${'v'.repeat(10_000_000)}`],
    ['the answer ended early', 'RTSP/1.0 200 OK\r\nContent-Length: 500\r\n\r\nv=0\r\n'],
    ['the answer ended early', ''],
  ])('that answers badly is to blame: %s', async (error, answer) => {
    const address = await serverThat((socket) => socket.end(answer, 'latin1'));
    expect(await satip.run(address, testContext())).toEqual({ ok: false, source: 'target', error });
  });

  it.each([
    ['nothing at all', () => {}],
    ['half an answer', (socket: Socket) => socket.write('RTSP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nv=0')],
    [
      'an octet at a time without end',
      (socket: Socket) => {
        const octets = [...`RTSP/1.0 200 OK\r\nX: ${'y'.repeat(5000)}`];
        const drip = setInterval(() => socket.write(octets.shift() ?? ''), 5);
        cleanUp.push(() => clearInterval(drip));
      },
    ],
  ])('that says %s is waited for no longer than there is time', async (_, answer) => {
    const address = await serverThat(answer);
    const start = performance.now();
    const result = await satip.run(address, testContext(300));
    expect(result).toEqual({ ok: false, source: 'target', error: 'timeout' });
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it('that is not there is the path’s or the target’s fault, as for TCP', async () => {
    const server = await startServer(() => {});
    await server.close();
    expect(await satip.run(`satip://127.0.0.1:${server.port}`, testContext())).toEqual({
      ok: false,
      source: 'target',
      error: 'ECONNREFUSED',
    });
  });
});

describe('a group to which a SAT>IP server sends', () => {
  const group = `239.${process.pid % 256}.11.1`;
  const port = 40_000 + (process.pid % 10_000);
  const address = `rtcp://${group}:${port}?interface=127.0.0.1`;

  it('tells the status to whoever listens', async () => {
    const socket = createSocket('udp4');
    cleanUp.push(() => socket.close());
    socket.bind(0);
    await once(socket, 'listening');
    socket.setMulticastInterface('127.0.0.1');
    socket.setMulticastTTL(0);
    const sending = setInterval(() => {
      socket.send(Buffer.from('rubbish'), port, group);
      socket.send(rtcpWith(status), port, group);
    }, 20);
    cleanUp.push(() => clearInterval(sending));
    expect(await satip.run(address, testContext())).toMatchObject({
      ok: true,
      fields: { locked: true, quality_ratio: 0.8 },
    });
  });

  it('that is silent is the path’s fault', async () => {
    expect(await satip.run(address, testContext(200))).toEqual({
      ok: false,
      source: 'path',
      error: 'no RTCP of a SAT>IP server',
    });
  });
});

describe('the address', () => {
  it.each([
    'satip://192.0.2.20',
    'satip://192.0.2.20:554/?tuner=1&src=2',
    'satip://[2001:db8::1]?tuner=1',
    'satip://satip.school.example?src=1',
    'rtcp://239.1.2.3:5005',
    'rtcp://192.0.2.20@232.1.2.3:5005?interface=eth1',
  ])('%s is one', (address) => {
    expect(satip.checkAddress(address)).toBeUndefined();
  });

  it.each([
    ['192.0.2.20:554', 'is not satip://host:port'],
    ['rtsp://192.0.2.20', 'is not satip://host:port'],
    ['satip://192.0.2.20:0', 'is not satip://host:port'],
    ['satip://192.0.2.20?fe=1', '"fe" is not an option; tuner and src are'],
    ['satip://192.0.2.20?tuner=one', 'tuner is not a number'],
    ['rtcp://192.0.2.20:5005', '"192.0.2.20" is not a multicast group'],
    ['rtcp://239.1.2.3', 'is not rtcp://address:port'],
  ])('%s is none', (address, problem) => {
    expect(satip.checkAddress(address)).toContain(problem);
  });
});
