import type { Inventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import writeXlsxFile from 'write-excel-file/universal';
import { notesTitle, type TableName, tableNames, tableTitles } from '../columns.ts';
import { blankWeek, notes, tableRows } from './sheets.ts';

/**
 * The timetable as an XLSX file that can be changed and imported again. Where there are no lessons yet, their sheet has a blank row
 * for each period of each class: so the timetable that a county begins with makes the template.
 */
export async function timetableXlsx(timetable: Timetable, inventory: Inventory): Promise<Uint8Array> {
  const rowsOf = (table: TableName): string[][] =>
    table === 'lessons' && timetable.lessons.length === 0
      ? blankWeek(inventory)
      : tableRows(timetable, table);
  const blob = await writeXlsxFile([
    {
      sheet: `${notesTitle.zh} ${notesTitle.en}`,
      data: notes.flatMap(({ zh, en }) => [[zh], [en]]),
      columns: [{ width: 120 }],
    },
    ...tableNames.map((table) => ({
      sheet: `${tableTitles[table].zh} ${tableTitles[table].en}`,
      data: rowsOf(table).map((row, index) =>
        row.map((value) =>
          index === 0
            ? { value, fontWeight: 'bold' as const }
            : value === ''
              ? null
              : { value, type: String },
        ),
      ),
      columns: rowsOf(table)[0]?.map((heading) => ({ width: heading.length + 8 })) ?? [],
      stickyRowsCount: 1,
    })),
  ]).toBlob();
  return new Uint8Array(await blob.arrayBuffer());
}
