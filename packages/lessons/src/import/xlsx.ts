import type { XmlElement } from '@rgrove/parse-xml';
import type { Text } from '@tongtang/model/text';
import { type Problem, Unreadable } from '../problem.ts';
import { dateStyles, shownDate } from './date-styles.ts';
import { childOf, childrenOf, type PackageParts, packageParts } from './package-parts.ts';
import { type InputFile, limits, plain, type Row, type Sheet } from './sheet.ts';

/** The sheets of a file, and what cannot be read of them. */
export type Workbook = Readonly<{ sheets: readonly Sheet[]; problems: readonly Problem[] }>;

/**
 * Reads an XLSX file. Of a formula the value that was last computed is taken, which is what people saw; a merged cell is a
 * problem, for only its first cell has a value. Sheets that are hidden are left out.
 * @throws Unreadable where it is none
 */
export function readXlsx(input: InputFile): Workbook {
  const file = input.name;
  const parts = packageParts(input);
  const workbook = parts.get('xl/workbook.xml');
  if (workbook === undefined)
    throw new Unreadable({ file }, { zh: '不是 XLSX 工作簿', en: 'it is no XLSX workbook' });
  const book: Book = {
    strings: childrenOf(parts.get('xl/sharedstrings.xml'), 'si').map(textOf),
    dates: dateStyles(parts.get('xl/styles.xml')),
    since1904: ['1', 'true'].includes(childOf(workbook, 'workbookPr')?.attributes.date1904 ?? ''),
  };
  const problems: Problem[] = [];
  const sheets = childrenOf(childOf(workbook, 'sheets'), 'sheet').flatMap(({ attributes }): Sheet[] => {
    if ((attributes.state ?? 'visible') !== 'visible') return [];
    const name = attributes.name ?? '';
    const part = sheetPart(parts, attributes['r:id'] ?? '');
    return part === undefined
      ? []
      : [{ file, name, rows: rowsOf(part, book, { file, sheet: name }, problems) }];
  });
  return { sheets, problems };
}

type Book = Readonly<{ strings: readonly string[]; dates: ReadonlySet<number>; since1904: boolean }>;

function sheetPart(parts: PackageParts, id: string): XmlElement | undefined {
  const relation = childrenOf(parts.get('xl/_rels/workbook.xml.rels'), 'Relationship').find(
    ({ attributes }) => attributes.Id === id,
  );
  const target = relation?.attributes.Target ?? '';
  return parts.get((target.startsWith('/') ? target.slice(1) : `xl/${target}`).toLowerCase());
}

function rowsOf(
  sheet: XmlElement,
  book: Book,
  where: { file: string; sheet: string },
  problems: Problem[],
): Row[] {
  const rows: Row[] = [];
  let number = 0;
  for (const row of childrenOf(childOf(sheet, 'sheetData'), 'row')) {
    number = Number(row.attributes.r ?? number + 1);
    const cells = new Map<number, string>();
    let column = -1;
    for (const cell of childrenOf(row, 'c')) {
      column = columnOf(cell.attributes.r ?? '') ?? column + 1;
      const value = shownIn(cell, book);
      if (typeof value !== 'string') problems.push({ place: { ...where, row: number, column }, text: value });
      else if (plain(value) !== '') cells.set(column, plain(value));
    }
    if (cells.size > 0) rows.push({ number, cells });
    if (rows.length > limits.rows || column >= limits.columns)
      throw new Unreadable(
        { ...where, row: number },
        {
          zh: `一张工作表最多 ${limits.rows} 行、${limits.columns} 列`,
          en: `a sheet may have ${limits.rows} rows and ${limits.columns} columns`,
        },
      );
  }
  for (const { attributes } of childrenOf(childOf(sheet, 'mergeCells'), 'mergeCell'))
    problems.push(...mergeProblem(attributes.ref ?? '', rows, where));
  return rows;
}

/** Above the second row that holds something there are titles, which people like to merge. */
function mergeProblem(ref: string, rows: readonly Row[], where: { file: string; sheet: string }): Problem[] {
  const lastRow = Number(/\d+$/.exec(ref)?.[0]);
  if (!(lastRow > (rows[0]?.number ?? 0))) return [];
  return [
    {
      place: { ...where, row: Number(/\d+/.exec(ref)?.[0]) },
      text: {
        zh: `单元格 ${ref} 是合并的：请取消合并，每格都填写`,
        en: `cells ${ref} are merged: unmerge them and fill each`,
      },
    },
  ];
}

/** What a cell shows, or why that cannot be said. */
function shownIn(cell: XmlElement, { strings, dates, since1904 }: Book): string | Text {
  const { t: type = 'n', s: style = '0' } = cell.attributes;
  const value = childOf(cell, 'v')?.text ?? '';
  switch (type) {
    case 's':
      return strings[Number(value)] ?? damaged;
    case 'inlineStr':
      return textOf(childOf(cell, 'is'));
    case 'e':
      return { zh: `单元格的值是错误 ${value}`, en: `the cell shows the error ${value}` };
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'd':
      return value;
    case 'str':
      return value;
  }
  if (value === '') return childOf(cell, 'f') === undefined ? '' : unknownFormula;
  const number = Number(value);
  if (!Number.isFinite(number)) return damaged;
  return dates.has(Number(style)) ? shownDate(number, since1904) : String(number);
}

const damaged: Text = { zh: '单元格已损坏', en: 'the cell is damaged' };
const unknownFormula: Text = {
  zh: '公式没有计算结果：请用“选择性粘贴→数值”换成值',
  en: 'the formula was never computed: replace it by its value',
};

/** The text of a string with all its runs, without what says how it is pronounced. */
function textOf(string: XmlElement | undefined): string {
  const runs = childrenOf(string, 'r').flatMap((run) => childrenOf(run, 't'));
  return [...childrenOf(string, 't'), ...runs].map(({ text }) => text).join('');
}

/** `C12` → 2 */
function columnOf(ref: string): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(ref)?.[0];
  if (letters === undefined) return undefined;
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
