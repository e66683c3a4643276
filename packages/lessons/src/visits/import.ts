import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate } from '@tongtang/model/timetable';
import { type VisitEntry, visitKinds, visitTitles } from '@tongtang/model/visit';
import { type Heading, headings, headingText } from '../columns.ts';
import { csvOf } from '../export/csv.ts';
import { dateIn, textIn, wordIn } from '../import/cells.ts';
import { entriesOf, type Read, schoolIn } from '../import/entries.ts';
import { contentOf } from '../import/files.ts';
import type { InputFile } from '../import/sheet.ts';
import { recognise } from '../import/tables.ts';
import type { Problem } from '../problem.ts';

export type VisitImport =
  | Readonly<{ ok: true; entries: readonly VisitEntry[] }>
  | Readonly<{ ok: false; problems: readonly Problem[] }>;

const needed = ['visitKind', 'date', 'school'] as const satisfies readonly Heading[];
const shapes = [{ name: 'visits', needed, further: ['note'] }] as const;
const written = ['date', 'school', 'visitKind', 'note'] as const satisfies readonly Heading[];

const headingList = (language: 'zh' | 'en'): string =>
  written.map((heading) => headings[heading][language]).join(language === 'zh' ? '、' : ', ');
const noTable = {
  zh: `没有可识别的表头：应为 ${headingList('zh')}`,
  en: `no row has the headings of a table of visits: they are ${headingList('en')}`,
};

/**
 * Reads visits and activities from XLSX and CSV files: a row each, with the columns that {@link visitsCsv} writes.
 * @param today the last day that there may be: what is entered was held
 * @returns the entries in their order, or every problem with its place: nothing is half imported
 */
export function importVisits(
  files: readonly InputFile[],
  inventory: Inventory,
  today: PlainDate,
): VisitImport {
  const problems: Problem[] = [];
  const sheets = files.flatMap((file) => contentOf(file, inventory.county.timezone, problems).sheets);
  const { tables, problems: strange } = recognise(sheets, shapes, noTable);
  problems.push(...strange);
  if (problems.length > 0) return { ok: false, problems };
  if (tables.length === 0)
    return { ok: false, problems: [{ text: { zh: '文件中没有表', en: 'the files hold no table' } }] };
  const read = visitIn(inventory, today);
  const placed = tables.flatMap((table) => entriesOf(table, read, problems));
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, entries: placed.map(({ entry }) => entry) };
}

function visitIn(inventory: Inventory, today: PlainDate): Read<VisitEntry> {
  const [schoolOf, kindOf] = [schoolIn(inventory), wordIn(visitTitles, visitKinds)];
  return (row) => {
    const [date, school] = [row.needed('date', dateIn), row.needed('school', schoolOf)];
    const [kind, note = ''] = [row.needed('visitKind', kindOf), row.optional('note', textIn)];
    if (date === undefined || school === undefined || kind === undefined) return [];
    if (date > today)
      row.fail('date', {
        zh: `${date} 还没到：举行之后才登记`,
        en: `${date} is still to come: enter what was held`,
      });
    return [{ school, date, kind, note }];
  };
}

/** Visits as CSV that {@link importVisits} reads back. Kinds are in Chinese, ids of schools those of the inventory. */
export function visitsCsv(visits: readonly VisitEntry[]): string {
  const rows = visits.map(({ date, school, kind, note }) => [date, school, visitTitles[kind].zh, note]);
  return csvOf([written.map(headingText), ...rows]);
}
