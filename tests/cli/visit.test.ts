import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nowS, startFixture } from '@tongtang/hub/http/http.fixture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, tongtang } from '../services/tongtang.ts';

const commandLineToken = 'the-token-of-the-command-line';
let hub: Awaited<ReturnType<typeof startFixture>>;
let data: ReturnType<typeof dataFolder>;

beforeAll(async () => {
  hub = await startFixture({ commandLineToken });
  data = dataFolder();
  mkdirSync(join(data.path, 'hub'));
  writeFileSync(join(data.path, 'hub', 'command-line.token'), commandLineToken);
});
afterAll(async () => {
  await hub.stop();
  data.remove();
});

const visit = (words: readonly string[], locale = 'en_GB.UTF-8') =>
  tongtang(['visit', ...words], {
    TONGTANG_DATA: data.path,
    TONGTANG_HTTP: new URL(hub.address).host,
    LC_ALL: locale,
  });
const file = (name: string, text: string): string => {
  writeFileSync(join(data.path, name), text);
  return join(data.path, name);
};

// The hub's present is 5 January 2026.
const service = ['--school', 'school', '--kind', 'service', '--date', '2025-12-10'];

describe('tongtang visit', () => {
  it('enters what was held, lists and removes it', { timeout: 60_000 }, async () => {
    expect((await visit(['list'])).stdout).toBe('The register has none\n');
    const added = await visit(['add', ...service, '--note', 'new amplifier']);
    expect(added.stdout).toMatch(
      /^v-[0-9a-f]{12} {2}2025-12-10 {2}My school {2}service visit {2}new amplifier {2}command line\n$/,
    );
    await visit(['add', '--school', 'school', '--kind', 'research', '--date', '2026-01-05']);
    expect((await visit(['list'], 'zh_CN.UTF-8')).stdout).toMatch(
      /^v-\w+ {2}2026-01-05 {2}本校 {2}教研活动 {2}command line\nv-\w+ {2}2025-12-10 {2}本校 {2}服务走访 {2}new amplifier/,
    );
    const { visits } = JSON.parse((await visit(['list', '--kind', 'service', '--json'])).stdout);
    expect(visits).toMatchObject([{ date: '2025-12-10', enteredBy: 'command line', enteredAt: nowS }]);
    expect((await visit(['list', '--from', '2026-01-06'])).stdout).toBe('The register has none\n');
    expect((await visit(['remove', visits[0].id])).code).toBe(0);
    expect((await visit(['list', '--school', 'school'])).stdout.match(/\n/g)).toHaveLength(1);
    expect(await visit(['remove', visits[0].id])).toMatchObject({
      code: 1,
      output: `id: no visit "${visits[0].id}"\n`,
    });
  });

  it('imports what an export wrote, and only what is new', { timeout: 60_000 }, async () => {
    const out = join(data.path, 'visits.csv');
    expect((await visit(['export', '--out', out])).code).toBe(0);
    const more = `${readFileSync(out, 'utf8')}2025-12-11,本校,督导检查,\r\n`;
    const path = file('more.csv', more);
    expect((await visit(['import', path, '--check'])).stdout).toBe(
      'Would enter 1 of 2 rows; the register has the others already\n',
    );
    expect((await visit(['import', path])).stdout).toContain('Entered 1 of 2 rows');
    expect((await visit(['import', path])).stdout).toContain('Entered 0 of 2 rows');
    expect((await visit(['export', '--kind', 'inspection'])).stdout).toContain('2025-12-11,school,督导检查,');
  });

  it('imports nothing of what is wrong, and says where', { timeout: 60_000 }, async () => {
    const path = file('wrong.csv', 'Date,School,Kind\n2025-12-12,nowhere,service\n2026-02-01,school,party\n');
    const { code, output } = await visit(['import', path]);
    expect(code).toBe(1);
    expect(output).toContain('- Nothing was imported:');
    expect(output).toContain('row 2, column B (School): the inventory has no school "nowhere"');
    expect(output).toContain('row 3, column C (Kind): "party" must be one of');
    expect(await visit(['import', join(data.path, 'none.csv')])).toMatchObject({
      code: 1,
      output: expect.stringContaining('none.csv cannot be read'),
    });
  });

  it.each([
    [['--school', 'school', '--date', '2025-12-10'], "required option '--kind <kind>'"],
    [['--school', 'school', '--kind', 'party'], 'Allowed choices are first, inspection, research, service'],
    [['--school', 'x', '--kind', 'first', '--date', '2025-12-10'], 'school: no school "x" in local'],
    [
      ['--school', 'school', '--kind', 'first', '--date', '2026-01-06'],
      'is still to come: enter what was held',
    ],
    [['--school', 'school', '--kind', 'first', '--date', '10.12.2025'], 'such as 2026-09-01'],
  ])('refuses %j', { timeout: 60_000 }, async (words, because) => {
    const { code, output } = await visit(['add', ...words]);
    expect([code, output]).toEqual([1, expect.stringContaining(because)]);
  });
});
