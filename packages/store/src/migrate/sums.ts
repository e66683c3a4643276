import type { Piece } from '../contents.ts';
import type { FieldMinute } from '../rollup/fold.ts';

/** What two stores are compared by: how many points and values, and the sum of all values; of a text its length counts. */
export type Sums = { points: number; values: number; sum: number; magnitude: number };

export function noSums(): Sums {
  return { points: 0, values: 0, sum: 0, magnitude: 0 };
}

/** Adds what is in a piece; of a minute its counts, sums, extremes and last values. */
export function addPiece(sums: Sums, piece: Piece): void {
  sums.points += piece.rows.length;
  if (piece.layer === 'raw')
    for (const { values } of piece.rows) for (const value of values) add(sums, value);
  else for (const { fields } of piece.rows) for (const field of fields) addMinute(sums, field);
}

function addMinute(sums: Sums, field: FieldMinute | undefined): void {
  if (field === undefined) return;
  for (const value of [field.count, field.sum, field.min, field.max, field.last]) add(sums, value);
}

function add(sums: Sums, value: number | string | null): void {
  if (value === null) return;
  const number = typeof value === 'string' ? value.length : value;
  sums.values += 1;
  sums.sum += number;
  sums.magnitude += Math.abs(number);
}

/** Sums of the same numbers in another order differ by their last digits: a sum of n is off by n × 2⁻⁵³ of the magnitude at most. */
export function areEqual(a: Sums, b: Sums): boolean {
  const tolerance = Math.max(a.values, 1) * 2 ** -52 * Math.max(a.magnitude, b.magnitude);
  return a.points === b.points && a.values === b.values && Math.abs(a.sum - b.sum) <= tolerance;
}
