import type { Language } from '@tongtang/model/text';
import { strToU8, zipSync } from 'fflate';
import type { Report } from '../report.ts';
import { flatRows } from '../table.ts';
import { tablesOf } from '../tables.ts';

/**
 * Each table of a report as a file of CSV (RFC 4180), in UTF-8 with its mark, without which Excel takes it for GBK. A text that a program
 * for tables would take for a formula gets an apostrophe before it.
 */
export function reportCsv(report: Report, language: Language): { name: string; content: string }[] {
  return tablesOf(report).map((table) => ({
    name: `${table.id}.csv`,
    content: `\uFEFF${flatRows(table, language)
      .map(
        (row) =>
          `${row.map((cell) => (typeof cell === 'string' ? quoted(cell) : cell.number)).join(',')}\r\n`,
      )
      .join('')}`,
  }));
}

/** The same files in one ZIP, whose bytes depend on nothing but the report. */
export function reportCsvZip(report: Report, language: Language): Uint8Array {
  const files = reportCsv(report, language).map(({ name, content }) => [name, strToU8(content)] as const);
  // The first time that a ZIP can name: by that of the clock no two would be the same.
  return zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1) });
}

function quoted(cell: string): string {
  const safe = /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
