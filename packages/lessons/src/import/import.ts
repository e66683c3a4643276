import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import { columnsOf, type TableName, tableNames } from '../columns.ts';
import type { Problem } from '../problem.ts';
import { changesOf } from './calendar-lessons.ts';
import { contradictions, type PlacedBells, type PlacedTimetable, withoutPlaces } from './check.ts';
import { type Bell, bellIn, changeIn, dayIn, entriesOf, lessonsIn, termIn } from './entries.ts';
import { contentOf } from './files.ts';
import type { Placed } from './row-reader.ts';
import type { InputFile } from './sheet.ts';
import { recognise, type Table } from './tables.ts';

export type TimetableImport =
  | Readonly<{ ok: true; timetable: Timetable; tables: readonly TableName[] }>
  | Readonly<{ ok: false; problems: readonly Problem[] }>;

const emptyTimetable: Timetable = { terms: [], bells: [], days: [], lessons: [], changes: [] };

/** What a county begins with that has entered no timetable: the periods of its inventory, which it need not enter again. */
export function startingTimetable({ periods }: Inventory): Timetable {
  return { ...emptyTimetable, bells: periods.length === 0 ? [] : [{ from: everSince, periods }] };
}

/** Before every term: these bells are for as long as there are no others. */
const everSince: PlainDate = '2000-01-01';

/**
 * Reads a timetable from XLSX, CSV and iCalendar files together. Each table that is in the files takes the place of what there was
 * of it; the others stay. Sheets of the same table are read as one, such as a sheet for each school. Changes that entries of a
 * calendar make are added to those that there are.
 * @param present what the county has now
 * @returns the whole timetable and which tables of it are new, or every problem with its place: nothing is half imported
 */
export function importTimetable(
  files: readonly InputFile[],
  inventory: Inventory,
  present: Timetable = startingTimetable(inventory),
): TimetableImport {
  const problems: Problem[] = [];
  const read = files.map((file) => contentOf(file, inventory.county.timezone, problems));
  const timed = read.flatMap((file) => file.timed);
  const { tables, problems: strange } = recognise(
    read.flatMap(({ sheets }) => sheets),
    shapes,
    noTable,
  );
  problems.push(...strange);
  if (problems.length > 0) return { ok: false, problems };
  if (tables.length === 0 && timed.length === 0)
    return { ok: false, problems: [{ text: { zh: '文件中没有表', en: 'the files hold no table' } }] };

  const ofTables = placedTimetable(tables, inventory, present, problems);
  if (problems.length > 0) return { ok: false, problems };
  const changes = changesOf(timed, withoutPlaces(ofTables), inventory, problems);
  const placed = { ...ofTables, changes: [...ofTables.changes, ...changes] };
  if (problems.length === 0) problems.push(...contradictions(placed, inventory));
  if (problems.length > 0) return { ok: false, problems };
  const names = new Set(tables.map(({ name }) => name));
  if (timed.length > 0) names.add('changes');
  return { ok: true, timetable: withoutPlaces(placed), tables: [...names] };
}

const shapes = tableNames.map((name) => ({ name, ...columnsOf[name] }));

const noTable = {
  zh: '没有可识别的表头：请用模板（tongtang timetable template）中的表头，或删除此表',
  en: 'no row has the headings of a table: use those of the template (tongtang timetable template), or remove the sheet',
};

function placedTimetable(
  tables: readonly Table<TableName>[],
  inventory: Inventory,
  present: Timetable,
  problems: Problem[],
): PlacedTimetable {
  function part<T>(
    name: TableName,
    kept: readonly T[],
    make: (found: readonly Table<TableName>[]) => Placed<T>[],
  ) {
    const found = tables.filter((table) => table.name === name);
    return found.length > 0 ? make(found) : kept.map((entry) => ({ entry }));
  }
  return {
    terms: part('terms', present.terms, (found) =>
      found.flatMap((table) => entriesOf(table, termIn, problems)),
    ),
    bells: part('bells', present.bells, (found) =>
      schedulesOf(found.flatMap((table) => entriesOf(table, bellIn(inventory), problems))),
    ),
    days: part('days', present.days, (found) =>
      found.flatMap((table) => entriesOf(table, dayIn(inventory), problems)),
    ),
    lessons: part('lessons', present.lessons, (found) =>
      found.flatMap((table) => entriesOf(table, lessonsIn(inventory), problems)),
    ),
    changes: part('changes', present.changes, (found) =>
      found.flatMap((table) => entriesOf(table, changeIn(inventory), problems)),
    ),
  };
}

/** Rows of the same day and school are one schedule; it stands where its first row does. */
function schedulesOf(rows: readonly Placed<Bell>[]): PlacedBells[] {
  const schedules = Map.groupBy(rows, ({ entry: { from, school = '' } }) => `${from}/${school}`);
  return [...schedules.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { from, school } = first.entry;
    const periods = group.map(({ entry: { n, start, end } }) => ({ n, start, end }));
    const entry = { from, ...(school !== undefined && { school }), periods };
    return [{ ...first, entry, rows: group.map((row) => row.entry.at) }];
  });
}
