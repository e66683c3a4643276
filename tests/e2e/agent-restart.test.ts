import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemBoot } from '@tongtang/agent/boot';
import { BudgetState } from '@tongtang/agent/uplink/byte-budget';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { createLog } from '@tongtang/runtime/log';
import { validate } from '@tongtang/runtime/validation';
import { afterEach, describe, expect, it } from 'vitest';
import { codeFrom, seriesOf } from '../services/api.ts';
import { whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { ampleBytes, dataFolder, launch, runProgram, startTestHub, tongtang } from '../services/tongtang.ts';

/** What an agent that was stopped in order goes on with at its next start, hub or no hub. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function enrolled() {
  const [hubData, agentData] = [dataFolder(), dataFolder()];
  cleanUp.push(hubData.remove, agentData.remove);
  const hub = await startTestHub(hubData.path, ampleBytes);
  cleanUp.push(() => hub.process().stop());
  const { output } = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: agentData.path,
  });
  const id = /Enrolled as (\S+)\./.exec(output)?.[1] ?? '';
  return { hub, id, data: agentData.path, hubData: hubData.path };
}

describe('an agent that is stopped', () => {
  it('writes to its outbox what it has measured and not yet written, and it arrives with its time', async () => {
    const { hub, id, data } = await enrolled();
    await hub.process().stop();
    const program = join(import.meta.dirname, '../faults/busy-agent.ts');
    const startS = Math.floor(Date.now() / 1000);
    const first = runProgram(program, [data, 'first', '1']);
    cleanUp.push(() => first.stop());
    // Sooner than readings are written together, which is after nine seconds.
    await eventually('a start', () => first.output().includes('not connected') || undefined);
    await new Promise((resolve) => setTimeout(resolve, 6000));
    await first.stop();
    const stopS = Math.ceil(Date.now() / 1000);
    const path = join(data, 'agent', 'outbox.db');
    const outbox = openOutbox({ path, boot: systemBoot(), log: createLog('error') });
    const { samples } = outbox.stats();
    outbox.close();
    expect(samples).toBeGreaterThanOrEqual(3);

    await hub.start();
    const second = runProgram(program, [data, 'second', '1']);
    cleanUp.push(() => second.stop());
    await whole(hub, id, samples + 1);
    const query = { measurement: 'dns', field: 'answers', agent: id, target: 'run-first-0', from: '-10m' };
    const { times } = await seriesOf(hub, query);
    expect(times.length).toBeGreaterThanOrEqual(2);
    for (const time of times) expect(time >= startS - 1 && time <= stopS).toBe(true);
    expect(times.at(-1)).toBeGreaterThanOrEqual(stopS - 4);
  }, 120_000);

  it('measures what it was last told to, without a hub, and counts on the bytes of the day', async () => {
    const { hub, data, hubData } = await enrolled();
    let visits = 0;
    const target = createServer((socket) => {
      visits += 1;
      socket.on('error', () => {}).end();
    }).listen(0, '127.0.0.1');
    cleanUp.push(() => target.close());
    await once(target, 'listening');
    const address = target.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const inventory = {
      county: { id: 'local', name: { en: 'Local' }, timezone: 'Asia/Shanghai' },
      schools: [{ id: 'school', name: { en: 'School' }, classrooms: [{ id: 'room-1' }] }],
      targets: [
        { id: 'library', link: 'broadband', probe: 'tcp', address: `127.0.0.1:${address.port}`, every: 10 },
      ],
    };
    const words = ['inventory', 'import', '-'];
    const imported = await tongtang(words, { TONGTANG_DATA: hubData }, JSON.stringify(inventory));
    expect(imported.code, imported.output).toBe(0);
    /** Starts the agent, waits for two visits of the target, stops it. */
    const run = async (): Promise<void> => {
      const before = visits;
      const agent = launch(['agent', 'run'], { TONGTANG_DATA: data, TZ: noonHere() });
      cleanUp.push(() => agent.stop());
      await eventually('two visits', () => visits >= before + 2 || undefined, 60_000);
      await agent.stop();
    };
    await run();
    const first = usedBytes(data);
    await run();
    const second = usedBytes(data);
    expect(first).toBeGreaterThan(1000);
    // Lost, it would be about as much again as the first time.
    expect(second).toBeGreaterThan(first * 1.5);

    await hub.process().stop();
    await run();
    expect(usedBytes(data)).toBeGreaterThanOrEqual(second);
  }, 240_000);
});

function usedBytes(data: string): number {
  const read = validate(BudgetState, JSON.parse(readFileSync(join(data, 'agent', 'budget.json'), 'utf8')));
  if (!read.ok) throw new Error(read.problems.join('; '));
  return read.value.usedBytes;
}

/** A time zone in which no day ends within the test. */
function noonHere(): string {
  const ahead = 12 - new Date().getUTCHours();
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
