import type { DatabaseSync } from 'node:sqlite';
import type { Range } from '@tongtang/wire/messages';
import { type Dictionaries, type NewChunk, ownDictionary, packLines } from './chunk.ts';

/**
 * `chunk` is numbered through the file: `first` of the first sample ever is 1. An `epoch` is an outbox id with the
 * number at which it begins; on the wire each counts from one. The row with the highest number is never deleted (its
 * payload becomes NULL instead), so that no number is given twice.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE chunk (
     first INTEGER PRIMARY KEY,
     last INTEGER NOT NULL,
     time INTEGER,
     boot TEXT,
     payload BLOB
   );
   CREATE INDEX unstamped ON chunk (first) WHERE boot IS NOT NULL;
   CREATE TABLE epoch (start INTEGER PRIMARY KEY, id TEXT NOT NULL);
   CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE dictionary (id TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;`,
];

export type ChunkRow = Readonly<{
  first: number;
  last: number;
  /** Hub time of the last sample; null while it is unknown. */
  time: number | null;
  /** Null once the time is known. */
  boot: string | null;
  /** Null where the chunk is committed and only keeps the highest number. */
  payload: Uint8Array | null;
}>;

/**
 * `boot`: the operating system's boot that the file was last used in; `began`: a boot and when it began by the wall clock as
 * it was then; `dropped`: samples given up so far; `compared`: when the wall clock was last compared to hub time, and how far
 * off it was.
 */
export type StateKey = 'boot' | 'began' | 'dropped' | 'compared';

/** The statements of an outbox file, one method each. Every method throws what SQLite throws. */
export class ChunkTable {
  readonly #prepare: (sql: string) => ReturnType<DatabaseSync['prepare']>;

  constructor(database: DatabaseSync) {
    const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();
    this.#prepare = (sql) => {
      const statement = prepared.get(sql) ?? database.prepare(sql);
      prepared.set(sql, statement);
      return statement;
    };
  }

  insert(first: number, chunk: NewChunk): void {
    this.#prepare('INSERT INTO chunk (first, last, time, boot, payload) VALUES (?, ?, ?, ?, ?)').run(
      first,
      first + chunk.lines.length - 1,
      'time' in chunk.stamp ? chunk.stamp.time : null,
      'boot' in chunk.stamp ? chunk.stamp.boot : null,
      packLines(chunk.lines),
    );
  }

  stamp(first: number, time: number, lines: readonly string[]): void {
    this.#prepare('UPDATE chunk SET time = ?, boot = NULL, payload = ? WHERE first = ?').run(
      time,
      packLines(lines),
      first,
    );
  }

  /** The chunk with the highest numbers that begins at or below the number. */
  atOrBelow(number: number): ChunkRow | undefined {
    return this.#row('SELECT * FROM chunk WHERE first <= ? ORDER BY first DESC LIMIT 1', number);
  }

  /** The chunk that holds the number, or the next one above it. */
  atOrAbove(number: number): ChunkRow | undefined {
    const below = this.atOrBelow(number);
    if (below !== undefined && below.last >= number) return below;
    return this.#row('SELECT * FROM chunk WHERE first > ? ORDER BY first LIMIT 1', number);
  }

  /** Chunks that wait for hub time, the newest first. */
  unstamped(most: number): ChunkRow[] {
    return this.#prepare('SELECT * FROM chunk WHERE boot IS NOT NULL ORDER BY first DESC LIMIT ?')
      .all(most)
      .map(toRow);
  }

  /** The numbers of the chunks that wait for hub time. */
  unstampedRanges(): Range[] {
    return this.#prepare('SELECT first, last FROM chunk WHERE boot IS NOT NULL')
      .all()
      .map((row) => [Number(row.first), Number(row.last)]);
  }

  /** Whether chunks lie one behind the other, and epochs and the count of what was given up are such. SQLite sees no wrong number. */
  isSound(): boolean {
    const row = this.#prepare(
      `SELECT
         (SELECT count(*) FROM (SELECT first, last, lead(first) OVER (ORDER BY first) AS next FROM chunk)
          WHERE first < 1 OR typeof(last) <> 'integer' OR last < first OR next <= last)
         + (SELECT count(*) FROM epoch WHERE start < 1 OR length(id) <> 16 OR id GLOB '*[^0-9a-f]*')
         + (SELECT count(*) FROM state WHERE key = 'dropped' AND (value = '' OR value GLOB '*[^0-9]*')) AS n`,
    ).get();
    return Number(row?.n) === 0;
  }

  /** How many of the numbers from…to are in the table. */
  countBetween(from: number, to: number): number {
    const row = this.#prepare(
      `SELECT coalesce(sum(min(last, :to) - max(first, :from) + 1), 0) AS n FROM chunk
       WHERE first BETWEEN coalesce((SELECT max(first) FROM chunk WHERE first <= :from), 0) AND :to
         AND last >= :from AND payload IS NOT NULL`,
    ).get({ from, to });
    return Number(row?.n);
  }

  /** Removes the chunks that lie wholly in from…to; the one that ends in `highest` stays as an empty row. */
  remove(from: number, to: number, highest: number): void {
    this.#prepare('DELETE FROM chunk WHERE first BETWEEN ? AND ? AND last <= ? AND last < ?').run(
      from,
      to,
      to,
      highest,
    );
    if (to >= highest)
      this.#prepare(
        'UPDATE chunk SET time = NULL, boot = NULL, payload = NULL WHERE first >= ? AND last = ?',
      ).run(from, highest);
  }

  /** Bytes of the pages in use. */
  usedBytes(): number {
    const row = this.#prepare(
      `SELECT (page_count - freelist_count) * page_size AS n
       FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
    ).get();
    return Number(row?.n);
  }

  epochs(): { start: number; id: string }[] {
    return this.#prepare('SELECT start, id FROM epoch ORDER BY start')
      .all()
      .map((row) => ({ start: Number(row.start), id: String(row.id) }));
  }

  beginEpoch(start: number, id: string): void {
    this.#prepare('INSERT OR REPLACE INTO epoch (start, id) VALUES (?, ?)').run(start, id);
  }

  /** Forgets the ids whose numbers all lie below. */
  endEpochsBelow(number: number): void {
    this.#prepare('DELETE FROM epoch WHERE start < (SELECT max(start) FROM epoch WHERE start <= ?)').run(
      number,
    );
  }

  state(key: StateKey): string | undefined {
    const row = this.#prepare('SELECT value FROM state WHERE key = ?').get(key);
    return row === undefined ? undefined : String(row.value);
  }

  setState(key: StateKey, value: string): void {
    this.#prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)').run(key, value);
  }

  /** Every dictionary that a chunk may have been packed with; keeps the present one for later versions. */
  dictionaries(): Dictionaries {
    const [id, bytes] = ownDictionary;
    this.#prepare('INSERT OR IGNORE INTO dictionary (id, bytes) VALUES (?, ?)').run(id, bytes);
    const rows = this.#prepare('SELECT id, bytes FROM dictionary').all();
    return new Map(
      rows.flatMap((row) => (row.bytes instanceof Uint8Array ? [[String(row.id), row.bytes]] : [])),
    );
  }

  #row(sql: string, number: number): ChunkRow | undefined {
    const row = this.#prepare(sql).get(number);
    return row === undefined ? undefined : toRow(row);
  }
}

function toRow(row: Readonly<Record<string, unknown>>): ChunkRow {
  const { first, last, time, boot, payload } = row;
  return {
    first: Number(first),
    last: Number(last),
    time: time === null ? null : Number(time),
    boot: boot === null ? null : String(boot),
    payload: payload instanceof Uint8Array ? payload : null,
  };
}
