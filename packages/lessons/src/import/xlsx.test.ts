import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { problemInWords, Unreadable } from '../problem.ts';
import { shownDate } from './date-styles.ts';
import { workbook } from './workbook.fixture.ts';
import { readXlsx } from './xlsx.ts';

/** The cells of the first row that has any. */
function cells(row: string, options: Parameters<typeof workbook>[1] = {}): string[] {
  const [sheet] = readXlsx(workbook(`<row r="3">${row}</row>`, options)).sheets;
  return [...(sheet?.rows[0]?.cells.values() ?? [])];
}

function problems(sheetData: string, options: Parameters<typeof workbook>[1] = {}): string[] {
  return readXlsx(workbook(sheetData, options)).problems.map((problem) => problemInWords(problem, 'en'));
}

/** Why a file cannot be read, in English. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof Unreadable) return error.problem.text.en;
    throw error;
  }
  return 'it was read';
}

describe('a cell', () => {
  it('is its text: shared, in runs, or in place', () => {
    expect(cells('<c r="A3" t="s"><v>1</v></c><c r="B3" t="inlineStr"><is><t>数学</t></is></c>')).toEqual([
      '开始日期',
      '数学',
    ]);
  });

  it('is plain: full-width digits and signs, no-break blanks and what is invisible', () => {
    const text = '２０２６－０９－０１，８：３０\u00a0\u200b ';
    expect(cells(`<c t="str"><v>${text}</v></c>`)).toEqual(['2026-09-01,8:30']);
  });

  it('shows a number as the date or time that its style makes of it', () => {
    expect(cells('<c s="1"><v>46266</v></c><c s="2"><v>0.354166666666667</v></c>')).toEqual([
      '2026-09-01',
      '08:30',
    ]);
    expect(cells('<c s="3"><v>46266</v></c><c><v>3</v></c>')).toEqual(['46266', '3']);
    expect(cells('<c s="1"><v>46266.5</v></c>')).toEqual(['2026-09-01 12:00']);
    expect(cells('<c s="1"><v>44804</v></c>', { book: '<workbookPr date1904="1"/>' })).toEqual([
      '2026-09-01',
    ]);
  });

  it('with a formula is the value that people saw; where there is none, that is a problem', () => {
    expect(cells('<c t="str"><f>"数"&amp;"学"</f><v>数学</v></c>')).toEqual(['数学']);
    expect(problems('<row r="2"><c r="B2"><f>HYPERLINK("http://x")</f></c></row>')).toEqual([
      'county.xlsx, sheet "学期", row 2, column B: the formula was never computed: replace it by its value',
    ]);
  });

  it('that shows an error, or is damaged, is a problem with its place', () => {
    expect(
      problems('<row r="7"><c r="AB7" t="e"><v>#REF!</v></c><c r="AC7" t="s"><v>99</v></c></row>'),
    ).toEqual([
      'county.xlsx, sheet "学期", row 7, column AB: the cell shows the error #REF!',
      'county.xlsx, sheet "学期", row 7, column AC: the cell is damaged',
    ]);
  });

  it('that is merged with others is a problem, except in titles above the table', () => {
    const rows = '<row r="1"><c t="str"><v>课表</v></c></row><row r="2"><c t="str"><v>学校</v></c></row>';
    const merged = (ref: string) => ({ after: `<mergeCells><mergeCell ref="${ref}"/></mergeCells>` });
    expect(problems(rows, merged('A1:H1'))).toEqual([]);
    expect(problems(rows, merged('A2:A9'))).toEqual([
      'county.xlsx, sheet "学期", row 2: cells A2:A9 are merged: unmerge them and fill each',
    ]);
  });
});

describe('dates as numbers', () => {
  it.each([
    [46_266, '2026-09-01'],
    [61, '1900-03-01'],
    [0.999_99, '2026-09-01'],
    [2_958_465, '9999-12-31'],
    [-1, '-1'],
    [1e300, '1e+300'],
  ])('%d', (serial, shown) => {
    if (serial === 0.999_99) expect(shownDate(46_265 + serial)).toBe(shown);
    else expect(shownDate(serial)).toBe(shown);
  });
});

describe('a hostile file', () => {
  it('that unpacks to more than is sensible is refused by what it says of itself, before it is unpacked', () => {
    const zeros = new Uint8Array(80_000_000);
    const bytes = zipSync({ 'xl/worksheets/sheet1.xml': zeros, 'xl/workbook.xml': strToU8('<workbook/>') });
    expect(bytes.length).toBeLessThan(200_000);
    expect(refusal(() => readXlsx({ name: 'bomb.xlsx', bytes }))).toContain('larger than 64 MB');
  });

  it('that lies about its size is cut off there', () => {
    const bytes = zipSync({ 'xl/workbook.xml': new Uint8Array(50_000_000) });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    // The uncompressed size in the central directory's entry (APPNOTE 4.3.12), and in the entry itself.
    for (let at = 0; at + 28 < bytes.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 1000, true);
      if (view.getUint32(at, true) === 0x04034b50) view.setUint32(at + 22, 1000, true);
    }
    const before = process.memoryUsage().arrayBuffers;
    expect(refusal(() => readXlsx({ name: 'liar.xlsx', bytes }))).toMatch(/damaged/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it('with entities that grow is refused', () => {
    const lol = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
    const file = workbook('<row><c t="str"><v>&b;</v></c></row>', { head: lol });
    expect(refusal(() => readXlsx(file))).toContain('no valid XML');
  });

  it('with more rows or columns than any table is refused', () => {
    const far = workbook('<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>');
    expect(refusal(() => readXlsx(far))).toContain('200 columns');
    const rows = Array.from({ length: 60_002 }, () => '<row><c t="str"><v>x</v></c></row>').join('');
    expect(refusal(() => readXlsx(workbook(rows)))).toContain('60000 rows');
  });

  it.each([
    ['an old .xls or one with a password', [0xd0, 0xcf, 0x11, 0xe0], 'save it as .xlsx'],
    ['no ZIP', [0x50, 0x4b, 3, 4, 1, 2, 3], 'no XLSX file'],
  ])('that is %s is refused in words', (_, bytes, words) => {
    expect(refusal(() => readXlsx({ name: 'x', bytes: Uint8Array.from(bytes) }))).toContain(words);
  });

  it('that is another kind of archive is refused', () => {
    const bytes = zipSync({ 'word/document.xml': strToU8('<document/>') });
    expect(refusal(() => readXlsx({ name: 'x.docx', bytes }))).toBe('it is no XLSX workbook');
  });

  it.each(['<row r="1"><c r="A1"', '<row>', '</row>'])('with broken XML is refused: %s', (xml) => {
    expect(refusal(() => readXlsx(workbook(xml)))).toContain('no valid XML');
  });
});
