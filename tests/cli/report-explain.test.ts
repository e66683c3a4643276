import { daysOf, rangePeriod } from '@tongtang/reports/period';
import { createLog } from '@tongtang/runtime/log';
import { qilian, qilianFile } from '@tongtang/simulator/county/qilian';
import { openTelemetryStore } from '@tongtang/store/open';
import { decodeLine } from '@tongtang/wire/line-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepDays } from '../services/kept-minutes.ts';
import { dataFolder, tongtang } from '../services/tongtang.ts';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
/** Of long ago no raw samples are kept. */
const [from, to] = [daysAgo(7), daysAgo(1)];
/** The last of some days that is one from Monday to Friday. */
const schoolDayIn = (dates: readonly string[]): string =>
  dates.findLast((date) => ![0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay())) ?? '';
const day = schoolDayIn(daysOf({ from, to }));
const cut = { school: 'babao', date: day, from: '08:40', to: '09:00' } as const;

let data: ReturnType<typeof dataFolder>;
const run = (...words: string[]) =>
  tongtang(['report', 'explain', ...words, '--from', from, '--to', to], { TONGTANG_DATA: data.path });

beforeAll(async () => {
  data = dataFolder();
  await tongtang(['inventory', 'import', qilianFile], { TONGTANG_DATA: data.path });
  keepDays(data.path, qilian(), daysOf(rangePeriod(daysAgo(14), to)), [cut]);
  const store = await openTelemetryStore('sqlite:', { dataFolder: data.path, log: createLog('error') });
  const at = Date.parse(`${day}T08:41:10+08:00`) / 1000;
  const samples = [
    `http,target=national,link=platform ok=false,duration_ms=5000 ${at}`,
    `http,target=national,link=platform ok=true,duration_ms=80 ${at + 3600}`,
  ].map((line) => {
    const sample = decodeLine(line);
    if ('reason' in sample) throw new Error(sample.reason);
    return sample;
  });
  const place = { county: 'qilian', school: 'babao', classroom: 'c1', agent: 'babao-c1' };
  await store.write([{ place, samples }]);
  await store.close();
}, 120_000);
afterAll(() => data.remove());

describe('tongtang report explain', { timeout: 120_000 }, () => {
  it('lists the lessons behind a figure, their minutes and what took them, and what all adds', async () => {
    const { code, stdout } = await run('lost-minutes/class/babao/c1', '--language', 'en');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'lost-minutes/class/babao/c1',
      expect.stringMatching(/^Classes · .* Class 1 · minutes lost = 20$/),
      'Minutes of lessons that were down, added up.',
      '',
      expect.stringMatching(
        new RegExp(`^${day}  08:30–09:10  period 1 .* Class 1  embedded  (lost|degraded)  adds 20$`),
      ),
      "  08:40–09:00  down  20 min  [Platform]  the school's line is cut  cut-0",
      '',
      'In all: 20',
      '',
    ]);
  });

  it('with the raw samples of these minutes, of what the lesson needs', async () => {
    const { stdout } = await run('lost-minutes/class/babao/c1', '--samples');
    const told = stdout.split('\n').filter((line) => line.startsWith('    '));
    expect(told).toEqual([
      expect.stringMatching(/^ {4}08:41:10 babao-c1 http .*link=platform.* ok=(false|0)/),
    ]);
  });

  it('tells all figures with their references, and those of a row', async () => {
    const all = await run('--list', '--language', 'en');
    const lines = all.stdout.trim().split('\n');
    expect(lines).toContainEqual(
      expect.stringMatching(/^availability\/class\/babao\/c1 {2}Classes · .* · availability % = \d/),
    );
    expect(new Set(lines.map((line) => line.split('  ')[0])).size).toBe(lines.length);
    const row = await run('class/babao/c1');
    expect([row.code, row.output]).toEqual([
      1,
      expect.stringMatching(/is not one figure.*availability\/class\/babao\/c1.*coverage\/class\/babao\/c1/s),
    ]);
    expect((await run()).output).toContain('Which figure?');
    expect((await run('availability/class/babao/c99')).output).toContain('has no figure');
  });

  it('as JSON for programs', async () => {
    const { stdout } = await run('lost-minutes/incident/cut-0', '--json');
    const { figure, how, evidence, adds } = JSON.parse(stdout);
    const classes = qilian().schools.find(({ id }) => id === 'babao')?.classes.length ?? 0;
    expect(figure).toMatchObject({
      reference: 'lost-minutes/incident/cut-0',
      value: { count: 20 * classes },
    });
    expect([how.en, evidence.length, adds]).toEqual([
      expect.any(String),
      classes,
      { part: 20 * classes, of: 0 },
    ]);
  });

  it('says where raw samples are gone', async () => {
    const [first, last] = [daysAgo(66), daysAgo(60)];
    const long = daysOf({ from: first, to: last });
    keepDays(data.path, qilian(), [...long, to], [{ ...cut, date: schoolDayIn(long) }]);
    const words = ['report', 'explain', 'lost-minutes/class/babao/c1', '--samples', '--school', 'babao'];
    words.push('--from', first, '--to', last);
    const { stdout } = await tongtang(words, { TONGTANG_DATA: data.path });
    expect(stdout).toContain('    原始样本只保留 30 天，这些已经没有了');
    expect(stdout).toContain('合计: 20');
  });
});
