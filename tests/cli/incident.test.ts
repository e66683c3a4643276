import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { nowS, startFixture } from '@tongtang/hub/http/http.fixture';
import { someIncidents } from '@tongtang/hub/http/incidents.fixture';
import { deskInMemory } from '@tongtang/hub/incidents/desk.fixture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../services/free-port.ts';
import { dataFolder, startTestHub, tongtang } from '../services/tongtang.ts';

const commandLineToken = 'the-token-of-the-command-line';
const cleanUp: (() => unknown)[] = [];
let hub: Awaited<ReturnType<typeof startFixture>>;
let data: string;

beforeAll(async () => {
  const incidents = someIncidents('local', 'school', ['room-1'], nowS);
  hub = await startFixture({ commandLineToken }, { incidents: deskInMemory(incidents) });
  cleanUp.push(hub.stop);
  data = folderWith(commandLineToken);
});
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** The data folder of a hub that has left its token there. */
function folderWith(token: string): string {
  const folder = dataFolder();
  cleanUp.push(folder.remove);
  mkdirSync(join(folder.path, 'hub'));
  writeFileSync(join(folder.path, 'hub', 'command-line.token'), token);
  return folder.path;
}

const run = (...words: string[]) =>
  tongtang(words, {
    TONGTANG_DATA: data,
    TONGTANG_HTTP: new URL(hub.address).host,
    LC_ALL: 'en_GB.UTF-8',
  });
const incident = (...words: string[]) => run('incident', ...words);
const maintenance = (...words: string[]) => run('maintenance', ...words);

describe('tongtang incident', () => {
  it('lists what is open, and with a time also what is over', async () => {
    const open = await incident('list');
    expect(open.stdout).toMatch(
      /^cut-school {2}critical {2}.*broadband: the school's line is cut \(certain\)\n/,
    );
    expect(open.stdout).toMatch(
      /since 2026-01-05 \d\d:50 {2}open {2}lessons hit: 2 {2}next: \d\d:40 .*英语\n$/,
    );
    const all = await incident('list', '--from', '-7d');
    expect(all.stdout).toContain('power-school  info');
    expect((await incident('list', '--school', 'elsewhere')).stdout).toBe('No open incident\n');
  });

  it('says it in Chinese where the system speaks it', async () => {
    const { stdout } = await tongtang(['incident', 'list'], {
      TONGTANG_DATA: data,
      TONGTANG_HTTP: new URL(hub.address).host,
      LC_ALL: 'zh_CN.UTF-8',
    });
    expect(stdout).toContain('地网：学校线路中断（可以确定）');
  });

  it('shows one, and gives both as the API has them', async () => {
    const { stdout } = await incident('show', 'cut-school');
    expect(stdout).toContain('Check first\n  1. ');
    expect(stdout).toContain("the school's gateway answers");
    const one = JSON.parse((await incident('show', 'cut-school', '--json')).stdout);
    expect(one).toMatchObject({ id: 'cut-school', row: 'line' });
    const list = JSON.parse((await incident('list', '--json')).stdout);
    expect(list.incidents).toMatchObject([{ id: 'cut-school' }]);
  });

  it('acknowledges, notes, closes and reopens; the hub says whose doing it is', async () => {
    const taken = await incident('acknowledge', 'cut-school', '--note', 'on the way');
    expect(taken.stdout).toContain('command line takes care of it');
    expect(taken.stdout).toContain('acknowledged  command line  on the way');
    expect((await incident('note', 'cut-school', 'excavator')).stdout).toContain('command line  excavator');
    expect((await incident('close', 'cut-school')).stdout).toContain('closed by hand');
    expect((await incident('list')).stdout).toBe('No open incident\n');
    expect(await incident('close', 'cut-school')).toMatchObject({
      code: 1,
      output: 'it is closed already\n',
    });
    expect((await incident('reopen', 'cut-school')).stdout).toContain('command line takes care of it');
  });

  it('says which incident is not there', async () => {
    expect(await incident('show', 'none')).toMatchObject({
      code: 1,
      output: 'incident: no incident "none"\n',
    });
  });
});

describe('tongtang maintenance', () => {
  it('announces work once and every week in the time of the county, lists and removes it', async () => {
    expect((await maintenance('list')).stdout).toContain('No work is announced');
    const once = await maintenance(
      ...['add', '--note', 'new line', '--school', 'school'],
      ...['--from', '2026-01-06T08:30', '--to', '2026-01-06T10:00'],
    );
    expect(once.stdout).toMatch(
      /^w-[0-9a-f]{8} {2}2026-01-06 08:30 to 2026-01-06 10:00 {2}.* {2}new line\n$/,
    );
    const weekly = ['--weekly', 'wed,mon', '--at', '02:00', '--minutes', '60'];
    await maintenance('add', '--note', 'restart', ...weekly);
    const { stdout } = await maintenance('list');
    expect(stdout).toMatch(
      /every Mon, Wed at 02:00 for 60 minutes, next: 2026-01-07 02:00 {2}the whole county {2}restart/,
    );
    const { windows } = JSON.parse((await maintenance('list', '--json')).stdout);
    expect(windows).toHaveLength(2);
    for (const { id } of windows) expect((await maintenance('remove', id)).code).toBe(0);
    expect((await maintenance('list')).stdout).toContain('No work is announced');
  });

  it.each([
    [['--note', 'x'], 'Give --from and --to, or --weekly, --at and --minutes'],
    [['--note', 'x', '--weekly', 'mon'], 'at: is needed with kind weekly'],
    [['--note', 'x', '--weekly', 'someday'], 'mon,tue,wed,thu,fri,sat,sun'],
    [['--note', 'x', '--from', '8:30', '--to', '9:30'], 'such as 2026-03-02T08:30'],
    [['--note', 'x', '--from', '2026-01-06T08:30', '--to', '2026-01-06T08:00'], 'end: must be after start'],
    [
      ['--note', 'x', '--school', 'y', '--from', '2026-01-06T08:30', '--to', '2026-01-06T09:00'],
      'school: no school "y" in local',
    ],
  ])('refuses %j', async (words, because) => {
    const { code, output } = await maintenance('add', ...words);
    expect([code, output]).toEqual([1, expect.stringContaining(because)]);
  });
});

describe('where the hub cannot be asked, the command says what to do', () => {
  it('no hub has run with this folder', async () => {
    const folder = dataFolder();
    cleanUp.push(folder.remove);
    const { code, output } = await tongtang(['incident', 'list'], { TONGTANG_DATA: folder.path });
    expect([code, output]).toEqual([1, expect.stringContaining('No hub has run in')]);
  });

  it('no hub runs now', async () => {
    const http = `127.0.0.1:${await freePort()}`;
    const { code, output } = await tongtang(['incident', 'list'], {
      TONGTANG_DATA: data,
      TONGTANG_HTTP: http,
    });
    expect([code, output]).toEqual([1, expect.stringContaining(`No hub answers at http://${http}`)]);
  });

  it('the folder is of another hub', async () => {
    const { code, output } = await tongtang(['incident', 'list'], {
      TONGTANG_DATA: folderWith('another'),
      TONGTANG_HTTP: new URL(hub.address).host,
    });
    expect([code, output]).toEqual([1, expect.stringContaining('does not know this token')]);
  });

  it('another program listens there', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    cleanUp.push(() => server.close());
    await new Promise((done) => server.once('listening', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, output } = await tongtang(['incident', 'list'], {
      TONGTANG_DATA: data,
      TONGTANG_HTTP: `127.0.0.1:${port}`,
    });
    expect([code, output]).toEqual([1, expect.stringContaining('is no hub of this version')]);
  });
});

describe("on the hub's own machine", () => {
  it('no token has to be made, neither on loopback nor where the hub listens everywhere', async () => {
    const folder = dataFolder();
    cleanUp.push(folder.remove);
    const real = await startTestHub(folder.path);
    cleanUp.push(() => real.process().stop());
    const { TONGTANG_ADMIN_TOKEN: _, ...environment } = real.environment;
    const asked = (http: string) =>
      tongtang(['incident', 'list'], { ...environment, LC_ALL: 'en_GB.UTF-8', TONGTANG_HTTP: http });
    const { host, port } = new URL(real.url);
    expect(await asked(host)).toMatchObject({ code: 0, stdout: 'No open incident\n' });
    expect(await asked(`0.0.0.0:${port}`)).toMatchObject({ code: 0, stdout: 'No open incident\n' });
  }, 90_000);
});
