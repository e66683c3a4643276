import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import type { Range } from '@tongtang/wire/messages';
import { count, gaps, unite } from '@tongtang/wire/ranges';
import type { LedgerEntry, OutboxLedger } from '../ledger.ts';
import { MendedDatabase } from '../mended-database.ts';

const migrations: readonly string[] = [
  `CREATE TABLE outbox (
     id INTEGER PRIMARY KEY,
     agent TEXT NOT NULL,
     outbox TEXT NOT NULL,
     oldest INTEGER NOT NULL,
     first_seen REAL NOT NULL,
     last_seen REAL NOT NULL,
     UNIQUE (agent, outbox)
   );
   CREATE TABLE received (
     outbox INTEGER NOT NULL,
     first INTEGER NOT NULL,
     last INTEGER NOT NULL,
     PRIMARY KEY (outbox, first)
   ) WITHOUT ROWID;`,
];

/** Some 150 bytes each. */
const remembered = 200_000;

/** The newest range of an outbox: what comes next mostly goes on where it ends. */
type Newest = { id: number; first: number; last: number };

/** What the ledger counted since it was opened, in samples. */
export type LedgerCounts = Readonly<{
  accepted: number;
  /** Accepted before and sent again. */
  repeated: number;
}>;

/** The record of which sequence numbers of which outbox are stored. */
export type Ledger = Readonly<{
  /**
   * Enters what the store has committed, in one durable transaction.
   * @throws where the disk refuses; then nothing was entered, and entering again is safe
   */
  accept: (entries: readonly LedgerEntry[]) => void;
  /** Every outbox that an agent ever used, the newest first. */
  outboxes: (agent: string) => OutboxLedger[];
  /** Whether all of a range was received. */
  holds: (agent: string, outbox: string, range: Range) => boolean;
  /** The ranges of one outbox, in order; empty where it is not known. */
  received: (agent: string, outbox: string) => Range[];
  counts: () => LedgerCounts;
  close: () => void;
}>;

/** Opens the ledger. Where its file is damaged, an empty one takes its place: agents send again what they still hold. */
export function openLedger(path: string, log: Log): Ledger {
  const counts = { accepted: 0, repeated: 0 };
  const file = new MendedDatabase(
    path,
    { migrations, durability: 'full' },
    log,
    (database) => new Book(database),
  );
  return {
    accept: (entries) => {
      const { accepted, repeated } = file.run((book) => book.accept(entries));
      counts.accepted += accepted;
      counts.repeated += repeated;
    },
    outboxes: (agent) => file.run((book) => book.outboxes(agent)),
    holds: (agent, outbox, range) => file.run((book) => book.holds(agent, outbox, range)),
    received: (agent, outbox) => file.run((book) => book.received(agent, outbox)),
    counts: () => ({ ...counts }),
    close: () => file.close(),
  };
}

class Book {
  readonly #database: DatabaseSync;
  readonly #touch: StatementSync;
  readonly #newestOf: StatementSync;
  readonly #extend: StatementSync;
  readonly #upTo: StatementSync;
  readonly #lastFrom: StatementSync;
  readonly #idOf: StatementSync;
  readonly #all: StatementSync;
  readonly #remove: StatementSync;
  readonly #insert: StatementSync;
  readonly #newest = new Map<string, Newest>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#touch = database.prepare(
      `INSERT INTO outbox (agent, outbox, oldest, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?4)
       ON CONFLICT (agent, outbox) DO UPDATE SET oldest = max(oldest, excluded.oldest),
         first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
       RETURNING id`,
    );
    this.#newestOf = database.prepare(
      'SELECT first, last FROM received WHERE outbox = ? ORDER BY first DESC LIMIT 1',
    );
    this.#extend = database.prepare('UPDATE received SET last = ? WHERE outbox = ? AND first = ?');
    this.#upTo = database.prepare(
      'SELECT first, last FROM received WHERE outbox = ? AND first <= ? ORDER BY first DESC',
    );
    this.#lastFrom = database.prepare(
      `SELECT last FROM received
       WHERE outbox = (SELECT id FROM outbox WHERE agent = ? AND outbox = ?) AND first <= ?
       ORDER BY first DESC LIMIT 1`,
    );
    this.#idOf = database.prepare('SELECT id FROM outbox WHERE agent = ? AND outbox = ?');
    this.#all = database.prepare('SELECT first, last FROM received WHERE outbox = ? ORDER BY first');
    this.#remove = database.prepare('DELETE FROM received WHERE outbox = ? AND first = ?');
    this.#insert = database.prepare('INSERT INTO received VALUES (?, ?, ?)');
  }

  accept(entries: readonly LedgerEntry[]): LedgerCounts {
    try {
      return inTransaction(this.#database, () => {
        const counts = { accepted: 0, repeated: 0 };
        for (const entry of entries) {
          const added = this.#enter(entry);
          counts.accepted += added;
          counts.repeated += entry.to - entry.from + 1 - added;
        }
        return counts;
      });
    } catch (error) {
      // What was remembered may have been rolled back.
      this.#newest.clear();
      throw error;
    }
  }

  outboxes(agent: string): OutboxLedger[] {
    return this.#database
      .prepare('SELECT * FROM outbox WHERE agent = ? ORDER BY first_seen DESC, id DESC')
      .all(agent)
      .map((row) => {
        const received = this.#ranges(Number(row.id));
        const missing = gaps(received, 1, received.at(-1)?.[1] ?? 0);
        return {
          id: String(row.outbox),
          received,
          missing,
          lost: below(missing, Number(row.oldest)),
          firstSeen: Number(row.first_seen),
          lastSeen: Number(row.last_seen),
        };
      });
  }

  /** Ranges that touch are one: a range is held by the one that begins at or before it, or by none. */
  holds(agent: string, outbox: string, [from, to]: Range): boolean {
    return Number(this.#lastFrom.get(agent, outbox, from)?.last ?? 0) >= to;
  }

  received(agent: string, outbox: string): Range[] {
    const row = this.#idOf.get(agent, outbox);
    return row === undefined ? [] : this.#ranges(Number(row.id));
  }

  #ranges(id: number): Range[] {
    return this.#all.all(id).map(({ first, last }) => [Number(first), Number(last)]);
  }

  /** @returns how many sequence numbers are new */
  #enter({ agent, outbox, from, to, oldest, time }: LedgerEntry): number {
    const id = Number(this.#touch.get(agent, outbox, oldest, time)?.id);
    const newest = this.#newestRange(`${agent} ${outbox}`, id);
    if (newest.last === 0 || from !== newest.last + 1) return this.#unite(newest, from, to);
    this.#extend.run(to, id, newest.first);
    newest.last = to;
    return to - from + 1;
  }

  /** The range in its place among the others, joined with those that it overlaps or touches. */
  #unite(newest: Newest, from: number, to: number): number {
    const touched: Range[] = [];
    for (const row of this.#upTo.iterate(newest.id, to + 1)) {
      const [first, last] = [Number(row.first), Number(row.last)];
      if (last < from - 1) break;
      touched.push([first, last]);
    }
    for (const [first] of touched) this.#remove.run(newest.id, first);
    const [first, last] = unite(touched, [[from, to]])[0] ?? [from, to];
    this.#insert.run(newest.id, first, last);
    if (last >= newest.last) Object.assign(newest, { first, last });
    return last - first + 1 - count(touched);
  }

  #newestRange(key: string, id: number): Newest {
    const known = this.#newest.get(key);
    if (known !== undefined) return known;
    const row = this.#newestOf.get(id);
    const newest = { id, first: Number(row?.first ?? 0), last: Number(row?.last ?? 0) };
    if (this.#newest.size >= remembered) this.#newest.clear();
    this.#newest.set(key, newest);
    return newest;
  }
}

/** The part of the ranges that lies below a number. */
function below(ranges: readonly Range[], number: number): Range[] {
  return ranges
    .filter(([from]) => from < number)
    .map(([from, to]): Range => [from, Math.min(to, number - 1)]);
}
