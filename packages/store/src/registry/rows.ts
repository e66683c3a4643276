import type { SQLOutputValue } from 'node:sqlite';

/** A row as SQLite hands it over; the tables are STRICT, so a column of the wrong type is our own mistake. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** @throws where the column holds no text */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
}

/** @throws where the column holds neither text nor NULL */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** @throws where the column holds no number */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no number`);
  return value;
}

/** @throws where the column holds neither a number nor NULL */
export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}
