import { join } from 'node:path';
import { afterEach, expect, it, onTestFailed } from 'vitest';
import { codeFrom } from '../services/api.ts';
import { busyTimes, received, whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { ampleBytes, dataFolder, runProgram, startTestHub, tongtang } from '../services/tongtang.ts';
import { environmentOf, setWallClock } from './wall-clock.ts';

/**
 * A classroom PC that sleeps over night: its process stands still, its monotonic clock, too, while the world and the clock
 * that counts from the machine's start go on. The hub's clock is set ahead by as much, so that the night takes a moment.
 */

const nightMs = 8 * 3_600_000;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it('after a sleep the session is renewed at once, and every sample before and after has its right time', async () => {
  const [hubData, agentData, clocks] = [dataFolder(), dataFolder(), dataFolder()];
  cleanUp.push(hubData.remove, agentData.remove, clocks.remove);
  const [hubClock, agentClock] = [join(clocks.path, 'hub'), join(clocks.path, 'agent')];
  const hub = await startTestHub(hubData.path, { ...ampleBytes, ...environmentOf(hubClock) });
  cleanUp.push(() => hub.process().stop());
  const { output } = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: agentData.path,
  });
  const id = /Enrolled as (\S+)\./.exec(output)?.[1] ?? '';
  const startS = Date.now() / 1000;
  const program = join(import.meta.dirname, 'busy-agent.ts');
  const agent = runProgram(program, [agentData.path, '1'], environmentOf(agentClock));
  cleanUp.push(() => agent.stop());
  onTestFailed(() => void process.stderr.write(agent.output()));
  await whole(hub, id, 100);

  process.kill(agent.pid, 'SIGSTOP');
  const asleepS = Date.now() / 1000;
  setWallClock(hubClock, nightMs);
  setWallClock(agentClock, nightMs, nightMs);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  process.kill(agent.pid, 'SIGCONT');
  const awakeS = Date.now() / 1000 + nightMs / 1000;

  const sessions = () => agent.output().match(/"msg":"connected"/g)?.length ?? 0;
  await eventually('a new session', () => sessions() > 1 || undefined, 10_000);
  expect(agent.output()).toMatch(/"sleptS":2880[01],/);
  await whole(hub, id, (await received(hub, id)) + 100);
  await agent.stop();
  await whole(hub, id, 200);

  const times = await busyTimes(hub, id);
  expect(times.length).toBe(await received(hub, id));
  const before = times.filter((time) => time <= asleepS);
  const after = times.filter((time) => time > asleepS);
  expect(before.length).toBeGreaterThanOrEqual(80);
  expect(after.length).toBeGreaterThanOrEqual(80);
  expect(Math.min(...before)).toBeGreaterThanOrEqual(startS - 2);
  expect(Math.min(...after)).toBeGreaterThanOrEqual(awakeS - 2);
  expect(Math.max(...after)).toBeLessThanOrEqual((Date.now() + nightMs) / 1000 + 2);
}, 240_000);
