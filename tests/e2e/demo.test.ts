import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDemo, prepareDemo, scriptIn, writeTold } from '@tongtang/cli/demo/demo-folder';
import { readInventory } from '@tongtang/cli/inventory-file';
import { scriptText } from '@tongtang/simulator/faults/script';
import { trueStates } from '@tongtang/simulator/faults/truth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentsOf, ledgerOf, seriesOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { freePort } from '../services/free-port.ts';
import {
  adminToken,
  dataFolder,
  launch,
  type RunningProcess,
  type TestHub,
  tongtang,
} from '../services/tongtang.ts';

const countyFile = `
county: { id: small, name: { zh: 小县, en: Small county }, timezone: Asia/Shanghai }
schools:
  - { id: near, name: { zh: 近小学 }, lat: 38.18, lon: 100.25, classes: 2 }
  - { id: far, name: { zh: 远小学 }, lat: 38.4, lon: 99.6, classes: 1 }
periods: [{ n: 1, start: "08:30", end: "09:10" }]
`;
/** How long the fibre of the far school is cut after the start: the demonstration must stand before it is mended. Seconds. */
const cutS = 100;
const mendedPatienceMs = 240_000;

const cleanUp: (() => unknown)[] = [];
let demo: RunningProcess;
let hub: Pick<TestHub, 'get'>;
let folder: string;
let cut: { begin: number; end: number };

beforeAll(async () => {
  const data = dataFolder();
  cleanUp.push(data.remove);
  folder = join(data.path, 'demo');
  const file = join(data.path, 'county.yaml');
  writeFileSync(file, countyFile);
  const now = Math.floor(Date.now() / 1000);
  prepareDemo(folder, () => readInventory(file), now);
  writeTold(folder, now - 3600);
  cut = { begin: now - 300, end: now + cutS };
  const place = { kind: 'school', id: 'far' } as const;
  // The second keeps the demonstration from adding faults of its own.
  const later = { kind: 'pc-cable', place: { kind: 'classroom', school: 'near', id: 'c1' } } as const;
  const faults = [
    { kind: 'fibre-cut', place, ...cut } as const,
    { ...later, begin: now + 80_000, end: now + 81_000 },
  ];
  writeFileSync(scriptIn(folder), scriptText({ faults }));

  const [http, mqtt, stamp] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${http}`;
  demo = launch(['demo', '--data', folder, '--http', `127.0.0.1:${http}`], {
    TONGTANG_MQTT: `127.0.0.1:${mqtt}`,
    TONGTANG_STAMP: `127.0.0.1:${stamp}`,
    TONGTANG_ADMIN_TOKEN: adminToken,
  });
  cleanUp.push(() => demo.stop());
  hub = {
    get: async (path) => {
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${adminToken}` } });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json();
    },
  };
  await eventually('the console', () => (demo.output().includes('#sign-in=') ? true : undefined), 60_000);
}, 90_000);

afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

describe('a demonstration of a small county', () => {
  it('says that its data are simulated, and that its folder is', async () => {
    expect(await hub.get('/api/v1/about')).toEqual({ simulated: true });
    expect(readFileSync(join(folder, 'SIMULATED'), 'utf8')).toContain('模拟数据');
    const { code, output } = await tongtang(['start'], { TONGTANG_DATA: folder });
    expect([code, output]).toEqual([1, expect.stringContaining('holds simulated data')]);
  });

  it('has a past, but for what an agent that is cut off holds', async () => {
    const { times } = await answersOf('near');
    expect(times.length).toBeGreaterThan(20);
    expect((await answersOf('far')).times.filter((time) => time >= cut.begin)).toEqual([]);
  });

  it('is seen as the truth says, while a fibre is cut', async () => {
    await eventually('the near school', () => seenAsTrue('near'), 60_000, 1000);
    const agents = (await agentsOf(hub)).filter(({ school }) => school === 'far');
    expect(agents.map(({ state }) => state)).toEqual(agents.map(() => 'offline'));
  }, 90_000);

  it(
    'brings what was measured meanwhile when the fibre is mended, whole, and is seen as the truth says',
    async () => {
      await eventually('the far school', () => seenAsTrue('far'), mendedPatienceMs, 1000);
      const { times, values } = await eventually(
        'the backlog',
        async () => {
          const found = await answersOf('far');
          return found.times.some((time) => time < cut.begin + 20) ? found : undefined;
        },
        60_000,
        1000,
      );
      const during = times.flatMap((time, index) =>
        time >= cut.begin && time < cut.end ? [[time, values[index]] as const] : [],
      );
      expect(during.length).toBeGreaterThanOrEqual(Math.floor((cut.end - cut.begin) / 10) - 1);
      expect(during.filter(([, ok]) => ok !== false && ok !== 0)).toEqual([]);
      for (const { id, school } of await agentsOf(hub)) {
        const { outboxes } = await ledgerOf(hub, id);
        expect([school, outboxes.length, outboxes[0]?.received.length, outboxes[0]?.missing]).toEqual([
          school,
          1,
          1,
          [],
        ]);
      }
    },
    mendedPatienceMs + 90_000,
  );
});

/** The answers of one classroom's hub to STAMP, as they are stored. */
async function answersOf(school: string): Promise<{ times: readonly number[]; values: readonly unknown[] }> {
  const query = { measurement: 'stamp', field: 'ok', school, classroom: 'c1' };
  const span = { from: new Date((cut.begin - 3000) * 1000).toISOString(), to: new Date().toISOString() };
  const { times, series } = await seriesOf(hub, { ...query, ...span });
  return { times, values: series[0]?.values ?? [] };
}

/** Asks until all machines of a school are online and the hub sees their links as they are. */
async function seenAsTrue(school: string): Promise<true | undefined> {
  const { county } = openDemo(folder);
  const now = Date.now() / 1000;
  const expected = county.machines
    .filter((machine) => machine.school.id === school)
    .map((machine) => ({
      classroom: machine.classroom,
      state: 'online',
      links: [...trueStates(county, machine, now)].map(([link, state]) => `${link} ${state}`).sort(),
    }));
  const seen = (await agentsOf(hub))
    .filter((agent) => agent.school === school)
    .map(({ classroom, state, links }) => ({
      classroom,
      state,
      links: links.map((link) => `${link.link} ${link.state}`).sort(),
    }));
  expect(seen.toSorted(byClassroom)).toEqual(expected.toSorted(byClassroom));
  return true;
}

function byClassroom(a: Readonly<{ classroom: string }>, b: Readonly<{ classroom: string }>): number {
  return a.classroom.localeCompare(b.classroom);
}
