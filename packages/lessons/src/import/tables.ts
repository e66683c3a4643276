import type { Text } from '@tongtang/model/text';
import { type Heading, headings, headingText, notesTitle } from '../columns.ts';
import type { Place, Problem } from '../problem.ts';
import { plain, type Row, type Sheet } from './sheet.ts';

/** A table to be looked for. The first of the headings that it needs tells it from all others; `further` ones may be left out. */
export type Shape<Name extends string> = Readonly<{
  name: Name;
  needed: readonly Heading[];
  further: readonly Heading[];
}>;

/** A sheet that was recognised, with the columns that its headings stand over. */
export type Table<Name extends string> = Readonly<{
  name: Name;
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
 * @param noTable says so, and where the headings are to be had
 */
export function recognise<Name extends string>(
  sheets: readonly Sheet[],
  shapes: readonly Shape<Name>[],
  noTable: Text,
): { tables: Table<Name>[]; problems: Problem[] } {
  const tables: Table<Name>[] = [];
  const problems: Problem[] = [];
  for (const sheet of sheets) {
    if (sheet.rows.length === 0 || isNotes(sheet)) continue;
    const found = recognised(sheet, shapes);
    if (found === undefined) problems.push({ place: placeOf(sheet), text: noTable });
    else {
      tables.push(found.table);
      problems.push(...headingProblems(found.table, found.shape, found.head));
    }
  }
  return { tables, problems };
}

function isNotes({ name }: Sheet): boolean {
  return name !== undefined && Object.values(notesTitle).some((title) => plain(name).startsWith(title));
}

function recognised<Name extends string>(
  sheet: Sheet,
  shapes: readonly Shape<Name>[],
): { table: Table<Name>; shape: Shape<Name>; head: Row } | undefined {
  for (const [index, head] of sheet.rows.slice(0, headingsWithinRows).entries()) {
    const columns = new Map<Heading, number>();
    for (const [column, cell] of head.cells) {
      const heading = headingIn(cell);
      if (heading !== undefined && !columns.has(heading)) columns.set(heading, column);
    }
    // A sheet of the terms is headed by a word that may stand as a title over any of the others.
    const shape = shapes.find(({ needed: [telling, ...others] }) => {
      return telling !== undefined && columns.has(telling) && others.some((heading) => columns.has(heading));
    });
    if (shape !== undefined) {
      const rows = sheet.rows.slice(index + 1);
      return { table: { name: shape.name, sheet, columns, rows }, shape, head };
    }
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

function headingProblems(
  { sheet, columns }: Table<string>,
  { needed, further }: Shape<string>,
  head: Row,
): Problem[] {
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
