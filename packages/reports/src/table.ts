import type { Share } from '@tongtang/lessons/delivery/minute-state';
import type { Text } from '@tongtang/model/text';
import { decimalOf } from './share.ts';

/** A number. A ratio prints as a decimal, and its two whole numbers go with it. */
export type NumberCell =
  | Readonly<{ kind: 'count'; count: number }>
  | Readonly<{ kind: 'ratio'; share: Share; digits: number; times: number }>;

/** What stands in a cell. A number that is a figure of the report has its reference, by which it can be asked for. */
export type Cell =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'text'; text: Text }>
  | (NumberCell & Readonly<{ reference?: string }>);

/** `ratio`: has cells of that kind, so that in flat formats two columns of whole numbers follow it. */
export type Column = Readonly<{ title: Text; kind: 'text' | 'count' | 'ratio' }>;

export type Table = Readonly<{
  /** Name of its file. */
  id: string;
  title: Text;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  /** Of each row that has figures, what their references end with: `class/babao/c1`. In flat formats it is the last column. */
  keys?: readonly string[];
}>;

/**
 * A column with what its cells are made from. The reference of a cell is the name of the figure before the key of the row:
 * `availability/class/babao/c1`.
 */
export type ColumnOf<Row> = Column & Readonly<{ cell: (row: Row) => Cell; figure?: string }>;

export function tableOf<Row>(
  id: string,
  title: Text,
  rows: readonly Row[],
  columns: readonly ColumnOf<Row>[],
  key?: (row: Row) => string,
): Table {
  return {
    id,
    title,
    columns: columns.map(({ title: heading, kind }) => ({ title: heading, kind })),
    rows: rows.map((row) =>
      columns.map(({ cell, figure }) => {
        const made = cell(row);
        return key === undefined || figure === undefined || !isNumber(made)
          ? made
          : { ...made, reference: `${figure}/${key(row)}` };
      }),
    ),
    ...(key && { keys: rows.map(key) }),
  };
}

export function isNumber(cell: Cell): cell is NumberCell & Readonly<{ reference?: string }> {
  return cell.kind === 'count' || cell.kind === 'ratio';
}

const none: Cell = { kind: 'none' };

export function textCell(text: Text | string | undefined): Cell {
  if (text === undefined) return none;
  return { kind: 'text', text: typeof text === 'string' ? { zh: text, en: text } : text };
}

export function countCell(count: number | undefined): Cell {
  return count === undefined ? none : { kind: 'count', count };
}

/** Per cent, or percentage points, with two digits. */
export function percentCell(share: Share): NumberCell;
export function percentCell(share: Share | undefined): Cell;
export function percentCell(share: Share | undefined): Cell {
  return share === undefined ? none : { kind: 'ratio', share, digits: 2, times: 100 };
}

/** A mean with one digit. */
export function meanCell(share: Share): Cell {
  return { kind: 'ratio', share, digits: 1, times: 1 };
}

export function text<Row>(title: Text, of: (row: Row) => Text | string | undefined): ColumnOf<Row> {
  return { title, kind: 'text', cell: (row) => textCell(of(row)) };
}

/** @param figure its name in references */
export function count<Row>(
  title: Text,
  of: (row: Row) => number | undefined,
  figure?: string,
): ColumnOf<Row> {
  return { title, kind: 'count', cell: (row) => countCell(of(row)), ...(figure && { figure }) };
}

export function percent<Row>(
  { zh, en }: Text,
  of: (row: Row) => Share | undefined,
  figure?: string,
): ColumnOf<Row> {
  const title = { zh: `${zh} %`, en: `${en} %` };
  return { title, kind: 'ratio', cell: (row) => percentCell(of(row)), ...(figure && { figure }) };
}

/** A difference of two of these. */
export function points<Row>(
  { zh, en }: Text,
  of: (row: Row) => Share | undefined,
  figure?: string,
): ColumnOf<Row> {
  const title = { zh: `${zh}（百分点）`, en: `${en} (points)` };
  return { title, kind: 'ratio', cell: (row) => percentCell(of(row)), ...(figure && { figure }) };
}

/** The number that is printed, the same in every format; undefined where there is none. */
export function printed(cell: Cell): string | undefined {
  if (cell.kind === 'count') return String(cell.count);
  return cell.kind === 'ratio' ? decimalOf(cell.share, cell.digits, cell.times) : undefined;
}

/** A table as rows of plain values, headings first: a ratio is followed by its two whole numbers, and the row by the key of its figures. */
export function flatRows(
  { columns, rows, keys }: Table,
  language: keyof Text,
): (string | Readonly<{ number: string }>)[][] {
  const headings = columns.flatMap(({ title, kind }) =>
    kind === 'ratio'
      ? [title[language], ...parts[language].map((part) => `${title[language]}${part}`)]
      : [title[language]],
  );
  return [
    [...headings, ...(keys ? [keyTitle[language]] : [])],
    ...rows.map((row, line) => [
      ...row.flatMap((cell, at) => flat(cell, columns[at]?.kind, language)),
      ...(keys ? [keys[line] ?? ''] : []),
    ]),
  ];
}

const keyTitle: Text = { zh: '引用', en: 'reference' };

const parts = { zh: ['（分子）', '（分母）'], en: [' (part)', ' (of)'] } as const;

function flat(
  cell: Cell,
  kind: Column['kind'] | undefined,
  language: keyof Text,
): (string | Readonly<{ number: string }>)[] {
  const number = printed(cell);
  const value = cell.kind === 'text' ? cell.text[language] : number === undefined ? '' : { number };
  if (kind !== 'ratio') return [value];
  if (cell.kind !== 'ratio') return [value, '', ''];
  return [value, { number: String(cell.share.part) }, { number: String(cell.share.of) }];
}
