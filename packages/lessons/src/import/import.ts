import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import type { TableName } from '../columns.ts';
import { type Problem, Unreadable } from '../problem.ts';
import { type Calendar, readCalendar } from './calendar.ts';
import { changesOf, type TimedEvent } from './calendar-lessons.ts';
import { contradictions, type PlacedBells, type PlacedTimetable, withoutPlaces } from './check.ts';
import { readCsv } from './csv.ts';
import { type Bell, bellIn, changeIn, dayIn, entriesOf, lessonsIn, termIn } from './entries.ts';
import type { Placed } from './row-reader.ts';
import { type InputFile, limits, type Sheet } from './sheet.ts';
import { recognise, type Table } from './tables.ts';
import { readXlsx } from './xlsx.ts';

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
  const read = files.map((file) => contentOf(file, inventory, problems));
  const timed = read.flatMap((file) => file.timed);
  const { tables, problems: strange } = recognise(read.flatMap(({ sheets }) => sheets));
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

type Content = Readonly<{ sheets: readonly Sheet[]; timed: readonly TimedEvent[] }>;

function contentOf(file: InputFile, inventory: Inventory, problems: Problem[]): Content {
  try {
    const { sheets, problems: found, timed } = read(file, inventory.county.timezone);
    problems.push(...found);
    return { sheets, timed };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.push(error.problem);
    return { sheets: [], timed: [] };
  }
}

/** By what the file begins with; its name may be anything. */
function read(file: InputFile, timeZone: string): Calendar {
  if (file.bytes.length > limits.fileBytes)
    throw new Unreadable(
      { file: file.name },
      {
        zh: `超过 ${limits.fileBytes / 1e6} MB，不是课表`,
        en: `it is larger than ${limits.fileBytes / 1e6} MB: that is no timetable`,
      },
    );
  const beginning = new TextDecoder('latin1').decode(file.bytes.subarray(0, 64));
  if (/^(PK|\xd0\xcf)/.test(beginning)) return { ...readXlsx(file), timed: [] };
  if (/^(\xef\xbb\xbf)?BEGIN:VCALENDAR/i.test(beginning)) return readCalendar(file, timeZone);
  return { sheets: [readCsv(file)], problems: [], timed: [] };
}

function placedTimetable(
  tables: readonly Table[],
  inventory: Inventory,
  present: Timetable,
  problems: Problem[],
): PlacedTimetable {
  function part<T>(name: TableName, kept: readonly T[], make: (found: readonly Table[]) => Placed<T>[]) {
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
