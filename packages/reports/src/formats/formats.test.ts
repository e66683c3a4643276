import { parseXml, type XmlElement, XmlNode } from '@rgrove/parse-xml';
import { plain } from '@tongtang/lessons/import/sheet';
import { readXlsx } from '@tongtang/lessons/import/xlsx';
import { type Language, languages } from '@tongtang/model/text';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../figures.ts';
import type { Report } from '../report.ts';
import { flatRows } from '../table.ts';
import { tablesOf } from '../tables.ts';
import { reportOf } from '../term.fixture.ts';
import { reportCsv } from './csv.ts';
import { reportHtml } from './html.ts';
import { reportJson } from './json.ts';
import { reportXlsx } from './xlsx.ts';

/** The rows of each table, headings first, as a format that was read back has them. */
type Rows = Readonly<Record<string, readonly (readonly string[])[]>>;

/** What each format has to say, from the document that JSON was read back to. */
function expected(report: Report, language: Language): Rows {
  return Object.fromEntries(
    tablesOf(report).map((table) => [
      table.id,
      flatRows(table, language).map((row) =>
        row.map((cell) => (typeof cell === 'string' ? cell : cell.number)),
      ),
    ]),
  );
}

function fromCsv(report: Report, language: Language): Rows {
  return Object.fromEntries(
    reportCsv(report, language).map(({ name, content }) => {
      const rows: string[][] = parse(content, { bom: true });
      return [name.replace('.csv', ''), rows];
    }),
  );
}

async function fromXlsx(report: Report, language: Language): Promise<Rows> {
  const { sheets } = readXlsx({ name: 'report.xlsx', bytes: await reportXlsx(report, language) });
  const names = new Map(tablesOf(report).map(({ id, title, columns }) => [title[language], { id, columns }]));
  return Object.fromEntries(
    sheets.map(({ name = '', rows }) => {
      const width = Math.max(...(rows[0]?.cells.keys() ?? []));
      const read = rows.map(({ cells }) => Array.from({ length: width + 1 }, (_, at) => cells.get(at) ?? ''));
      return [names.get(name)?.id ?? name, read];
    }),
  );
}

/** Of each cell of a table its number or text, and the two whole numbers beneath. */
function fromHtml(html: string): Rows {
  const sections = [...html.matchAll(/<section id="([a-z-]+)">.*?(?:<table>(.*?)<\/table>)?<\/section>/gs)];
  return Object.fromEntries(
    sections.map(([, id = '', table = '']) => {
      const { root } = parseXml(`<table>${table}</table>`);
      const rows = root === null ? [] : elements(root, 'tr');
      return [id, rows.map((row) => row.children.filter(isElement).map(textOf))];
    }),
  );
}

function elements(within: XmlElement, name: string): XmlElement[] {
  return within.children
    .filter(isElement)
    .flatMap((child) => (child.name === name ? [child] : elements(child, name)));
}

function isElement(node: XmlNode): node is XmlElement {
  return node.type === XmlNode.TYPE_ELEMENT;
}

function textOf(cell: XmlElement): string {
  const parts = elements(cell, 'small').map(({ text }) => text);
  const own = cell.children.filter((child) => child.type === XmlNode.TYPE_TEXT);
  return [own.map((child) => String(child.toJSON().text ?? '')).join(''), ...parts].join(' ');
}

/** The same of the flat form: a ratio and its whole numbers in one cell. */
function folded(report: Report, language: Language): Rows {
  const flat = expected(report, language);
  return Object.fromEntries(
    tablesOf(report).map(({ id, columns, rows }) => [
      id,
      rows.length === 0
        ? []
        : (flat[id] ?? []).map((row, line) => {
            let at = 0;
            return columns.map(({ kind }, column) => {
              const [value = '', part = '', of = ''] = row.slice(at, at + (kind === 'ratio' ? 3 : 1));
              at += kind === 'ratio' ? 3 : 1;
              if (line === 0) return value;
              const cell = rows[line - 1]?.[column];
              const shown = value === '' && cell?.kind !== 'text' ? '–' : value;
              return part === '' ? shown : `${shown} ${part}/${of}`;
            });
          }),
    ]),
  );
}

describe.each(languages)('a report in %s', (language) => {
  it('says in CSV, XLSX and HTML what the JSON says, figure by figure', async () => {
    const report = await reportOf();
    const { figures, ...back }: Report & { figures: Record<string, unknown> } = JSON.parse(
      reportJson(report),
    );
    expect(back).toEqual(report);
    expect(figures).toMatchObject({
      'availability/class/babao/c1': { part: 550, of: 560 },
      'delivered/school/babao': 13,
    });
    const told = expected(back, language);
    expect(Object.values(told).flat(2).length).toBeGreaterThan(400);
    expect(fromCsv(report, language)).toEqual(told);
    expect(numbers(await fromXlsx(report, language))).toEqual(numbers(told));
    expect(fromHtml(reportHtml(report, language))).toEqual(folded(back, language));
  });

  it('is the same to the byte for the same inputs', async () => {
    const [one, other] = [await reportOf(), await reportOf()];
    expect(reportHtml(one, language)).toBe(reportHtml(other, language));
    expect(reportCsv(one, language)).toEqual(reportCsv(other, language));
    expect(reportJson(one)).toBe(reportJson(other));
    expect(await reportXlsx(one, language)).toEqual(await reportXlsx(other, language));
  });
});

/** Numbers as numbers: a cell of XLSX has no digits behind the point that are 0, and what reads it makes wide signs narrow. */
function numbers(tables: Rows): Record<string, (string | number)[][]> {
  return Object.fromEntries(
    Object.entries(tables).map(([id, rows]) => [
      id,
      rows.map((row) => row.map((cell) => (/^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : plain(cell)))),
    ]),
  );
}

describe('XLSX', () => {
  it('has a sheet for each table, its headings frozen, numbers as numbers', async () => {
    const report = await reportOf();
    const parts = unzipSync(await reportXlsx(report, 'zh'));
    const sheets = Object.keys(parts).filter((name) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name));
    const tables = tablesOf(report);
    expect(sheets).toHaveLength(tables.length);
    for (const name of sheets) expect(strFromU8(parts[name] ?? new Uint8Array())).toContain('state="frozen"');
    const schools = tables.findIndex(({ id }) => id === 'schools') + 1;
    const xml = strFromU8(parts[`xl/worksheets/sheet${schools}.xml`] ?? new Uint8Array());
    // The availability of babao, of 560 minutes.
    expect(xml).toMatch(/<c r="C2"( s="\d+")?( t="n")?><v>98.21<\/v>/);
    expect(xml).toMatch(/<c r="E2"( s="\d+")?( t="n")?><v>560<\/v>/);
  });
});

describe('HTML', () => {
  it('needs nothing else and runs nothing', async () => {
    const html = reportHtml(await reportOf(), 'zh');
    expect(html).toContain('<html lang="zh-CN">');
    expect(html).not.toMatch(/<script|src=|href=|url\(|@import|javascript:/i);
    expect(html.match(/<svg/g)).toHaveLength(3);
  });

  it('shows names as they are, whatever signs are in them', async () => {
    const report = await reportOf();
    const name = { zh: '<b>"三&中"</b>', en: '<b>"3&M"</b>' };
    const html = reportHtml(
      { ...report, schools: report.schools.map((school) => ({ ...school, name })) },
      'zh',
    );
    expect(html).toContain('&lt;b&gt;&quot;三&amp;中&quot;&lt;/b&gt;');
    expect(html).not.toContain('<b>');
  });

  it('says first of all where data are simulated, or not all there', async () => {
    const whole = reportHtml(await reportOf(), 'zh');
    expect(whole).not.toContain('class="warning"');
    const html = reportHtml(await reportOf({ isSimulated: true, settledTo: 0 }), 'zh');
    expect(html.match(/class="warning"/g)).toHaveLength(2);
    expect(html).toContain('模拟数据');
  });
});

describe('a figure', () => {
  it('has its reference beside it: in HTML with the number, in CSV and XLSX at the end of its row', async () => {
    const report = await reportOf();
    const html = reportHtml(report, 'zh');
    expect(html).toContain(
      '<td class="n" title="availability/class/babao/c1">98.21<small>550/560</small></td>',
    );
    const references = [...html.matchAll(/<td class="n" title="([^"]+)">/g)].map(([, one]) => one);
    expect(new Set(references)).toEqual(new Set(figuresOf(report).map(({ reference }) => reference)));
    const classes = reportCsv(report, 'zh').find(({ name }) => name === 'classes.csv')?.content ?? '';
    expect(classes.split('\r\n').map((line) => line.split(',').at(-1))).toEqual([
      '引用',
      'class/hb3z/c1',
      'class/hb3z/c2',
      'class/babao/c1',
      '',
    ]);
  });
});

describe('CSV', () => {
  it('has no cell that a program for tables takes for a formula, and no negative number that is a text', async () => {
    const report = await reportOf();
    const name = { zh: '=HYPERLINK("x")', en: '=1' };
    const files = reportCsv({ ...report, schools: report.schools.map((one) => ({ ...one, name })) }, 'zh');
    const schools = files.find((file) => file.name === 'schools.csv')?.content ?? '';
    expect(schools).toContain(`"'=HYPERLINK(""x"")"`);
    expect(schools).toContain(',-3.34,-1,30');
  });
});
