import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scribble } from '@tongtang/store/meddle.fixture';
import { generator } from '@tongtang/wire/report.fixture';
import { afterEach, describe, expect, it } from 'vitest';
import { ledgerOf, overviewOf, seriesOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { smallDisk, smallDiskObstacle } from '../services/small-disk.ts';
import { dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';
import { HandMadeAgent } from '../wire/hand-made-agent.ts';

/** What a hub does whose disk is full, or has put random bytes into its files. */

const outbox = '0utb0x00';
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function startHub(data: string): Promise<{ hub: TestHub; agent: HandMadeAgent }> {
  const hub = await startTestHub(data);
  cleanUp.push(() => hub.process().stop());
  const agent = await HandMadeAgent.enrol(hub);
  cleanUp.push(() => agent.end());
  await agent.connect();
  return { hub, agent };
}

/** Lines of numbers from…to, each a sample with its own time. */
function lines(from: number, to: number, startS: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => {
    const number = from + at;
    return `dns,link=lan,target=resolver ok=true,answers=${number}i ${startS + number}`;
  });
}

async function answersStored(hub: TestHub, agent: string): Promise<unknown[]> {
  const { series } = await seriesOf(hub, { measurement: 'dns', field: 'answers', agent, from: '-2h' });
  return series.flatMap(({ values }) => values).filter((value) => value !== null);
}

const numbers = (to: number) => Array.from({ length: to }, (_, at) => at + 1);

describe('a hub whose disk is full', () => {
  it('commits nothing, goes on answering, and takes everything when there is room', async (context) => {
    const obstacle = smallDiskObstacle();
    if (obstacle !== undefined && process.env.CI === undefined) context.skip(obstacle);
    const data = dataFolder();
    cleanUp.push(data.remove);
    const { fill, empty, unmount } = smallDisk(data.path, 24);
    cleanUp.push(unmount);
    const { hub, agent } = await startHub(data.path);
    const startS = Math.floor(Date.now() / 1000) - 3600;
    await agent.sendLines(lines(1, 100, startS), outbox, 1);
    await agent.next('commit');

    fill();
    await agent.sendLines(lines(101, 2000, startS), outbox, 101);
    await eventually('the store refuses', async () => ((await storeErrors(hub)) > 0 ? true : undefined));
    expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
    expect(agent.heard.filter(({ channel }) => channel === 'commit')).toEqual([]);
    expect((await ledgerOf(hub, agent.id)).outboxes[0]?.received).toEqual([[1, 100]]);

    empty();
    expect((await agent.next('commit', 60_000)).document).toMatchObject({ ranges: [[101, 2000]] });
    expect(await answersStored(hub, agent.id)).toEqual(numbers(2000));
    await eventually('ready', async () => ((await fetch(`${hub.url}/readyz`)).ok ? true : undefined));
  }, 120_000);
});

describe('a hub whose files got random bytes', () => {
  it.each(['telemetry.db', 'ledger.db', 'quarantine.db', 'registry.db'])(
    'in %s starts, sets the damaged file aside and says so, and takes what its agents send',
    async (file) => {
      const data = dataFolder();
      cleanUp.push(data.remove);
      const { hub, agent } = await startHub(data.path);
      const startS = Math.floor(Date.now() / 1000) - 3600;
      await agent.sendLines([...lines(1, 500, startS), 'no sample'], outbox, 1);
      await agent.next('commit');
      const path = join(data.path, 'hub', file);
      const random = generator(file.length);
      for (let round = 1; round <= 2; round += 1) {
        await hub.process().stop();
        scribble(path, random);
        await hub.start();
        const first = 501 + round * 10;
        await agent.connect();
        await agent.sendLines(lines(first, first + 9, startS), outbox, first);
        expect((await agent.next('commit')).document).toMatchObject({ ranges: [[first, first + 9]] });
        expect(await answersStored(hub, agent.id)).toContain(first + 9);
      }
      const aside = readdirSync(join(data.path, 'hub')).filter((name) => /\.db\.damaged-.*Z$/.test(name));
      expect(aside.length).toBeGreaterThan(0);
      expect(aside.every((name) => name.startsWith(file))).toBe(true);
      // On the page that people look at first, until they take the files away.
      const told = (await overviewOf(hub)).setAside;
      expect(told.map(({ name }) => name)).toEqual(aside.sort().reverse());
      for (const { time } of told) expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(600);
      const stored = await answersStored(hub, agent.id);
      if (file !== 'telemetry.db') return expect(stored).toEqual(expect.arrayContaining(numbers(500)));
      // What is lost is on record when the files are gone, too.
      expect(stored).not.toContain(500);
      const trail = await hub.get('/api/v1/audit');
      for (const what of aside)
        expect(trail).toContainEqual(expect.objectContaining({ action: 'replace damaged store', what }));
    },
    120_000,
  );
});

async function storeErrors(hub: TestHub): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(/^tongtang_store_errors_total (\d+)$/m.exec(text)?.[1] ?? 0);
}
