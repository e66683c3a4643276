import type { Timetable } from '@tongtang/model/timetable';
import type { TableName } from '../columns.ts';
import { tableRows } from './sheets.ts';

/** One table as CSV. */
export function tableCsv(timetable: Timetable, table: TableName): string {
  return csvOf(tableRows(timetable, table));
}

/**
 * Rows as CSV (RFC 4180) in UTF-8 with its mark, without which Excel takes it for GBK. A cell that a program for tables would take for a
 * formula gets an apostrophe before it.
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')}`;
}

function quoted(cell: string): string {
  const safe = /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
