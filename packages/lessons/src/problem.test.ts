import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnLetters, columnOfLetters } from './problem.ts';

it('columns have the letters that programs for tables show, and are found by them', () => {
  expect([0, 25, 26, 701, 702].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
  fc.assert(fc.property(fc.nat(20_000), (column) => columnOfLetters(columnLetters(column)) === column));
});
