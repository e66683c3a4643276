import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFixture } from '@tongtang/hub/http/http.fixture';
import { buildInventory } from '@tongtang/model/inventory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, tongtang } from '../services/tongtang.ts';

const commandLineToken = 'the-token-of-the-command-line';
/** The day of the fixture's present, a Monday. */
const start = Date.parse('2026-01-05T10:20:00+08:00') / 1000;

const data = dataFolder();
let hub: Awaited<ReturnType<typeof startFixture>>;
beforeAll(async () => {
  mkdirSync(join(data.path, 'hub'));
  writeFileSync(join(data.path, 'hub', 'command-line.token'), commandLineToken);
  hub = await startFixture({ commandLineToken });
  const built = buildInventory({
    county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'hb3z', name: { zh: '海北三中', en: 'Haibei No. 3' }, mode: 'live', classes: 2 }],
    periods: [{ n: 3, start: '10:20', end: '11:00' }],
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  hub.registry.importInventory(built.inventory, 'test');
  const check = { item: 'disk', found: 'full', state: 'at-risk', figure: 2e8 } as const;
  const readiness = { state: 'at-risk', at: start - 900, checks: [check] } as const;
  hub.readiness.keep('qilian', [{ school: 'hb3z', class: 'c2', start, readiness }]);
});
afterAll(async () => {
  await hub.stop();
  data.remove();
});

const lessons = (...words: string[]) =>
  tongtang(['lessons', ...words], {
    TONGTANG_DATA: data.path,
    TONGTANG_HTTP: new URL(hub.address).host,
    LC_ALL: 'en_GB.UTF-8',
  });

describe('tongtang lessons', () => {
  it('lists the lessons of a day, and says why one is at risk and what to do', async () => {
    const { stdout, output } = await lessons('--county', 'qilian', '--date', '2026-01-05');
    expect(stdout, output).toBe(`2026-01-05, Asia/Shanghai

10:20–11:00  3  Haibei No. 3 Class 1  live  broadband  not checked
10:20–11:00  3  Haibei No. 3 Class 2  live  broadband  at risk
    disk: the disk is full: 200 MB free
      to do: remove old recordings and temporary files at once
`);
  });

  it('lists only those at risk where that is asked for, also as JSON', async () => {
    const { stdout, output } = await lessons('--county', 'qilian', '--at-risk', '--json');
    expect(JSON.parse(stdout), output).toMatchObject({ date: '2026-01-05', lessons: [{ class: 'c2' }] });
  });

  it('says of a day without lessons that it has none', async () => {
    expect((await lessons('--county', 'qilian', '--date', '2026-01-04')).stdout).toBe('No lessons\n');
  });

  it('asks which county where there are several', async () => {
    const { code, output } = await lessons();
    expect([code, output]).toEqual([1, expect.stringContaining('county: the hub has several')]);
  });
});
