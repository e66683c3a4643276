import type { VisitEntry } from '@tongtang/model/visit';
import { describe, expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/universal';
import { county } from '../county.fixture.ts';
import { problemInWords } from '../problem.ts';
import { importVisits, visitsCsv } from './import.ts';

const today = '2026-11-29';
const csv = (text: string) => ({ name: 'visits.csv', bytes: new TextEncoder().encode(text) });
const head = '日期,学校,类别,备注\n';

function problems(text: string, language: 'zh' | 'en' = 'en'): string[] {
  const answer = importVisits([csv(text)], county, today);
  return answer.ok ? [] : answer.problems.map((problem) => problemInWords(problem, language));
}

describe('an import of visits', () => {
  it('takes schools and kinds by their names in either language, and dates as people write them', () => {
    const text = `${head}2026/9/3,海北三中,服务商首访,换了功放\n20261110,babao,Inspection visit,\n2026年11月29日,八宝小学(示例),research,听课\n`;
    expect(importVisits([csv(text)], county, today)).toEqual({
      ok: true,
      entries: [
        { school: 'hb3z', date: '2026-09-03', kind: 'first', note: '换了功放' },
        { school: 'babao', date: '2026-11-10', kind: 'inspection', note: '' },
        { school: 'babao', date: '2026-11-29', kind: 'research', note: '听课' },
      ],
    });
  });

  it('reads workbooks as well', async () => {
    const rows = [
      ['Date', 'School', 'Kind'],
      ['2026-11-10', 'babao', 'service visit'],
    ].map((row) => row.map((value) => ({ value, type: String })));
    const blob = await writeXlsxFile([{ sheet: 'Visits', data: rows }]).toBlob();
    const file = { name: 'visits.xlsx', bytes: new Uint8Array(await blob.arrayBuffer()) };
    expect(importVisits([file], county, today)).toEqual({
      ok: true,
      entries: [{ school: 'babao', date: '2026-11-10', kind: 'service', note: '' }],
    });
  });

  it('reads back what an export wrote, whatever a note holds', () => {
    const entries: VisitEntry[] = [
      { school: 'hb3z', date: '2026-09-03', kind: 'first', note: '=1+1, "a"' },
      { school: 'babao', date: '2026-10-01', kind: 'service', note: '' },
    ];
    expect(importVisits([csv(visitsCsv(entries))], county, today)).toEqual({ ok: true, entries });
  });

  it('names all that is wrong by its cell, in both languages, and takes nothing', () => {
    const text = `${head}2026-11-30,hb3z,首访,\n,北校,,\n`;
    expect(problems(text)).toEqual([
      `visits.csv, row 2, column C (Kind): "首访" must be one of provider's first visit, inspection visit, teaching-research activity, service visit`,
      'visits.csv, row 3, column A (Date): it must not be empty',
      'visits.csv, row 3, column B (School): the inventory has no school "北校"',
      'visits.csv, row 3, column C (Kind): it must not be empty',
    ]);
    expect(problems(`${head}2026-11-30,hb3z,服务走访,\n`, 'zh')).toEqual([
      'visits.csv，第 2 行 A 列（日期）：2026-11-30 还没到：举行之后才登记',
    ]);
  });

  it('says which headings there are', () => {
    expect(problems('日期,地点\n2026-11-01,x\n')).toEqual([
      'visits.csv: no row has the headings of a table of visits: they are Date, School, Kind, Note',
    ]);
    expect(problems('Date,School,Kind,By\n2026-11-01,hb3z,first,x\n')).toEqual([
      'visits.csv, row 1, column D: unknown column "By": correct or remove it',
    ]);
    expect(problems('')).toEqual(['the files hold no table']);
  });
});
