import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, tongtang } from '../services/tongtang.ts';

const example = fileURLToPath(new URL('../../packages/model/examples/qilian.yaml', import.meta.url));

let data: ReturnType<typeof dataFolder>;
const run = (...words: string[]) =>
  tongtang(['timetable', ...words], { TONGTANG_DATA: data.path, LC_ALL: 'en_GB.UTF-8' });
const file = (name: string, text?: string): string => {
  const path = join(data.path, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};

beforeAll(async () => {
  data = dataFolder();
  await tongtang(['inventory', 'import', example], { TONGTANG_DATA: data.path });
});
afterAll(() => data.remove());

describe('tongtang timetable', () => {
  it('says how to begin where there is none', async () => {
    const { code, output } = await run('show');
    expect([code, output]).toEqual([1, expect.stringContaining('npx tongtang timetable template')]);
  });

  it('imports the template that it wrote, and CSV beside it', async () => {
    expect((await run('template', '--out', file('t.xlsx'))).code).toBe(0);
    const terms = file('terms.csv', '学期,开始日期,结束日期\n2026 秋,2026-09-01,2027-01-15\n');
    const lessons = file(
      'lessons.csv',
      '学校,班级,节次,周一,周二\n海北三中,网班 2,1,数学,英语\n八宝小学,c1,2,语文,\n',
    );
    const { code, stdout } = await run('import', file('t.xlsx'));
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('imported Terms, Bells, Calendar, Lessons, Changes'),
    ]);
    expect((await run('import', terms, lessons)).stdout).toContain('imported Terms, Lessons');
  });

  it('imports nothing of what is wrong, and says in one go where', async () => {
    const wrong = file('wrong.csv', '学校,班级,节次,周一\n北校,c1,1,数学\nhb3z,c99,1,数学\n');
    const { code, output } = await run('import', wrong);
    expect(code).toBe(1);
    expect(output).toContain('Nothing was imported');
    expect(output).toContain('wrong.csv, row 2, column A (School): the inventory has no school "北校"');
    expect(output).toContain('wrong.csv, row 3, column B (Class): the inventory has no class "c99"');
  });

  it('shows a day, with what is cancelled and why there is nothing', async () => {
    const changes = file('changes.csv', '日期,变动,学校,班级,节次\n2026-09-07,停课,babao,,\n');
    expect((await run('import', changes)).code).toBe(0);
    const { stdout } = await run('show', '2026-09-07');
    expect(stdout).toContain(
      '海北三中 (hb3z)  2026 秋, week 2\n  08:30–09:10  1  Class 2 (c2)  数学  live  satellite\n',
    );
    expect(stdout).toContain('09:20–10:00  2  Class 1 (c1)  语文  embedded  broadband  cancelled\n');
    expect((await run('show', '2026-08-01', '--school', 'babao')).stdout).toContain(
      'between terms\n  no lessons',
    );
  });

  it('exports XLSX, CSV and a calendar of a class', async () => {
    expect((await run('export', '--out', file('all.xlsx'))).code).toBe(0);
    expect((await run('import', file('all.xlsx'))).stdout).toContain('nothing changes');
    const csv = (await run('export', '--csv', 'lessons')).stdout;
    expect(csv).toContain('hb3z,c2,1,每周,数学,英语,');
    const range = ['--from', '2026-09-01', '--to', '2026-09-08', '--school', 'hb3z', '--class', 'c2'];
    expect((await run('export', '--ics', ...range, '--out', file('c2.ics'))).code).toBe(0);
    expect(readFileSync(file('c2.ics'), 'utf8').match(/BEGIN:VEVENT/g)).toHaveLength(3);
  });

  it('takes imports back, one after the other', async () => {
    expect((await run('undo')).stdout).toContain('taken back');
    expect((await run('show', '2026-09-07')).stdout).not.toContain('cancelled');
    await run('undo');
    expect((await run('undo')).stdout).toContain('there is no timetable now');
    expect((await run('undo')).stdout).toContain('no import to take back');
  });
});
