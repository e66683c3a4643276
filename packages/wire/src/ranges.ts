import type { Range } from './messages.ts';

/** Ranges in order, disjoint and not touching. */
export type RangeSet = readonly Range[];

/**
 * The union of all, in order and joined where they overlap or touch. Input need not be in order; a range whose end is
 * below its start holds nothing (clause C-4).
 */
export function unite(...sets: readonly (readonly Range[])[]): Range[] {
  const sorted = sets
    .flat()
    .filter(([from, to]) => from <= to)
    .sort((a, b) => a[0] - b[0]);
  const result: Range[] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

/** What of `from`…`to` the set does not hold, in order. */
export function gaps(set: RangeSet, from: number, to: number): Range[] {
  const result: Range[] = [];
  let next = from;
  for (const [start, end] of set) {
    if (start > to) break;
    if (start > next) result.push([next, start - 1]);
    next = Math.max(next, end + 1);
  }
  if (next <= to) result.push([next, to]);
  return result;
}

/** How many numbers the ranges hold. */
export function count(ranges: RangeSet): number {
  return ranges.reduce((total, [from, to]) => total + to - from + 1, 0);
}
