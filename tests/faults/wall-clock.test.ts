import { join } from 'node:path';
import { agentStatus } from '@tongtang/agent/status';
import { count } from '@tongtang/wire/ranges';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { codeFrom, ledgerOf } from '../services/api.ts';
import { busyTimes, received, whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import {
  ampleBytes,
  dataFolder,
  runProgram,
  startTestHub,
  type TestHub,
  tongtang,
} from '../services/tongtang.ts';
import { environmentOf, setWallClock } from './wall-clock.ts';

/** A wall clock that is set back and forward by a day, while everything runs. */

const dayMs = 86_400_000;
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function startWith(ownClock: Readonly<{ agent: boolean; hub: boolean }>) {
  const [hubData, agentData, clocks] = [dataFolder(), dataFolder(), dataFolder()];
  cleanUp.push(hubData.remove, agentData.remove, clocks.remove);
  const clock = join(clocks.path, 'clock');
  const environment = environmentOf(clock);
  const hub = await startTestHub(hubData.path, { ...ampleBytes, ...(ownClock.hub && environment) });
  cleanUp.push(() => hub.process().stop());
  const { output } = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: agentData.path,
  });
  const id = /Enrolled as (\S+)\./.exec(output)?.[1] ?? '';
  const program = join(import.meta.dirname, 'busy-agent.ts');
  const startAgent = (run = '1') =>
    runProgram(program, [agentData.path, run], ownClock.agent ? environment : {});
  const report = () => agentStatus(agentData.path).report;
  return { hub, id, startAgent, report, set: (aheadMs: number) => setWallClock(clock, aheadMs) };
}

/** Whether the console is told that the hub believes its clock. */
async function isBelieved(hub: TestHub): Promise<boolean> {
  return !JSON.stringify(await hub.get('/api/v1/overview')).includes('"clockBelieved":false');
}

describe('a hub that is started with a clock wrong by 45 days', () => {
  it('says so, removes and commits nothing that it cannot date, and has all of it when the clock is right', async () => {
    const { hub, id, startAgent, report, set } = await startWith({ agent: false, hub: true });
    const first = startAgent();
    cleanUp.push(() => first.stop());
    onTestFailed(() => void process.stderr.write(first.output() + hub.process().output()));
    await whole(hub, id, 40);
    const before = await received(hub, id);
    expect(await isBelieved(hub)).toBe(true);
    await hub.process().stop();
    const stoppedS = Date.now() / 1000;
    // What is measured now waits in the outbox, with the right time.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    const awayS = Date.now() / 1000;
    set(45 * dayMs);
    await hub.start();
    expect(await isBelieved(hub)).toBe(false);
    const stampedWrongly = () => busyTimes(hub, id, Date.now() + 45 * dayMs);
    const followed = async () => (await stampedWrongly()).length > 0 || undefined;
    await eventually('samples by the wrong clock', followed, 60_000, 1000);
    // What it had under way would hide what its outbox lacks: the next process has the file and nothing else.
    await first.stop();
    const followedBefore = (await stampedWrongly()).length;
    const agent = startAgent('2');
    cleanUp.push(() => agent.stop());
    onTestFailed(() => void process.stderr.write(agent.output()));
    const follows = async () => (await stampedWrongly()).length > followedBefore || undefined;
    await eventually('samples of the next process by the wrong clock', follows, 60_000, 1000);
    // Long enough for maintenance, which comes each minute, and for what is sent again.
    await new Promise((resolve) => setTimeout(resolve, 75_000));
    const held = (await ledgerOf(hub, id)).outboxes.flatMap(({ missing }) => missing);
    expect(count(held)).toBeGreaterThan(20);
    expect(await hub.get('/api/v1/quarantine?limit=1000')).toEqual([]);

    set(0);
    await eventually('believed again', async () => (await isBelieved(hub)) || undefined);
    // What was not committed is sent again after a minute, then after up to two, then four (C-7).
    await whole(hub, id, before + 60, 270_000);
    await agent.stop();
    await whole(hub, id, before + 60);
    expect(report()).toMatchObject({ dropped: 0 });
    const times = await busyTimes(hub, id);
    expect(times.filter((time) => time < stoppedS).length).toBeGreaterThanOrEqual(before);
    expect(times.filter((time) => time > stoppedS + 1 && time < awayS).length).toBeGreaterThan(20);
    const setAside = await hub.get('/api/v1/quarantine?limit=1000');
    if (!Array.isArray(setAside)) throw new Error('no list');
    for (const item of setAside) expect(item.reason).toContain('in the future');
    const wrong = await stampedWrongly();
    expect(times.length + wrong.length + setAside.length).toBe(await received(hub, id));
  }, 540_000);
});

describe('a wall clock that is set by a day', () => {
  it('on a classroom PC changes no time of any sample, and nothing is lost', async () => {
    const { hub, id, startAgent, set } = await startWith({ agent: true, hub: false });
    const startS = Math.floor(Date.now() / 1000);
    set(-dayMs);
    const agent = startAgent();
    cleanUp.push(() => agent.stop());
    onTestFailed(() => void process.stderr.write(agent.output()));
    let samples = 40;
    for (const aheadMs of [-dayMs, dayMs, 0]) {
      set(aheadMs);
      await whole(hub, id, samples);
      samples = (await received(hub, id)) + 60;
    }
    await whole(hub, id, samples);
    await agent.stop();
    await whole(hub, id, samples);
    const times = await busyTimes(hub, id);
    expect(times.length).toBe(await received(hub, id));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(startS - 2);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now() / 1000 + 2);
  }, 300_000);

  it('on the hub loses nothing: agents follow it there and back', async () => {
    const { hub, id, startAgent, set } = await startWith({ agent: false, hub: true });
    const agent = startAgent();
    cleanUp.push(() => agent.stop());
    onTestFailed(() => void process.stderr.write(agent.output() + hub.process().output()));
    for (const aheadMs of [0, -dayMs, 0, dayMs, 0]) {
      set(aheadMs);
      const sinceS = (Date.now() + aheadMs) / 1000;
      const followed = async () =>
        (await busyTimes(hub, id)).some((time) => time > sinceS && time < sinceS + 600) || undefined;
      await eventually(`samples of ${aheadMs / dayMs} days ahead`, followed, 60_000, 1000);
    }
    await agent.stop();
    await whole(hub, id, 40);
    const times = await busyTimes(hub, id);
    const setAside = await hub.get('/api/v1/quarantine?limit=1000');
    if (!Array.isArray(setAside)) throw new Error('no list');
    for (const item of setAside) expect(item.reason).toContain('in the future');
    expect(times.length + setAside.length).toBe(await received(hub, id));
  }, 300_000);
});
