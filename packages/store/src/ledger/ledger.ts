import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import type { Range } from '@tongtang/wire/messages';
import { count, gaps, unite } from '@tongtang/wire/ranges';
import type { LedgerEntry, OutboxLedger } from '../ledger.ts';
import { MendedDatabase } from '../mended-database.ts';
import { Room } from './room.ts';

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
  `ALTER TABLE outbox ADD COLUMN unknown_before INTEGER NOT NULL DEFAULT 1;
   CREATE TABLE replacement (time REAL NOT NULL);`,
  'CREATE TABLE forgotten (agent TEXT PRIMARY KEY, outboxes INTEGER NOT NULL) WITHOUT ROWID;',
];

/**
 * Where the ledger itself was lost, an agent sends its newest within this time: what is older may have been stored before,
 * in whatever order.
 */
const settlingS = 600;

/** Some 150 bytes each. */
const remembered = 200_000;

/** Outboxes of an agent that are told one by one: an honest one has some hundreds. */
const mostTold = 1000;

/** The newest range of an outbox: what comes next mostly goes on where it ends. */
type Newest = { id: number; first: number; last: number; ranges: number };

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
  /** Whether an outbox may be entered: one that is known, or a new one that its agent has room for. */
  admits: (agent: string, outbox: string, time: number) => boolean;
  /** The outboxes of an agent, the newest first, a thousand at most. */
  outboxes: (agent: string) => OutboxLedger[];
  /** How many outboxes of an agent those do not tell of: too many, or forgotten. */
  earlier: (agent: string) => number;
  /** When anything of an agent was received last, hub time in seconds; 0 where nothing ever was. */
  lastSeen: (agent: string) => number;
  /** Whether all of a range was received. */
  holds: (agent: string, outbox: string, range: Range) => boolean;
  /** The ranges of one outbox, in order; empty where it is not known. */
  received: (agent: string, outbox: string) => Range[];
  counts: () => LedgerCounts;
  close: () => void;
}>;

/**
 * Opens the ledger. Where its file is damaged, or gone although it is expected, an empty one takes its place: agents send
 * again what they still hold, and of what they no longer hold it says that it does not know.
 * @param expected whether agents may have sent before now
 */
export function openLedger(path: string, log: Log, expected = false): Ledger {
  const counts = { accepted: 0, repeated: 0 };
  const file = new MendedDatabase(
    path,
    { migrations, durability: 'full', expected },
    log,
    (database, replaces) => new Book(database, replaces),
  );
  return {
    accept: (entries) => {
      const { accepted, repeated } = file.run((book) => book.accept(entries));
      counts.accepted += accepted;
      counts.repeated += repeated;
    },
    admits: (agent, outbox, time) => file.run((book) => book.admits(agent, outbox, time)),
    outboxes: (agent) => file.run((book) => book.outboxes(agent)),
    earlier: (agent) => file.run((book) => book.earlier(agent)),
    lastSeen: (agent) => file.run((book) => book.lastSeen(agent)),
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
  readonly #forget: StatementSync;
  readonly #oldestOf: StatementSync;
  readonly #outboxesOf: StatementSync;
  readonly #lastSeen: StatementSync;
  readonly #newest = new Map<string, Newest>();
  readonly #room: Room;
  /** This ledger took the place of one that was lost. */
  readonly #replaces: boolean;

  constructor(database: DatabaseSync, replaces: boolean) {
    this.#database = database;
    this.#room = new Room(database);
    if (replaces) database.prepare('INSERT INTO replacement VALUES (?)').run(Date.now() / 1000);
    this.#replaces = database.prepare('SELECT 1 FROM replacement').get() !== undefined;
    this.#touch = database.prepare(
      `INSERT INTO outbox (agent, outbox, oldest, first_seen, last_seen, unknown_before) VALUES (?1, ?2, ?3, ?4, ?4, ?5)
       ON CONFLICT (agent, outbox) DO UPDATE SET oldest = max(oldest, excluded.oldest),
         first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen),
         unknown_before = CASE WHEN unknown_before > 1 AND excluded.last_seen < first_seen + ${settlingS}
           THEN max(unknown_before, excluded.unknown_before) ELSE unknown_before END
       RETURNING id`,
    );
    this.#newestOf = database.prepare(
      `SELECT first, last, (SELECT count(*) FROM received WHERE outbox = ?1) AS ranges
       FROM received WHERE outbox = ?1 ORDER BY first DESC LIMIT 1`,
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
    this.#oldestOf = database.prepare(
      'SELECT first, last FROM received WHERE outbox = ? ORDER BY first LIMIT 1',
    );
    this.#outboxesOf = database.prepare(
      `SELECT * FROM outbox WHERE agent = ? ORDER BY first_seen DESC, id DESC LIMIT ${mostTold}`,
    );
    this.#lastSeen = database.prepare('SELECT max(last_seen) AS time FROM outbox WHERE agent = ?');
    this.#forget = database.prepare('UPDATE outbox SET unknown_before = max(unknown_before, ?) WHERE id = ?');
  }

  admits(agent: string, outbox: string, time: number): boolean {
    return this.#isKnown(agent, outbox) || this.#room.admits(agent, outbox, time);
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
      this.#room.rolledBack();
      throw error;
    }
  }

  outboxes(agent: string): OutboxLedger[] {
    return this.#outboxesOf.all(agent).map((row) => {
      const received = this.#ranges(Number(row.id));
      const unknownBefore = Number(row.unknown_before);
      const missing = gaps(received, unknownBefore, received.at(-1)?.[1] ?? 0);
      return {
        id: String(row.outbox),
        received,
        unknownBefore,
        missing,
        lost: below(missing, Number(row.oldest)),
        firstSeen: Number(row.first_seen),
        lastSeen: Number(row.last_seen),
      };
    });
  }

  earlier(agent: string): number {
    return Math.max(0, this.#room.kept(agent) - mostTold) + this.#room.forgotten(agent);
  }

  lastSeen(agent: string): number {
    return Number(this.#lastSeen.get(agent)?.time ?? 0);
  }

  /** Ranges that touch are one: a range is held by the one that begins at or before it, or by none. */
  holds(agent: string, outbox: string, [from, to]: Range): boolean {
    // What is new, and that is nearly all, need not be looked up.
    if (from > (this.#newest.get(`${agent} ${outbox}`)?.last ?? Number.POSITIVE_INFINITY)) return false;
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
    const isNew = !this.#isKnown(agent, outbox);
    const unknownBefore = isNew || this.#replaces ? this.#unknownBefore(agent, from, oldest) : 1;
    const id = Number(this.#touch.get(agent, outbox, oldest, time, unknownBefore)?.id);
    if (isNew)
      for (const forgotten of this.#room.entered(agent, time)) this.#newest.delete(`${agent} ${forgotten}`);
    const newest = this.#newestRange(`${agent} ${outbox}`, id);
    if (newest.last === 0 || from !== newest.last + 1) return this.#unite(agent, newest, from, to);
    this.#extend.run(to, id, newest.first);
    newest.last = to;
    return to - from + 1;
  }

  #isKnown(agent: string, outbox: string): boolean {
    return this.#newest.has(`${agent} ${outbox}`) || this.#room.isKnown(agent, outbox);
  }

  /**
   * Where this ledger took the place of another one, that may have had all below what comes. Where outboxes of an agent were forgotten, one of
   * them may have come back, as with a disk that was put back to what it was: what it dropped before it is heard of now may have been received.
   */
  #unknownBefore(agent: string, from: number, oldest: number): number {
    if (this.#replaces) return from;
    return this.#room.forgotten(agent) > 0 ? Math.min(from, oldest) : 1;
  }

  /** The range in its place among the others, joined with those that it overlaps or touches. */
  #unite(agent: string, newest: Newest, from: number, to: number): number {
    const touched: Range[] = [];
    for (const row of this.#upTo.iterate(newest.id, to + 1)) {
      const [first, last] = [Number(row.first), Number(row.last)];
      if (last < from - 1) break;
      touched.push([first, last]);
    }
    for (const [first] of touched) this.#remove.run(newest.id, first);
    const [first, last] = unite(touched, [[from, to]])[0] ?? [from, to];
    this.#insert.run(newest.id, first, last);
    newest.ranges += 1 - touched.length;
    this.#room.changed(agent, 1 - touched.length);
    if (last >= newest.last) Object.assign(newest, { first, last });
    if (this.#room.isFull(agent, newest.ranges)) this.#forgetOldest(agent, newest);
    return last - first + 1 - count(touched);
  }

  #forgetOldest(agent: string, newest: Newest): void {
    const oldest = this.#oldestOf.get(newest.id);
    if (oldest === undefined) return;
    this.#remove.run(newest.id, Number(oldest.first));
    this.#forget.run(Number(oldest.last) + 1, newest.id);
    newest.ranges -= 1;
    this.#room.changed(agent, -1);
  }

  #newestRange(key: string, id: number): Newest {
    const known = this.#newest.get(key);
    if (known !== undefined) return known;
    const row = this.#newestOf.get(id);
    const newest = {
      id,
      first: Number(row?.first ?? 0),
      last: Number(row?.last ?? 0),
      ranges: Number(row?.ranges ?? 0),
    };
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
