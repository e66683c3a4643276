import type { Text } from '@tongtang/model/text';
import type { Report } from './report.ts';
import { type Cell, isNumber, type NumberCell } from './table.ts';
import { tablesOf } from './tables.ts';

/** A figure of a report: a number that can be asked for. */
export type Figure = Readonly<{
  /** What it is, and of what: `availability/class/babao/c1`. It stays when data come later, so that revisions can be compared by it. */
  reference: string;
  /** Table, row and column in which it stands. */
  title: Text;
  value: NumberCell;
}>;

/** All figures of a report, each once, in the order in which they are printed. */
export function figuresOf(report: Report): Figure[] {
  const figures = new Map<string, Figure>();
  for (const { title, columns, rows } of tablesOf(report))
    for (const row of rows)
      for (const [at, cell] of row.entries()) {
        const reference = isNumber(cell) ? cell.reference : undefined;
        if (!isNumber(cell) || reference === undefined || figures.has(reference)) continue;
        const parts = [title, ...row.flatMap(textOf), columns[at]?.title ?? title];
        figures.set(reference, { reference, title: joined(parts), value: numberOf(cell) });
      }
  return [...figures.values()];
}

function textOf(cell: Cell): Text[] {
  return cell.kind === 'text' ? [cell.text] : [];
}

function numberOf(cell: NumberCell): NumberCell {
  if (cell.kind === 'count') return { kind: 'count', count: cell.count };
  const { share, digits, times } = cell;
  return { kind: 'ratio', share, digits, times };
}

function joined(parts: readonly Text[]): Text {
  return { zh: parts.map(({ zh }) => zh).join(' · '), en: parts.map(({ en }) => en).join(' · ') };
}
