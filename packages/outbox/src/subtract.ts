import type { Range } from '@tongtang/wire/messages';
import { gaps, unite } from '@tongtang/wire/ranges';

/** What of the ranges is not in the others. */
export function subtract(ranges: readonly Range[], others: readonly Range[]): Range[] {
  const ordered = unite(others);
  return ranges.flatMap(([from, to]) => gaps(ordered, from, to));
}
