/** A row with the text of its cells, by column; one that holds nothing is left out. */
export type Row = Readonly<{ number: number; cells: ReadonlyMap<number, string> }>;

/** What a sheet or a CSV file holds, as people see it: dates as `2026-09-01`, times as `08:30`. */
export type Sheet = Readonly<{ file: string; name?: string; rows: readonly Row[] }>;

/** What a file handed in has. */
export type InputFile = Readonly<{ name: string; bytes: Uint8Array }>;

/**
 * Far above any county's timetable, far below what a machine minds: 3,000 classes with ten periods each are 30,000 rows.
 * Without limits a file of a few kilobytes could take all memory.
 */
export const limits = {
  fileBytes: 16_000_000,
  /** Of the parts that are read, unpacked. */
  unpackedBytes: 64_000_000,
  rows: 60_000,
  columns: 200,
  cellCharacters: 500,
  calendarEntries: 5000,
} as const;

/**
 * A cell's text as it is compared: full-width digits, letters and signs as the plain ones (Unicode NFKC), without blanks around
 * it and without what is invisible.
 */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
