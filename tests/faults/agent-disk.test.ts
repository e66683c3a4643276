import { join } from 'node:path';
import { afterAll, describe, it, type TestContext } from 'vitest';
import { agentsOf, codeFrom, seriesOf } from '../services/api.ts';
import { accountOf, everythingOnce, received, whole } from '../services/delivery.ts';
import { eventually } from '../services/eventually.ts';
import { smallDisk, smallDiskObstacle } from '../services/small-disk.ts';
import {
  adminToken,
  ampleBytes,
  dataFolder,
  launch,
  type RunningProcess,
  runProgram,
  startTestHub,
  type TestHub,
  tongtang,
} from '../services/tongtang.ts';

/** What a real agent does whose disk is full, beside a hub that takes what comes, and without one. */

const obstacle = smallDiskObstacle();
const skipped = obstacle !== undefined && process.env.CI === undefined;
if (skipped) process.stderr.write(`agent-disk.test.ts is skipped: ${obstacle}\n`);

const diskMegabytes = 4;
/** At rest an agent writes each half minute, and the disk of a busy machine takes its time. */
const writesWithinMs = 120_000;

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function startHub() {
  const data = dataFolder();
  cleanUp.push(data.remove);
  const hub = await startTestHub(data.path, ampleBytes);
  cleanUp.push(() => hub.process().stop());
  return hub;
}

/** An agent that is enrolled, on a disk of its own. */
async function enrol(hub: TestHub) {
  const data = dataFolder();
  cleanUp.push(data.remove);
  const disk = smallDisk(data.path, diskMegabytes);
  cleanUp.push(disk.unmount);
  const { output } = await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], {
    TONGTANG_DATA: data.path,
  });
  return { folder: data.path, disk, id: /Enrolled as (\S+)\./.exec(output)?.[1] ?? '' };
}

function atEnd(agent: RunningProcess, hub: TestHub, { onTestFailed }: TestContext): void {
  cleanUp.push(() => agent.stop());
  onTestFailed(() => {
    process.stderr.write(`--- agent\n${agent.output()}--- hub\n${hub.process().output()}`);
  });
}

/** As if somebody looked at its page: it sends every ten seconds. */
async function watch(hub: TestHub, id: string): Promise<void> {
  const page = new AbortController();
  cleanUp.push(() => page.abort());
  const headers = { authorization: `Bearer ${adminToken}` };
  await fetch(`${hub.url}/api/v1/live?agents=${id}`, { headers, signal: page.signal });
}

describe.skipIf(skipped).concurrent('an agent whose disk is full', () => {
  it('goes on while the hub takes what it measures, starts on such a disk, and loses nothing', async (context) => {
    const { expect } = context;
    const hub = await startHub();
    const { folder, disk, id } = await enrol(hub);
    const start = (): RunningProcess => {
      const agent = launch(['agent', 'run'], { TONGTANG_DATA: folder });
      atEnd(agent, hub, context);
      return agent;
    };
    const more = async (): Promise<void> => {
      const before = await received(hub, id);
      await eventually(
        'more samples',
        async () => ((await received(hub, id)) > before + 10 ? true : undefined),
        writesWithinMs,
      );
    };
    const first = start();
    await whole(hub, id, 1);
    await watch(hub, id);
    disk.fill();
    await more();
    expect(await first.stop()).toBe(0);
    const second = start();
    await eventually('online again', async () =>
      (await agentsOf(hub)).find((known) => known.id === id)?.state === 'online' ? true : undefined,
    );
    disk.empty();
    await more();
    expect(await second.stop()).toBe(0);
    const counted = await accountOf(hub, id, folder);
    expect(counted).toEqual(everythingOnce(counted.made));
  }, 300_000);

  it('counts what it could not keep without a hub, and all that follows arrives', async (context) => {
    const { expect } = context;
    const hub = await startHub();
    const { folder, disk, id } = await enrol(hub);
    const start = (run: string, series: string): RunningProcess => {
      const agent = runProgram(join(import.meta.dirname, 'busy-agent.ts'), [folder, run, series]);
      atEnd(agent, hub, context);
      return agent;
    };
    // Within a minute more than the room that is kept for a full disk, and more than may wait in memory.
    const first = start('1', '800');
    const says = (what: string, times: number) =>
      eventually(
        `${what}, ${times} times`,
        () => (first.output().split(what).length > times ? true : undefined),
        writesWithinMs,
      );
    await whole(hub, id, 1);
    await hub.process().kill9();
    disk.fill();
    await says('outbox fails', 1);
    disk.empty();
    await says('outbox works again', 1);
    // Once more, and it is stopped so.
    disk.fill();
    await says('outbox fails', 2);
    expect(await first.stop()).toBe(0);
    disk.empty();
    await hub.start();
    const second = start('2', '20');
    await eventually(
      'the second run in the ledger',
      async () => ((await stored(hub, id, 'run-2-')) > 0 ? true : undefined),
      writesWithinMs,
    );
    await whole(hub, id, 1);
    expect(await second.stop()).toBe(0);

    const { dropped, ...counted } = await accountOf(hub, id, folder);
    expect({ ...counted, dropped: 0 }).toEqual(everythingOnce(counted.made));
    const lost = measured(first) + measured(second) - (await stored(hub, id, ''));
    expect(lost).toBeGreaterThan(2000);
    // What it measures of itself and of its way to the hub is lost together with it: seven samples a minute.
    expect(dropped).toBeGreaterThanOrEqual(lost);
    expect(dropped).toBeLessThanOrEqual(lost + 30);
  }, 400_000);
});

/** How many samples a busy agent has measured, by its own log. */
function measured(agent: RunningProcess): number {
  return Number([...agent.output().matchAll(/"samples":(\d+),"msg":"measured"/g)].at(-1)?.[1]);
}

/** How many of them the hub has, of the runs with this name. */
async function stored(hub: TestHub, agent: string, run: string): Promise<number> {
  const query = { measurement: 'dns', field: 'answers', agent, from: '-1h' };
  const { series } = await seriesOf(hub, query);
  return series
    .filter(({ tags }) => tags.target?.startsWith(run))
    .reduce((total, { values }) => total + values.filter((value) => value !== null).length, 0);
}
