import type { Language } from '@tongtang/model/text';
import writeXlsxFile from 'write-excel-file/universal';
import type { Report } from '../report.ts';
import { flatRows, type Table } from '../table.ts';
import { tablesOf } from '../tables.ts';
import { undated } from './undated-zip.ts';

/** The report as an XLSX file: a sheet a table, its headings frozen, numbers as numbers. The same report gives the same bytes. */
export async function reportXlsx(report: Report, language: Language): Promise<Uint8Array> {
  const blob = await writeXlsxFile(tablesOf(report).map((table) => sheetOf(table, language))).toBlob();
  return undated(new Uint8Array(await blob.arrayBuffer()));
}

/** Widths are in characters; one of Chinese is as wide as two. */
const [narrowest, widest] = [8, 90];

function sheetOf(table: Table, language: Language) {
  const rows = flatRows(table, language);
  const width = (text: string): number => text.replaceAll(/[^\u0020-\u024f]/g, '  ').length;
  return {
    sheet: table.title[language],
    stickyRowsCount: 1,
    columns: (rows[0] ?? []).map((_, at) => {
      const longest = rows.reduce((most, row) => Math.max(most, width(shown(row[at] ?? ''))), 0);
      return { width: Math.min(widest, Math.max(narrowest, longest + 2)) };
    }),
    data: rows.map((row, index) =>
      row.map((cell) => {
        if (cell === '') return null;
        if (typeof cell === 'string')
          return {
            value: cell,
            type: String,
            wrap: true,
            ...(index === 0 && { fontWeight: 'bold' as const }),
          };
        return { value: Number(cell.number), type: Number, format: formatOf(cell.number) };
      }),
    ),
  };
}

function shown(cell: string | Readonly<{ number: string }>): string {
  return typeof cell === 'string' ? cell : cell.number;
}

/** As many digits as are printed elsewhere. */
function formatOf(number: string): string {
  const digits = number.split('.')[1]?.length ?? 0;
  return digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
}
