import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf, plusDays } from '@tongtang/lessons/plain-date';
import { daysOf, rangePeriod } from '@tongtang/reports/period';
import { createLog } from '@tongtang/runtime/log';
import { qilian, qilianFile } from '@tongtang/simulator/county/qilian';
import { openRegistry } from '@tongtang/store/registry/open';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepDays } from '../services/kept-minutes.ts';
import { dataFolder, startTestHub, tongtang } from '../services/tongtang.ts';

let data: ReturnType<typeof dataFolder>;
const run = (...words: string[]) => tongtang(['report', ...words], { TONGTANG_DATA: data.path });

/** The primary schools' lessons need a platform, which is reached over the line. */
const cut = { school: 'babao', date: '2026-11-24', from: '08:40', to: '09:00' } as const;

beforeAll(async () => {
  data = dataFolder();
  await tongtang(['inventory', 'import', qilianFile], { TONGTANG_DATA: data.path });
}, 60_000);
afterAll(() => data.remove());

describe('tongtang report', () => {
  it('says so where nothing is known yet, and what it needs to know', { timeout: 60_000 }, async () => {
    const early = await run('--month', '2026-11', '--out', join(data.path, 'out'));
    expect([early.code, early.output]).toEqual([
      1,
      expect.stringContaining('There are no minutes of lessons yet'),
    ]);
    const asked: [string[], string][] = [
      [['--out', 'x'], '--month 2026-11, --term <name>, or --from and --to'],
      [['--term', 'none', '--out', 'x'], 'There is no term "none"'],
      [['--month', '2026-13', '--out', 'x'], 'It must be a month'],
      [['--month', '2026-11', '--school', 'no', '--out', 'x'], 'There is no school "no". There are: '],
      [['--month', '2026-11', '--objective', '100', '--out', 'x'], 'per cent below 100'],
      [['--month', '2026-11', '--format', 'doc', '--out', 'x'], 'There are: html, json, csv, xlsx, pdf'],
      [['--from', '2026-11-02', '--to', '2026-11-01', '--out', 'x'], 'is before --from'],
    ];
    for (const [words, objection] of asked) {
      const { code, output } = await run(...words);
      expect([words, code, output]).toEqual([words, 1, expect.stringContaining(objection)]);
    }
  });

  it('writes the report of a week from the files of the hub, twice the same', {
    timeout: 60_000,
  }, async () => {
    keepDays(data.path, qilian(), daysOf(rangePeriod('2026-11-16', '2026-11-29')), [cut]);
    const registry = openRegistry(join(data.path, 'hub', 'registry.db'), createLog('error'));
    const visit = { school: cut.school, kind: 'inspection' as const, note: '' };
    for (const date of ['2026-07-31', '2026-10-12', '2026-11-30'])
      registry.addVisit('qilian', { ...visit, date }, 'test');
    registry.close();
    const words = ['--from', '2026-11-23', '--to', '2026-11-29', '--format', 'json,csv,html,xlsx'];
    const [one, other] = [join(data.path, 'one'), join(data.path, 'other')];
    const { code, stdout, output } = await run(...words, '--out', one);
    expect([code, output]).toEqual([0, expect.stringContaining('14/14')]);
    const base = 'qilian-2026-11-23-2026-11-29';
    expect(readdirSync(one)).toEqual([`${base}-csv`, `${base}.html`, `${base}.json`, `${base}.xlsx`]);
    expect(stdout).toContain(join(one, `${base}.html`));
    expect((await run(...words, '--out', other)).code).toBe(0);
    for (const name of [`${base}.html`, `${base}.json`, `${base}-csv/incidents.csv`])
      expect(readFileSync(join(other, name), 'utf8')).toBe(readFileSync(join(one, name), 'utf8'));

    const report = JSON.parse(readFileSync(join(one, `${base}.json`), 'utf8'));
    const classes = qilian().schools.find(({ id }) => id === cut.school)?.classes.length ?? 0;
    // Of 08:40 to 09:00 all lies in the first period, 08:30 to 09:10.
    expect(report.incidents).toMatchObject([{ id: 'cut-0', lessons: classes, lostMinutes: 20 * classes }]);
    expect(report.responsibilities).toContainEqual({ responsibility: 'provider', minutes: 20 * classes });
    // Of the school year, and not after the period.
    expect(report.visits.entries).toMatchObject([{ school: cut.school, date: '2026-10-12' }]);
    expect(report.inputs.isComplete).toBe(true);
    expect(report.schools).toHaveLength(13);
    expect(report.classes).toHaveLength(46);
    expect(report.schools.at(-1).school).toBe(cut.school);
  });

  it('of one school, in English, while the hub runs', { timeout: 120_000 }, async () => {
    const hub = await startTestHub(data.path);
    const out = join(data.path, 'school');
    // The hub settles minutes up to now: a day that is not over is not known.
    const today = dayOf(Date.now() / 1000, qilian().county.timezone);
    const [from, to] = [plusDays(today, -7), plusDays(today, 1)];
    const words = ['--from', from, '--to', to, '--school', 'babao', '--language', 'en'];
    const { code } = await run(...words, '--format', 'html,pdf', '--out', out);
    expect([code, await hub.process().stop()]).toEqual([0, 0]);
    const base = join(out, `babao-${from}-${to}`);
    expect(readFileSync(`${base}.pdf`, 'latin1')).toMatch(/^%PDF-/);
    const html = readFileSync(`${base}.html`, 'utf8');
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('not all of it is known yet');
  });

  it('says what PDF needs where there is no Chromium', { timeout: 60_000 }, async () => {
    const { code, output } = await tongtang(
      ['report', '--month', '2026-11', '--format', 'pdf', '--out', join(data.path, 'none')],
      { TONGTANG_DATA: data.path, PATH: data.path },
    );
    expect([code, output]).toEqual([1, expect.stringContaining('apt-get install chromium fonts-noto-cjk')]);
  });
});
