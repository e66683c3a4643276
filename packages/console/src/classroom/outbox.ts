import type { Ledger, Range } from '../api/answers.ts';

export type Delivery = Readonly<{
  received: number;
  /** Not here yet and perhaps on the way: `missing` without what is known to be lost. */
  missing: readonly Range[];
  lost: readonly Range[];
  /** Of lower numbers of the newest outbox nothing can be said; 1 where all is known. */
  unknownBefore: number;
  earlier: number;
}>;

/** What the ledger says of all outboxes of an agent together; the newest outbox stands for the present. */
export function deliveryOf(ledger: Ledger): Delivery {
  return {
    received: countOf(ledger.outboxes.flatMap(({ received }) => received)),
    missing: ledger.outboxes.flatMap(({ missing, lost }) => without(missing, lost)),
    lost: ledger.outboxes.flatMap(({ lost }) => lost),
    unknownBefore: ledger.outboxes[0]?.unknownBefore ?? 1,
    earlier: Math.max(0, ledger.outboxes.length - 1) + ledger.earlier,
  };
}

/** How many numbers the ranges hold. */
export function countOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** What of the ranges the other ranges do not hold. */
export function without(ranges: readonly Range[], taken: readonly Range[]): Range[] {
  let left: Range[] = [...ranges];
  for (const [from, to] of taken)
    left = left.flatMap(([start, end]): Range[] => {
      if (to < start || from > end) return [[start, end]];
      const parts: Range[] = [];
      if (start < from) parts.push([start, from - 1]);
      if (end > to) parts.push([to + 1, end]);
      return parts;
    });
  return left;
}

/** `1203–1249, 1300`; at most `most` of them, and how many were left out. */
export function spellRanges(ranges: readonly Range[], most: number): { text: string; leftOut: number } {
  const shown = ranges.slice(0, most).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return { text: shown.join(', '), leftOut: Math.max(0, ranges.length - most) };
}
