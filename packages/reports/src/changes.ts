import type { Language, Text } from '@tongtang/model/text';
import { type Cell, printed, type Table } from './table.ts';

/** Something that two revisions of a report say differently. Without a column it is a whole row. */
export type Change = Readonly<{
  table: Text;
  /** What the row is of. */
  row: Text;
  column?: Text;
  before?: Text;
  after?: Text;
  kind: 'changed' | 'added' | 'removed';
}>;

/** Say what a report was made of and how, and none of its figures: they alone make no revision. */
const aboutTheReport: readonly string[] = ['inputs', 'method', 'cause-table'];

/** All that a reader finds to be other than before, in the order of the report. */
export function changesBetween(before: readonly Table[], after: readonly Table[]): Change[] {
  const ids = new Set([...after, ...before].map(({ id }) => id));
  return [...ids].flatMap((id) => {
    if (aboutTheReport.includes(id)) return [];
    const [was, is] = [before, after].map((tables) => tables.find((table) => table.id === id));
    return tableChanges(was, is);
  });
}

const kinds = {
  added: { zh: '新增', en: 'added' },
  removed: { zh: '删除', en: 'removed' },
} as const satisfies Readonly<Record<string, Text>>;

/** A change on one line: where it is, what stood there before and stands there now. */
export function changeTold({ table, row, column, before, after, kind }: Change, language: Language): string {
  const place = [table, row, ...(column ? [column] : [])].map((text) => text[language]).join(' / ');
  if (kind === 'changed') return `${place}: ${before?.[language] ?? '–'} → ${after?.[language] ?? '–'}`;
  return `${place}: ${kinds[kind][language]}: ${(after ?? before)?.[language] ?? ''}`;
}

function tableChanges(before: Table | undefined, after: Table | undefined): Change[] {
  const title = (after ?? before)?.title ?? { zh: '', en: '' };
  const { length } = naming([before, after].flatMap((table) => table ?? []));
  const [was, is] = [rowsOf(before, length), rowsOf(after, length)];
  const changed = [...is].flatMap(([key, row]): Change[] => {
    const earlier = was.get(key);
    if (earlier === undefined) return [{ table: title, row: row.name, after: row.text, kind: 'added' }];
    return cellChanges(title, earlier, row);
  });
  const removed = [...was].flatMap(([key, row]): Change[] =>
    is.has(key) ? [] : [{ table: title, row: row.name, before: row.text, kind: 'removed' }],
  );
  return [...changed, ...removed];
}

type NamedRow = Readonly<{
  name: Text;
  /** The whole row. */
  text: Text;
  cells: ReadonlyMap<string, Readonly<{ title: Text; cell: Cell }>>;
}>;

function cellChanges(table: Text, before: NamedRow, after: NamedRow): Change[] {
  const titles = new Set([...after.cells.keys(), ...before.cells.keys()]);
  return [...titles].flatMap((title): Change[] => {
    const [was, is] = [before.cells.get(title), after.cells.get(title)];
    const [earlier, later] = [saidBy(was?.cell), saidBy(is?.cell)];
    if (earlier.zh === later.zh && earlier.en === later.en) return [];
    const column = (is ?? was)?.title ?? { zh: title, en: title };
    return [{ table, row: after.name, column, before: earlier, after: later, kind: 'changed' }];
  });
}

/** By how many of their texts, counted from the left, the rows of tables are told apart: one where it can be, all where it cannot. */
function naming(tables: readonly Table[]): Readonly<{ length: number }> {
  const most = Math.max(1, ...tables.flatMap(({ rows }) => rows.map((row) => textsOf(row).length)));
  for (let length = 1; length < most; length += 1)
    if (tables.every(({ rows }) => new Set(rows.map((row) => keyOf(row, length))).size === rows.length))
      return { length };
  return { length: most };
}

/** Rows by what tells them apart; those that nothing tells apart are counted. */
function rowsOf(table: Table | undefined, length: number): Map<string, NamedRow> {
  const rows = new Map<string, NamedRow>();
  for (const cells of table?.rows ?? []) {
    const key = keyOf(cells, length);
    let [unique, count] = [key, 1];
    while (rows.has(unique)) {
      count += 1;
      unique = `${key} ${count}`;
    }
    rows.set(unique, {
      name: joined(textsOf(cells).slice(0, length)),
      text: joined(cells.map(saidBy).filter(({ en }) => en !== '–')),
      cells: new Map(
        (table?.columns ?? []).map(({ title }, at) => [
          title.en,
          { title, cell: cells[at] ?? { kind: 'none' } },
        ]),
      ),
    });
  }
  return rows;
}

function keyOf(row: readonly Cell[], length: number): string {
  return JSON.stringify(textsOf(row).slice(0, length));
}

function textsOf(row: readonly Cell[]): Text[] {
  return row.flatMap((cell) => (cell.kind === 'text' ? [cell.text] : []));
}

/** What a reader finds in a cell: of a ratio its two whole numbers too. */
function saidBy(cell: Cell | undefined): Text {
  if (cell?.kind === 'text') return cell.text;
  const number = (cell && printed(cell)) ?? '–';
  const said = cell?.kind === 'ratio' ? `${number} (${cell.share.part}/${cell.share.of})` : number;
  return { zh: said, en: said };
}

function joined(texts: readonly Text[]): Text {
  return { zh: texts.map(({ zh }) => zh).join(' · '), en: texts.map(({ en }) => en).join(' · ') };
}
