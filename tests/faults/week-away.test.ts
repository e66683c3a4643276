import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemBoot } from '@tongtang/agent/boot';
import { defaultBytesPerDay } from '@tongtang/agent/uplink/byte-budget';
import { dayOf } from '@tongtang/agent/uplink/pace';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { createLog } from '@tongtang/runtime/log';
import { afterAll, expect, it } from 'vitest';
import { codeFrom, ledgerOf, seriesOf } from '../services/api.ts';
import { whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { dataFolder, runProgram, startTestHub, tongtang } from '../services/tongtang.ts';

/**
 * A hub that was away for a week: the agent's outbox holds what a school measures in that time, and its byte budget what
 * the week did not use. When both are there again, the technician sees now at once, and history fills in behind.
 */

const weekS = 7 * 86_400;
const beatS = 10;
const seriesCount = 3;
const beatsAtOnce = 30;

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it('a week of backlog arrives whole, and what is measured now goes first', async () => {
  const [hubData, agentData] = [dataFolder(), dataFolder()];
  cleanUp.push(hubData.remove, agentData.remove);
  const hub = await startTestHub(hubData.path);
  cleanUp.push(() => hub.process().stop());
  const { output } = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: agentData.path,
  });
  const id = /Enrolled as (\S+)\./.exec(output)?.[1] ?? '';
  const backlog = fillOutbox(agentData.path);
  saveBudgetOfWeek(agentData.path);

  const agent = runProgram(join(import.meta.dirname, 'busy-agent.ts'), [agentData.path, '1']);
  cleanUp.push(() => agent.stop());
  const outbox = async () => (await ledgerOf(hub, id)).outboxes[0];
  const first = await eventually('the first batches', outbox);
  expect(first.received.at(-1)?.[1]).toBeGreaterThanOrEqual(backlog);
  expect(first.missing.length).toBeGreaterThan(0);

  // While history fills in, each look finds what was measured in the last seconds.
  let looks = 0;
  while (((await outbox())?.missing.length ?? 0) > 0) {
    const fresh = async () => ((await newestAnswer(hub, id)) > Date.now() / 1000 - 15 ? true : undefined);
    await eventually('live figures', fresh, 15_000, 500);
    looks += 1;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  expect(looks).toBeGreaterThan(3);
  await agent.stop();
  await whole(hub, id, backlog);
  // Long ranges are read from minutes, which follow late data within a few turns of the store's maintenance.
  const stored = async () => ((await pointsOfWeek(hub, id)) === backlog ? true : undefined);
  await eventually(`${backlog} points in the store`, stored, 240_000, 5000);
}, 600_000);

/** @returns how many samples it holds */
function fillOutbox(data: string): number {
  const path = join(data, 'agent', 'outbox.db');
  const outbox = openOutbox({ path, boot: systemBoot(), log: createLog('error') });
  const endS = Math.floor(Date.now() / 1000) - beatS;
  for (let at = endS - weekS; at < endS; at += beatS * beatsAtOnce) {
    const beats = Array.from({ length: beatsAtOnce }, (_, beat) => at + beat * beatS);
    outbox.append(
      beats.flatMap((time) =>
        Array.from({ length: seriesCount }, (_, series) => ({
          line: `dns,link=broadband,target=week-${series} ok=true,resolve_ms=${(time * 37) % 900},answers=1i`,
          time,
        })),
      ),
    );
  }
  const { samples } = outbox.stats();
  outbox.close();
  return samples;
}

/** As the agent leaves it after a week without its hub. */
function saveBudgetOfWeek(data: string): void {
  const { day } = dayOf(Date.now() / 1000);
  const budget = { day, usedBytes: 0, backlogBytes: 0, savedBytes: 7 * defaultBytesPerDay };
  writeFileSync(join(data, 'agent', 'budget.json'), JSON.stringify(budget));
}

/** When the busy sampler's newest sample was taken, in seconds. */
async function newestAnswer(hub: Parameters<typeof seriesOf>[0], agent: string): Promise<number> {
  const query = { measurement: 'dns', field: 'answers', agent, target: 'run-1-0', from: '-1m' };
  const { times } = await seriesOf(hub, query);
  return times.at(-1) ?? 0;
}

async function pointsOfWeek(hub: Parameters<typeof seriesOf>[0], agent: string): Promise<number> {
  let points = 0;
  for (let series = 0; series < seriesCount; series += 1) {
    const query = { measurement: 'dns', field: 'answers', agent, target: `week-${series}` };
    const counts = await seriesOf(hub, { ...query, from: '-8d', every: '1h', agg: 'count' });
    for (const { values } of counts.series)
      points += values.reduce<number>((total, value) => total + Number(value ?? 0), 0);
  }
  return points;
}
