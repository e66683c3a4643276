import type { DatabaseSync } from 'node:sqlite';
import { type DatabaseOptions, isDamage, openDatabase, setAside } from '@tongtang/runtime/database';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';

export type MendedOptions = DatabaseOptions &
  Readonly<{
    /** The file must be there: where it is gone, the new one takes its place as that of a damaged one. */
    expected?: boolean;
    /** Hears where a damaged file was set aside. */
    onReplaced?: (setAside: string) => void;
  }>;

/**
 * An SQLite file that is replaced when it turns out to be damaged, at the start or while in use: the damaged one is set
 * aside for people to recover, an empty one takes its place, and the hub goes on.
 */
export class MendedDatabase<Opened> {
  readonly #path: string;
  readonly #options: MendedOptions;
  readonly #log: Log;
  readonly #prepare: (database: DatabaseSync, replaces: boolean) => Opened;
  #database: DatabaseSync;
  #opened: Opened;
  #closed = false;

  /**
   * @param prepare what is built on the file each time it is opened, statements mostly; it is told whether the file takes
   * the place of a damaged or missing one just now
   */
  constructor(
    path: string,
    options: MendedOptions,
    log: Log,
    prepare: (database: DatabaseSync, replaces: boolean) => Opened,
  ) {
    this.#path = path;
    this.#options = options;
    this.#log = log;
    this.#prepare = prepare;
    [this.#database, this.#opened] = this.#open(false);
  }

  /** What was built on the file that is open now. */
  get opened(): Opened {
    return this.#opened;
  }

  /**
   * Runs work on the open file.
   * @throws what the work throws; where that is damage, the next work finds a new file. After `close` all work is refused: a file that
   * was closed in order took nobody's place, and must not be opened as if it had
   */
  run<T>(work: (opened: Opened) => T): T {
    const database = this.#ready();
    try {
      return work(this.#opened);
    } catch (error) {
      this.#mendAfter(error, database);
      throw error;
    }
  }

  /** The same for work that lets others in between. */
  async runInSlices<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    const database = this.#ready();
    try {
      return await work(this.#opened);
    } catch (error) {
      this.#mendAfter(error, database);
      throw error;
    }
  }

  /** For good. */
  close(): void {
    this.#closed = true;
    if (this.#database.isOpen) this.#database.close();
  }

  #ready(): DatabaseSync {
    if (this.#closed) throw new Error(`${this.#path} is closed`);
    if (!this.#database.isOpen) this.#reopen();
    return this.#database;
  }

  #mendAfter(error: unknown, database: DatabaseSync): void {
    // Somebody else may have found the damage first.
    if (!isDamage(error) || database !== this.#database || this.#closed) return;
    database.close();
    this.#told(setAside(this.#path, new Date()));
    this.#reopen();
  }

  /** Where the disk has no room for a new file, the next work tries again. */
  #reopen(): void {
    try {
      // A file is open until damage was found in it.
      [this.#database, this.#opened] = this.#open(true);
    } catch (error) {
      this.#log.error({ error: messageOf(error) }, 'a new database cannot begin yet');
    }
  }

  #open(replaces: boolean): [DatabaseSync, Opened] {
    const { database, isNew, setAside: aside } = openDatabase(this.#path, this.#options);
    const isGone = isNew && this.#options.expected === true && !replaces && aside === undefined;
    if (isGone) this.#log.error({ path: this.#path }, 'a database is gone: a new one begins');
    if (aside !== undefined) this.#told(aside);
    return [database, this.#prepare(database, replaces || isGone || aside !== undefined)];
  }

  #told(aside: string): void {
    this.#log.error({ setAside: aside }, 'a database was damaged: it is set aside and a new one begins');
    this.#options.onReplaced?.(aside);
  }
}
