import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { codeFrom, seriesOf } from '../services/api.ts';
import { received, whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { dataFolder, runProgram, startTestHub, tongtang } from '../services/tongtang.ts';
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
  const hub = await startTestHub(hubData.path, ownClock.hub ? environment : {});
  cleanUp.push(() => hub.process().stop());
  const { output } = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: agentData.path,
  });
  const id = /Enrolled as (\S+)\./.exec(output)?.[1] ?? '';
  const program = join(import.meta.dirname, 'busy-agent.ts');
  const startAgent = () => runProgram(program, [agentData.path, '1'], ownClock.agent ? environment : {});
  return { hub, id, startAgent, set: (aheadMs: number) => setWallClock(clock, aheadMs) };
}

/** The times of all that an agent measured, in seconds; each sample has its own key. */
async function timesStored(hub: Parameters<typeof seriesOf>[0], agent: string): Promise<number[]> {
  const found: number[] = [];
  for (const [measurement, field] of [
    ['dns', 'answers'],
    ['stamp', 'ok'],
    ['agent', 'resident_bytes'],
  ] as const) {
    const from = new Date(Date.now() - 3 * dayMs).toISOString();
    const to = new Date(Date.now() + 3 * dayMs).toISOString();
    const { times, series } = await seriesOf(hub, { measurement, field, agent, from, to });
    for (const { values } of series)
      for (const [at, value] of values.entries()) if (value !== null) found.push(times[at] ?? 0);
  }
  return found;
}

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
    const times = await timesStored(hub, id);
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
        (await timesStored(hub, id)).some((time) => time > sinceS && time < sinceS + 600) || undefined;
      await eventually(`samples of ${aheadMs / dayMs} days ahead`, followed, 60_000, 1000);
    }
    await agent.stop();
    await whole(hub, id, 40);
    const times = await timesStored(hub, id);
    const setAside = await hub.get('/api/v1/quarantine?limit=1000');
    if (!Array.isArray(setAside)) throw new Error('no list');
    for (const item of setAside) expect(item.reason).toContain('in the future');
    expect(times.length + setAside.length).toBe(await received(hub, id));
  }, 300_000);
});
