import type { ReportHead } from '../api/report-answers.ts';
import { compareShares } from './share.ts';

export const orderColumns = ['period', 'availability', 'coverage', 'made'] as const;
export type OrderColumn = (typeof orderColumns)[number];
export type Order = Readonly<{ by: OrderColumn; descending: boolean }>;

type Compare = (a: ReportHead, b: ReportHead) => number;

const compare: Readonly<Record<OrderColumn, Compare>> = {
  period: (a, b) => compareText(a.period.to, b.period.to) || compareText(a.period.from, b.period.from),
  availability: (a, b) => compareShares(a.figures.availability, b.figures.availability),
  coverage: (a, b) => compareShares(a.figures.coverage, b.figures.coverage),
  made: (a, b) => a.madeAt - b.madeAt,
};

/** What waits for somebody's word first, then by a column; of equals, those made last come first. */
export function inOrder(reports: readonly ReportHead[], { by, descending }: Order): ReportHead[] {
  const waits = ({ state }: ReportHead): number => (state === 'awaiting' ? 1 : 0);
  const sign = descending ? -1 : 1;
  return [...reports].sort((a, b) => waits(b) - waits(a) || sign * compare[by](a, b) || b.madeAt - a.madeAt);
}

/** The order after a column was chosen: the greatest first, and the other way round when it is chosen again. */
export function chosen(order: Order, by: OrderColumn): Order {
  return { by, descending: order.by === by ? !order.descending : true };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
