import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAgent, startAgent } from '@tongtang/agent/agent';
import { systemBoot } from '@tongtang/agent/boot';
import { HubClock } from '@tongtang/agent/clock';
import { closeEveryS, nextSendS, restEveryS } from '@tongtang/agent/uplink/cadence';
import { Drain } from '@tongtang/agent/uplink/drain';
import type { NewSample } from '@tongtang/outbox/outbox';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { networkProbes } from '@tongtang/probes/network-probes';
import { createLog } from '@tongtang/runtime/log';
import type { Batch } from '@tongtang/wire/batch';
import { dictionaryId } from '@tongtang/wire/dictionary';
import { textOf } from '@tongtang/wire/line-protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { agentAddress, agentPassword, HandMadeHub, readConnect } from './hand-made-hub.ts';

/** The agent's side of packages/wire/spec/wire-protocol.md: a real agent, and a hub made by hand. */

const log = createLog('error');
const nowS = () => Math.floor(Date.now() / 1000);
let hub: HandMadeHub;
let agent: RunningAgent | undefined;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-wire-'));
  hub = await HandMadeHub.open();
});
afterEach(async () => {
  await stop();
  await hub.close();
  rmSync(folder, { recursive: true });
});

const samples = (count: number, time: NewSample['time'] = nowS() - 100): NewSample[] =>
  Array.from({ length: count }, (_, at) => ({ line: `dns,target=t${at} ok=true,answers=${at}i`, time }));

function openAgentOutbox(waitingSamples?: number) {
  const path = join(folder, 'agent', 'outbox.db');
  const limits = waitingSamples === undefined ? {} : { waitingSamples };
  return openOutbox({ path, boot: systemBoot(), log, limits });
}

/** Starts an agent that measures nothing but itself, with these samples left from before. */
async function startWith(...left: readonly (readonly NewSample[])[]): Promise<string> {
  const outbox = openAgentOutbox();
  for (const samples of left) outbox.append(samples);
  const { id } = outbox.stats();
  outbox.close();
  await start();
  return id;
}

async function start(): Promise<void> {
  const host = '127.0.0.1';
  const identity = {
    ...agentAddress,
    password: agentPassword,
    hub: 'http://127.0.0.1:1',
    mqtt: { protocol: 'mqtt', host, port: hub.port },
    stamp: { host, port: 9 },
  } as const;
  agent = await startAgent({
    dataFolder: folder,
    identity,
    probeSet: () => ({ probes: networkProbes, builtIn: [], samplers: [] }),
    log,
  });
}

async function stop(): Promise<void> {
  const running = agent;
  agent = undefined;
  await running?.stop();
}

async function reconnect(): Promise<void> {
  const before = hub.connects.length;
  hub.cut();
  hub.mend();
  await eventually('a new connection', () => (hub.connects.length > before ? true : undefined));
}

const linesOf = ({ samples }: Batch) => samples.map(textOf);
const settled = () => new Promise((resolve) => setTimeout(resolve, 500));

describe('connection and status', () => {
  it('T-4, S-2: connects as itself by MQTT 3.1.1, clean, with a will that is its status', async () => {
    await startWith();
    const { document } = await hub.next('status');
    const connect = readConnect(hub.connects[0] ?? Buffer.alloc(20));
    expect(connect).toMatchObject({
      level: 4,
      clean: true,
      clientId: 'a1',
      willTopic: 'tongtang/v1/qilian/xx1/a1/status',
      willQos: 1,
      willRetain: true,
    });
    expect(connect.keepaliveS).toBeGreaterThanOrEqual(60);
    expect(connect.keepaliveS).toBeLessThanOrEqual(120);
    const startedAt = expect.closeTo(Number(Object(document).startedAt), 1);
    expect(JSON.parse(connect.will ?? '')).toEqual({ ...Object(document), state: 'offline', startedAt });
  });

  it('S-1, S-4: says online with its outbox before it sends, and stopping when it ends in order', async () => {
    const outbox = await startWith(samples(3));
    await hub.batch(1, 3);
    expect(hub.heard[0]).toMatchObject({ channel: 'status', document: { state: 'online', outbox } });
    expect(hub.batches[0]?.outbox).toBe(outbox);
    await hub.next('status');
    await stop();
    expect((await hub.next('status')).document).toMatchObject({ state: 'stopping', outbox });
  });

  it('S-3: has a new boot each time it starts', async () => {
    await startWith();
    const first = await hub.next('status');
    await stop();
    await hub.next('status');
    await start();
    const second = await hub.next('status');
    expect(second.document).not.toMatchObject({ boot: Object(first.document).boot });
  });

  it('T-7: comes back after growing waits', async () => {
    await startWith();
    await hub.next('status');
    const before = hub.triedMs.length;
    hub.cut();
    const cutMs = performance.now();
    await eventually('three attempts', () => (hub.triedMs.length >= before + 3 ? true : undefined));
    const [first = 0, second = 0, third = 0] = hub.triedMs.slice(before);
    expect(first - cutMs).toBeGreaterThan(450);
    expect(first - cutMs).toBeLessThan(2500);
    expect(second - first).toBeGreaterThan(900);
    expect(third - second).toBeGreaterThan(1900);
  });
});

describe('messages', () => {
  it('M-1, M-2, M-3, M-4: garbage and empty messages are ignored, unknown keys too, the outbox stays', async () => {
    const outbox = await startWith(samples(2));
    await hub.batch(1, 2);
    for (const channel of ['commit', 'config', 'command'] as const)
      for (const text of ['', '{', '[]', '{"outbox":1}', '\u0000']) await hub.say(channel, text);
    await hub.say('command', { id: 'c0mmand0', action: 'live', seconds: 60, later: true });
    expect((await hub.next('reply')).document).toMatchObject({ id: 'c0mmand0', ok: true });
    const since = hub.batches.length;
    await reconnect();
    expect((await hub.batch(1, 2, since)).outbox).toBe(outbox);
  });

  it('M-5: what is not in the list of commands is not done', async () => {
    await startWith();
    await hub.next('status');
    await hub.say('command', { id: 'c0mmand1', action: 'run', command: 'true' });
    await hub.say('command', { id: 'c0mmand2', action: 'live', seconds: 1 });
    expect((await hub.next('reply')).document).toMatchObject({ id: 'c0mmand2' });
    expect(hub.heard.some(({ channel }) => channel === 'reply')).toBe(false);
  });

  it('D-3, M-4: uses the dictionary only once the configuration lists it', async () => {
    await startWith(samples(2));
    await hub.batch(1, 2);
    const usesPreset = (payload: Buffer | undefined) => ((payload?.[1] ?? 0) & 0x20) !== 0;
    expect(hub.telemetry.some(usesPreset)).toBe(false);
    const config = { revision: 'r1', tasks: [], lessons: [], dictionaries: [dictionaryId], bytesPerDay: 1e6 };
    await hub.say('config', config, true);
    await settled();
    const since = hub.batches.length;
    await reconnect();
    await hub.batch(1, 2, since);
    expect(usesPreset(hub.telemetry.at(-1))).toBe(true);
  });
});

describe('commit and resend', () => {
  it('L-8, C-6: sends nothing before it knows hub time, which a commit may tell', async () => {
    hub.answers = false;
    const { bootMs, wallMs } = new HubClock().moment();
    const outbox = await startWith(samples(3, { boot: systemBoot(), monotonicMs: bootMs, wallMs }));
    await hub.next('status');
    await settled();
    expect(hub.batches).toEqual([]);
    await hub.commit(outbox, [], { time: Date.now() - 3_600_000 });
    const batch = await hub.batch(1, 3);
    for (const { time } of batch.samples) expect(time).toBeCloseTo(nowS() - 3600, -2);
  });

  it('C-2, C-7: sends again with the same numbers and times what was not committed, and then no more', async () => {
    const outbox = await startWith(samples(2), samples(2, nowS() - 50));
    const first = await hub.batch(1, 4);
    let since = hub.batches.length;
    await reconnect();
    const again = await hub.batch(1, 4, since);
    expect(again.outbox).toBe(outbox);
    expect(linesOf(again).slice(0, 4)).toEqual(linesOf(first).slice(0, 4));
    await hub.commit(outbox, [[1, 2]]);
    await settled();
    since = hub.batches.length;
    await reconnect();
    const rest = await hub.batch(3, 4, since);
    expect(rest.from).toBe(3);
    expect(hub.batches.slice(since).every(({ from }) => from >= 3)).toBe(true);
  });

  it('C-9: sends again what is not committed when the hub is another one, without a new session', async () => {
    const outbox = await startWith(samples(2));
    await hub.batch(1, 2);
    const connects = hub.connects.length;
    const since = hub.batches.length;
    await hub.commit(outbox, []);
    await settled();
    expect(hub.batches.length).toBe(since);
    await hub.commit(outbox, [], { hub: 'hub00001' });
    expect((await hub.batch(1, 2, since)).outbox).toBe(outbox);
    expect(hub.connects.length).toBe(connects);
  });

  it('C-2: a killed session forgets nothing: what waits is sent by the next process', async () => {
    const outbox = await startWith(samples(2));
    const first = await hub.batch(1, 2);
    await stop();
    const since = hub.batches.length;
    await start();
    const again = await hub.batch(1, 2, since);
    expect(again.outbox).toBe(outbox);
    expect(linesOf(again).slice(0, 2)).toEqual(linesOf(first).slice(0, 2));
  });

  it('C-4: commits of others, of nothing, and of numbers that were never given change nothing', async () => {
    const outbox = await startWith(samples(3));
    await hub.batch(1, 3);
    await hub.commit('an0ther0', [[1, 3]]);
    await hub.commit(outbox, [
      [3, 1],
      [900, 2000],
    ]);
    await hub.commit(outbox, []);
    await settled();
    const since = hub.batches.length;
    await reconnect();
    await hub.batch(1, 3, since);
    await hub.commit(outbox, [[1, 3]]);
    await hub.commit(outbox, [[1, 3]]);
  });
});

describe('window and pace', () => {
  it('W-1, W-2: the newest first, then the oldest at a bounded rate, and never more than 16 without commit', () => {
    const outbox = openAgentOutbox();
    for (let count = 0; count < 200; count += 1) outbox.append(samples(100, nowS() - 20_000 + count * 60));
    let nowMs = 0;
    const sent: { from: number; to: number }[] = [];
    const drain = new Drain({
      outbox,
      nowMs: () => nowMs,
      nextPresentMs: () => nowMs + 1000,
      send: (claim) => {
        sent.push({ from: claim.from, to: claim.to });
        return 10_000;
      },
      random: () => 1,
    });
    drain.reset();
    drain.sendPresent();
    expect(sent[0]?.to).toBe(20_000);
    const perSecond: number[] = [];
    for (; nowMs < 50_000; nowMs += 1000) {
      const before = sent.length;
      drain.proceed(1);
      drain.sendPresent();
      perSecond.push(sent.length - before);
    }
    expect(sent.some(({ from }) => from === 1)).toBe(true);
    expect(sent.length).toBeLessThanOrEqual(16);
    expect(new Set(sent.map(({ from }) => from)).size).toBe(sent.length);
    outbox.close();
  });

  it('W-3: every 10 s near lessons and while somebody looks, at once on a change, once a minute otherwise', () => {
    const quiet = {
      nowS: 1000,
      lastSentS: 1000,
      lessonNear: false,
      nextLessonS: undefined,
      liveUntilS: 0,
      changedS: undefined,
      intervals: { closeS: closeEveryS, restS: restEveryS },
    };
    expect(restEveryS).toBe(60);
    expect(closeEveryS).toBe(10);
    expect(nextSendS(quiet)).toBe(1060);
    expect(nextSendS({ ...quiet, lessonNear: true })).toBe(1010);
    expect(nextSendS({ ...quiet, liveUntilS: 1030 })).toBe(1010);
    expect(nextSendS({ ...quiet, nextLessonS: 1025 })).toBe(1025);
    expect(nextSendS({ ...quiet, changedS: 1000 })).toBeLessThanOrEqual(1002);
    expect(nextSendS({ ...quiet, intervals: { closeS: 20, restS: 300 } })).toBe(1300);
  });
});
