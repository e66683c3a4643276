import type { Text } from '@tongtang/model/text';
import { type Heading, headings } from '../columns.ts';
import type { Place, Problem } from '../problem.ts';
import type { Reader } from './cells.ts';
import type { Row } from './sheet.ts';
import type { Table } from './tables.ts';

/** Something that was read, with where it stands; what was there before the import stands nowhere. */
export type Placed<T> = Readonly<{ entry: T; place?: Place }>;

/** Reads the cells of one row, and notes all that is wrong with them before anything is made of it. */
export class RowReader {
  readonly place: Place;
  readonly #row: Row;
  readonly #columns: ReadonlyMap<Heading, number>;
  readonly #problems: Problem[];
  #failed = false;

  constructor({ sheet, columns }: Table<string>, row: Row, problems: Problem[]) {
    this.#row = row;
    this.#columns = columns;
    this.#problems = problems;
    this.place = {
      file: sheet.file,
      ...(sheet.name !== undefined && { sheet: sheet.name }),
      row: row.number,
    };
  }

  /** Whether anything that was asked for is wrong. */
  get failed(): boolean {
    return this.#failed;
  }

  has(heading: Heading): boolean {
    return this.#text(heading) !== undefined;
  }

  /** @returns undefined where the cell is empty, or wrong, which is noted */
  optional<T>(heading: Heading, reader: Reader<T>): T | undefined {
    const text = this.#text(heading);
    if (text === undefined) return undefined;
    const answer = reader(text);
    if ('value' in answer) return answer.value;
    this.fail(heading, answer.problem);
    return undefined;
  }

  /** The same; that the cell is empty is wrong, too. */
  needed<T>(heading: Heading, reader: Reader<T>): T | undefined {
    this.demand(heading);
    return this.optional(heading, reader);
  }

  /** Notes where the cell is empty. */
  demand(heading: Heading): void {
    if (!this.has(heading)) this.fail(heading, { zh: '不能为空', en: 'it must not be empty' });
  }

  /** Notes where the cell is not empty. */
  forbid(heading: Heading, unless: Text): void {
    if (this.has(heading)) this.fail(heading, unless);
  }

  fail(heading: Heading, text: Text): void {
    this.#failed = true;
    this.#problems.push({ place: this.placeOf(heading), text });
  }

  /** Of a cell; of the row where the table has no such column. */
  placeOf(heading: Heading): Place {
    const column = this.#columns.get(heading);
    return column === undefined ? this.place : { ...this.place, column, header: headings[heading] };
  }

  #text(heading: Heading): string | undefined {
    const column = this.#columns.get(heading);
    return column === undefined ? undefined : this.#row.cells.get(column);
  }
}
