import { statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementResultingChanges, StatementSync } from 'node:sqlite';
import {
  DamagedDatabase,
  inTransaction,
  isDamage,
  isReadFailure,
  setAside,
} from '@tongtang/runtime/database';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { assertReadable, openOrRestore } from './backup.ts';
import type { Row } from './rows.ts';

type Named = Record<string, SQLInputValue>;
type Values = SQLInputValue[] | [Named];

/** A statement that outlives the file that it was prepared for. */
export type Statement = Readonly<{
  get(...values: Values): Row | undefined;
  all(...values: Values): Row[];
  run(...values: Values): StatementResultingChanges;
}>;

/** How often a file is replaced at most: where each new one is broken too, the disk is not filled with them. Milliseconds. */
const replaceEveryMs = 1000;

/**
 * The registry's file as its parts have it: where it turns out to be damaged while it is in use, it is replaced as at the start, set
 * aside and by its copy, and the same statements go on with the new one. So no part has to know, and what was asked for
 * outside a transaction is simply asked again.
 *
 * Another process may have it open meanwhile. SQLite removes no log by name once the file was renamed (it looks whether the
 * database is still the one at its path), so one that closes the old file spoils nothing of the new one.
 */
export class RegistryFile {
  readonly #path: string;
  readonly #log: Log;
  #database: DatabaseSync;
  /** What tells this file from another that took its place. */
  #inode: number;
  #restoredFrom: string | undefined;
  #generation = 0;
  #enter: () => void = () => {};
  /** Whether that was not entered yet in the file that is open. */
  #isOwed = false;
  #waitMs: number | undefined;
  #nextTryMs = Number.NEGATIVE_INFINITY;
  /** Where the damaged file is, and why no other is open. */
  #aside: string | undefined;
  #missing = '';
  #closed = false;

  /** @throws where the folder cannot be written, or the file was made by a newer version */
  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
    const { database, restoredFrom } = openOrRestore(path, log);
    this.#database = database;
    this.#restoredFrom = restoredFrom;
    this.#inode = statSync(path).ino;
  }

  /** The file that is open now. */
  get database(): DatabaseSync {
    return this.#database;
  }

  /** Which file it is, counted from the start. */
  get generation(): number {
    return this.#generation;
  }

  /** Where the file that is open was restored from, if it was. */
  get restoredFrom(): string | undefined {
    return this.#restoredFrom;
  }

  get isTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction;
  }

  /** @throws (the statement) what SQLite says; in a transaction that damage ended, that it may be tried again */
  prepare(sql: string): Statement {
    let statement = this.#run(() => this.#database.prepare(sql));
    let database = this.#database;
    const ready = (): StatementSync => {
      if (database !== this.#database) {
        statement = this.#database.prepare(sql);
        database = this.#database;
      }
      return statement;
    };
    return {
      get: (...values) =>
        this.#run(() => (isNamed(values) ? ready().get(...values) : ready().get(...values))),
      all: (...values) =>
        this.#run(() => (isNamed(values) ? ready().all(...values) : ready().all(...values))),
      run: (...values) =>
        this.#run(() => (isNamed(values) ? ready().run(...values) : ready().run(...values))),
    };
  }

  exec(sql: string): void {
    this.#run(() => this.#database.exec(sql));
  }

  /** How long a write waits for that of another process, in this file and those that take its place. Milliseconds. */
  waitAtMost(ms: number): void {
    this.#waitMs = ms;
    this.exec(`PRAGMA busy_timeout = ${ms}`);
  }

  /** What is to be entered in a file that takes the place of another one, before anybody is told what is in it. */
  whenReplaced(enter: () => void): void {
    this.#enter = enter;
  }

  /**
   * Replaces the file where an error says that it is damaged.
   * @returns whether another one is open now
   */
  mendDamage(error: unknown): boolean {
    return (isDamage(error) || isReadFailure(error)) && this.#database.isOpen && this.#replace();
  }

  /**
   * Replaces the file where something in it cannot be read, which SQLite does not see.
   * @returns whether another one is open now
   */
  mendUnreadable(): boolean {
    try {
      if (this.#database.isOpen) assertReadable(this.#database);
      return false;
    } catch (error) {
      return this.mendDamage(error);
    }
  }

  /** Takes up the file that another process has put in the place of this one, which it found damaged. */
  followPath(): void {
    if (this.#closed || !this.#isMoved()) return;
    if (this.#database.isOpen) this.#database.close();
    this.#reopen();
  }

  /** For good. */
  close(): void {
    this.#closed = true;
    if (this.#database.isOpen) this.#database.close();
  }

  #run<T>(work: () => T): T {
    this.#ready();
    const wasTransaction = this.isTransaction;
    try {
      return work();
    } catch (error) {
      if (!this.mendDamage(error)) throw error;
      if (wasTransaction)
        throw new DamagedDatabase('the registry was damaged and is replaced: nothing was changed, try again');
      this.#ready();
      return work();
    }
  }

  #ready(): void {
    if (this.#closed) throw new Error(`${this.#path} is closed`);
    if (!this.#database.isOpen && !(this.#mayTry() && this.#reopen()))
      throw new DamagedDatabase(`the registry was damaged, and a new one cannot begin yet: ${this.#missing}`);
    if (!this.#isOwed) return;
    this.#isOwed = false;
    try {
      inTransaction(this, this.#enter);
    } catch (error) {
      this.#isOwed = true;
      throw error;
    }
  }

  #replace(): boolean {
    if (this.#closed || !this.#mayTry()) return false;
    this.#database.close();
    // Another process may have found the damage first.
    return this.#reopen(() => (this.#isMoved() ? undefined : setAside(this.#path, new Date())));
  }

  #mayTry(): boolean {
    const nowMs = performance.now();
    if (nowMs < this.#nextTryMs) return false;
    this.#nextTryMs = nowMs + replaceEveryMs;
    return true;
  }

  /** Where the disk has no room for a new file, or lets none be moved, it is tried again. */
  #reopen(move: () => string | undefined = () => undefined): boolean {
    try {
      this.#aside ??= move();
      const { database, restoredFrom } = openOrRestore(this.#path, this.#log, this.#aside);
      this.#aside = undefined;
      this.#database = database;
      this.#restoredFrom = restoredFrom;
      this.#inode = statSync(this.#path).ino;
      this.#generation += 1;
      this.#isOwed = true;
      if (this.#waitMs !== undefined) database.exec(`PRAGMA busy_timeout = ${this.#waitMs}`);
      return true;
    } catch (error) {
      this.#missing = messageOf(error);
      return false;
    }
  }

  #isMoved(): boolean {
    const there = statSync(this.#path, { throwIfNoEntry: false });
    return there !== undefined && there.ino !== this.#inode;
  }
}

function isNamed(values: Values): values is [Named] {
  const [first] = values;
  return typeof first === 'object' && first !== null && !ArrayBuffer.isView(first);
}
