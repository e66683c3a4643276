import {
  columnsOf,
  type Heading,
  headings,
  headingText,
  notesTitle,
  type TableName,
  tableNames,
} from '../columns.ts';
import type { Place, Problem } from '../problem.ts';
import { plain, type Row, type Sheet } from './sheet.ts';

/** A sheet that was recognised, with the columns that its headings stand over. */
export type Table = Readonly<{
  name: TableName;
  sheet: Sheet;
  columns: ReadonlyMap<Heading, number>;
  /** Those below the headings. */
  rows: readonly Row[];
}>;

/** Titles and remarks may stand above the headings. */
const headingsWithinRows = 10;

/**
 * Recognises tables by their headings, whatever a sheet is called. The sheet of notes and what is empty are passed over; anything
 * else that is no table is a problem: it may be one with a misspelt heading.
 */
export function recognise(sheets: readonly Sheet[]): { tables: Table[]; problems: Problem[] } {
  const tables: Table[] = [];
  const problems: Problem[] = [];
  for (const sheet of sheets) {
    if (sheet.rows.length === 0 || isNotes(sheet)) continue;
    const table = recognised(sheet);
    if (table === undefined) problems.push({ place: placeOf(sheet), text: noTable });
    else {
      tables.push(table);
      problems.push(...headingProblems(table, table.head));
    }
  }
  return { tables, problems };
}

const noTable = {
  zh: '没有可识别的表头：请用模板（tongtang timetable template）中的表头，或删除此表',
  en: 'no row has the headings of a table: use those of the template (tongtang timetable template), or remove the sheet',
};

function isNotes({ name }: Sheet): boolean {
  return name !== undefined && Object.values(notesTitle).some((title) => plain(name).startsWith(title));
}

function recognised(sheet: Sheet): (Table & { head: Row }) | undefined {
  for (const [index, head] of sheet.rows.slice(0, headingsWithinRows).entries()) {
    const columns = new Map<Heading, number>();
    for (const [column, cell] of head.cells) {
      const heading = headingIn(cell);
      if (heading !== undefined && !columns.has(heading)) columns.set(heading, column);
    }
    // A sheet of the terms is headed by a word that may stand as a title over any of the others.
    const name = tableNames.find((table) => {
      const [telling, ...others] = columnsOf[table].needed;
      return telling !== undefined && columns.has(telling) && others.some((heading) => columns.has(heading));
    });
    if (name !== undefined) return { name, sheet, columns, rows: sheet.rows.slice(index + 1), head };
  }
  return undefined;
}

/** The heading that a cell is, in either language or both. */
function headingIn(cell: string): Heading | undefined {
  const text = cell.replaceAll(' ', '').toLowerCase();
  return headingsByText.get(text);
}

const headingsByText: ReadonlyMap<string, Heading> = new Map(
  Object.keys(headings)
    .filter(isHeading)
    .flatMap((heading) =>
      [headings[heading].zh, headings[heading].en, headingText(heading)].map(
        (text) => [text.replaceAll(' ', '').toLowerCase(), heading] as const,
      ),
    ),
);

function isHeading(text: string): text is Heading {
  return Object.hasOwn(headings, text);
}

function headingProblems({ name, sheet, columns }: Table, head: Row): Problem[] {
  const { needed, further } = columnsOf[name];
  const known = new Set<Heading>([...needed, ...further]);
  const place = { ...placeOf(sheet), row: head.number };
  const missing = needed
    .filter((heading) => !columns.has(heading))
    .map((heading) => ({
      place,
      text: {
        zh: `缺少列“${headings[heading].zh}”`,
        en: `the column "${headings[heading].en}" is missing`,
      },
    }));
  const strange = [...head.cells].flatMap(([column, cell]): Problem[] => {
    const heading = headingIn(cell);
    if (heading !== undefined && known.has(heading)) {
      if (columns.get(heading) === column) return [];
      return [
        {
          place: { ...place, column },
          text: { zh: `“${cell}”列重复`, en: `the column "${cell}" is there twice` },
        },
      ];
    }
    return [
      {
        place: { ...place, column },
        text: {
          zh: `不认识的列“${cell}”：请更正或删除`,
          en: `unknown column "${cell}": correct or remove it`,
        },
      },
    ];
  });
  return [...missing, ...strange];
}

function placeOf({ file, name }: Sheet): Place {
  return { file, ...(name !== undefined && { sheet: name }) };
}
