import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LinkEvidence } from '@tongtang/model/link-evidence';
import { afterEach, describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { runProbe } from '../runner.ts';
import { datagrams, rtpPacket, TestProgramme } from './packets.fixture.ts';
import { mpegts, mpegtsOnce } from './probe.ts';
import { mostStreams, Receivers } from './receivers.ts';
import { parseSource, type SocketSource } from './source.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** Groups of this run alone. */
const net = `239.${process.pid % 256}.9`;
const port = 30_000 + (process.pid % 10_000);
let groups = 0;
function groupOnLoopback(): { address: string; url: string; source: SocketSource } {
  groups += 1;
  const address = `${net}.${groups}`;
  const url = `udp://${address}:${port}?interface=127.0.0.1`;
  const source = parseSource(url);
  if ('problem' in source || source.kind !== 'socket') throw new Error('no source');
  return { address, url, source };
}

async function sender(type: 'udp4' | 'udp6' = 'udp4'): Promise<Socket> {
  const socket = createSocket(type);
  cleanUp.push(() => socket.close());
  socket.bind(0);
  await once(socket, 'listening');
  if (type === 'udp4') socket.setMulticastInterface('127.0.0.1');
  socket.setMulticastTTL(0);
  return socket;
}

/** Sent, and on loopback received by the kernel; the receiver has them a turn of the loop later. */
async function sendAll(socket: Socket, address: string, all: readonly Buffer[]): Promise<void> {
  for (const bytes of all)
    await new Promise<void>((resolve, reject) =>
      socket.send(bytes, port, address, (error) => (error === null ? resolve() : reject(error))),
    );
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
}

/** Receivers whose first look is short. */
function receivers(): { set: Receivers; stopAtEnd: (key: string) => void } {
  const set = new Receivers(300);
  return { set, stopAtEnd: (key) => cleanUp.push(() => set.stop(key)) };
}

describe('a stream that is asked for again and again', () => {
  it('is listened to in between, from the second run on, and left when nobody asks any more', async () => {
    const { set, stopAtEnd } = receivers();
    const { address, url, source } = groupOnLoopback();
    stopAtEnd(url);
    const [socket, all] = [await sender(), datagrams(new TestProgramme().next(2100))];
    const run = () => set.run(url, source, testContext());

    expect(await run()).toMatchObject({ ok: false, source: 'path', error: 'no stream' });
    const second = run();
    await joined(address);
    await sendAll(socket, address, all.slice(0, 100));
    expect(await second).toMatchObject({ ok: true, fields: { packets: 700 } });
    await sendAll(socket, address, all.slice(100, 150));
    await sendAll(socket, address, all.slice(160, 200));
    const third = await run();
    expect(third).toMatchObject({ ok: true, fields: { packets: 630 } });
    expect(third.fields?.continuity_errors).toBeGreaterThan(0);
    await sendAll(socket, address, all.slice(200, 300));
    expect(await run()).toMatchObject({ ok: true, fields: { packets: 700, continuity_errors: 0 } });

    if (process.platform !== 'linux') return;
    expect(joinedGroups()).toContain(address);
    set.stop(url);
    await nextTurn();
    expect(joinedGroups()).not.toContain(address);
  });

  it(`is one of ${mostStreams} at most: the others are told that there are too many, and others go on`, async () => {
    const { set, stopAtEnd } = receivers();
    const offered = Array.from({ length: 100 }, groupOnLoopback);
    for (const { url } of offered) stopAtEnd(url);
    const results = await Promise.all(offered.map(({ url, source }) => set.run(url, source, testContext())));
    const errors = results.map((result) => (result.ok ? '' : result.error));
    expect(errors.filter((error) => error === 'no stream')).toHaveLength(mostStreams);
    expect(errors.filter((error) => error === 'more than 32 streams at once')).toHaveLength(
      100 - mostStreams,
    );
    const { url, source } = groupOnLoopback();
    stopAtEnd(url);
    expect(await set.run(url, source, testContext())).toMatchObject({ source: 'path', error: 'no stream' });
  });

  it.runIf(process.platform === 'linux')(
    'by several targets at the same time, is joined once, and left for good',
    async () => {
      const { set, stopAtEnd } = receivers();
      const { address, url, source } = groupOnLoopback();
      stopAtEnd(url);
      await Promise.all([1, 2, 3, 4].map(() => set.run(url, source, testContext())));
      expect(joinedGroups()).toContain(address);
      set.stop(url);
      await nextTurn();
      expect(joinedGroups()).not.toContain(address);
    },
  );

  it.runIf(process.platform === 'linux')(
    'is not blamed for what this machine was too slow to take: each datagram is either measured or told as dropped',
    async () => {
      const { set, stopAtEnd } = receivers();
      const { address, url, source } = groupOnLoopback();
      stopAtEnd(url);
      await set.run(url, source, testContext());
      await set.run(url, source, testContext());
      const sent = 30_000;
      // While it sends, this process stands still.
      execFileSync(process.execPath, ['--input-type=module', '-e', flood(address, sent)]);
      for (let turn = 0; turn < 100_000 / 7; turn += 1) await nextTurn();
      const { fields } = await set.run(url, source, testContext());
      expect(Number(fields?.dropped_datagrams)).toBeGreaterThan(0);
      expect(Number(fields?.packets) / 7 + Number(fields?.dropped_datagrams)).toBe(sent);
      expect(fields).not.toHaveProperty('loss_ratio');
    },
    60_000,
  );
});

function flood(address: string, count: number): string {
  return `import { createSocket } from 'node:dgram';
    const socket = createSocket('udp4');
    socket.bind(0, async () => {
      socket.setMulticastInterface('127.0.0.1');
      const bytes = Buffer.alloc(1316, 0x47);
      for (let n = 0; n < ${count}; n += 1) {
        for (let at = 0; at < 7; at += 1) bytes.set([0x47, 1, 1, 0x10 | ((n * 7 + at) & 15)], at * 188);
        await new Promise((done) => socket.send(bytes, ${port}, '${address}', done));
      }
      socket.close();
    });`;
}

/** A receiver joins within a few turns of the loop; on Linux the kernel says when. */
async function joined(address: string): Promise<void> {
  const isJoined = () => process.platform === 'linux' && joinedGroups().includes(address);
  for (let turn = 0; turn < 1000 && !isJoined(); turn += 1) await nextTurn();
}

/** A receiver is bound within a few turns of the loop. */
async function bound(): Promise<void> {
  for (let turn = 0; turn < 1000; turn += 1) await nextTurn();
}

/** As the kernel prints them: words of its memory. */
function joinedGroups(): string[] {
  return [...readFileSync('/proc/net/igmp', 'utf8').matchAll(/^\s+([0-9A-F]{8}) /gm)].map(([, word = '']) =>
    (word.match(/../g) ?? [])
      .toReversed()
      .map((octet) => Number.parseInt(octet, 16))
      .join('.'),
  );
}

describe('a single run', () => {
  it('listens for a moment, or until it is ended, and its reading speaks of the link', async () => {
    const { address, url } = groupOnLoopback();
    const socket = await sender();
    const ended = new AbortController();
    const context = { ...testContext(), signal: ended.signal };
    const running = mpegts.run(url, context);
    const all = datagrams(new TestProgramme().next(1400)).map((payload, index) => rtpPacket(index, payload));
    await joined(address);
    await sendAll(socket, address, all.toSpliced(50, 10));
    ended.abort();
    const result = await running;
    expect(result).toMatchObject({ ok: true, fields: { rtp_lost: 10, loss_ratio: expect.closeTo(0.05, 9) } });
    const reading = await runProbe(
      { ...mpegts, run: async () => result },
      { link: 'stream', target: 'lesson', address: url },
      testContext(),
    );
    expect(reading).toMatchObject({ measurement: 'mpegts', tags: { link: 'stream', target: 'lesson' } });
    const evidence = new LinkEvidence();
    evidence.add({ ...reading, time: 0 });
    expect(evidence.states(0, () => 1).get('stream')).toBe('degraded');
  });

  it.each([
    ['to this machine alone', `udp://127.0.0.1:${port}`, '127.0.0.1'],
    ['to this machine alone, over IPv6', `udp://[::1]:${port}`, '::1'],
    ['by one sender to a group', `udp://127.0.0.1@232.1.2.3:${port}?interface=127.0.0.1`, '232.1.2.3'],
  ])('takes what is sent %s', async (_, url, address) => {
    const ended = new AbortController();
    const running = mpegts.run(url, { ...testContext(), signal: ended.signal });
    const socket = await sender(address.includes(':') ? 'udp6' : 'udp4');
    await bound();
    await sendAll(socket, address, datagrams(new TestProgramme().next(700)));
    ended.abort();
    expect(await running).toMatchObject({ ok: true, fields: { packets: 700, continuity_errors: 0 } });
  });

  it('takes nothing of another sender to the group', async () => {
    const ended = new AbortController();
    const url = `udp://127.0.0.2@232.1.2.3:${port}?interface=127.0.0.1`;
    const running = mpegts.run(url, { ...testContext(), signal: ended.signal });
    const socket = await sender();
    await bound();
    await sendAll(socket, '232.1.2.3', datagrams(new TestProgramme().next(700)));
    ended.abort();
    expect(await running).toMatchObject({ ok: false, error: 'no stream' });
  });

  it('takes no port from another program', async () => {
    const player = createSocket('udp4');
    cleanUp.push(() => player.close());
    player.bind(0, '127.0.0.1');
    await once(player, 'listening');
    const taken = await mpegts.run(`udp://127.0.0.1:${player.address().port}`, testContext());
    expect(taken).toMatchObject({ ok: false, source: 'agent', error: 'another program has the port' });
  });

  it('says where there is nothing to listen on', async () => {
    const elsewhere = await mpegts.run('udp://192.0.2.77:1234', testContext());
    expect(elsewhere).toMatchObject({ source: 'agent', error: 'not an address of this machine' });
    const nowhere = await mpegts.run(`udp://${net}.250:${port}?interface=nowhere`, testContext());
    expect(nowhere).toMatchObject({ source: 'agent', error: 'no interface nowhere' });
  });
});

it('files and standard input are for people, not for a hub to ask for', () => {
  for (const address of ['/etc/passwd', '-']) {
    expect(mpegts.checkAddress(address)).toContain('is not udp://address:port');
    expect(mpegtsOnce.checkAddress(address)).toBeUndefined();
  }
  expect(mpegts.checkAddress('udp://239.1.1.1:1234')).toBeUndefined();
});
