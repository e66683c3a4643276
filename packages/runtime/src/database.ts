import { accessSync, constants, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { codeOf, messageOf } from './errors.ts';

export type DatabaseOptions = Readonly<{
  /** Numbered steps: the first makes the tables, each later one changes them. Never edit a released one. */
  migrations: readonly string[];
  /**
   * `full`: a transaction that returned survives a power cut. `normal`: it survives a killed process; a power cut may
   * take the last ones, never the file.
   */
  durability: 'full' | 'normal';
  /** Bytes; only a new file takes it. */
  pageSize?: number;
  /** This process alone uses the file: another one is refused at once, and no shared-memory file is written. */
  exclusive?: boolean;
}>;

export type OpenedDatabase = Readonly<{
  database: DatabaseSync;
  /** Whether its tables were made just now. */
  isNew: boolean;
  /** Where a damaged file was moved to, if there was one; a new database has taken its place. */
  setAside?: string;
}>;

/**
 * Opens an SQLite file in WAL mode, brings its tables up to date, and checks it. A damaged file is set aside under a
 * name with the time, and a new one begins.
 * @throws where the folder cannot be written, or the file was made by a newer version
 */
export function openDatabase(
  path: string,
  options: DatabaseOptions,
  now: () => Date = () => new Date(),
): OpenedDatabase {
  mkdirSync(dirname(path), { recursive: true });
  try {
    return openSound(path, options);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const aside = setAside(path, now());
    return { ...openSound(path, options), setAside: aside };
  }
}

/**
 * Moves a closed database out of the way, whole.
 * @returns its new name
 */
export function setAside(path: string, now: Date): string {
  const aside = `${path}.damaged-${now.toISOString().replace(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  return aside;
}

/** Whether an error says that the file itself is broken (SQLITE_CORRUPT, SQLITE_NOTADB, and what SQLite says of a wrong header). */
export function isDamage(error: unknown): boolean {
  if (codeOf(error) === damaged) return true;
  return (
    codeOf(error) === 'ERR_SQLITE_ERROR' &&
    /malformed|not a database|corrupt|unsupported file format/i.test(messageOf(error))
  );
}

/** SQLITE_IOERR_READ and SQLITE_IOERR_CORRUPTFS, which is what EIO comes as. See https://sqlite.org/rescode.html */
const readFailures: readonly unknown[] = [266, 8458];

/** Whether an error says that the disk does not give back what was written to it. */
export function isReadFailure(error: unknown): boolean {
  if (codeOf(error) === 'EIO') return true;
  return error instanceof Error && 'errcode' in error && readFailures.includes(error.errcode);
}

/** Whether an error says that another process holds the lock for writing (SQLITE_BUSY): nothing has happened, it may be tried again. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === 'ERR_SQLITE_ERROR' && /database is locked/.test(messageOf(error));
}

/** Runs the work in a transaction, `DEFERRED` where it only reads; what it throws rolls all of it back. */
export function inTransaction<T>(
  database: Pick<DatabaseSync, 'exec' | 'isTransaction'>,
  work: () => T,
  begin: 'IMMEDIATE' | 'DEFERRED' = 'IMMEDIATE',
): T {
  database.exec(`BEGIN ${begin}`);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const damaged = 'DAMAGED_DATABASE';

/** Tables that SQLite can read, and that say what cannot be. By its code it is known when it comes from a thread, too. */
export class DamagedDatabase extends Error {
  readonly code = damaged;
}

/**
 * Larger files show their damage as they are read: going through them would hold up every start, by three to six
 * milliseconds a megabyte.
 */
const checkedUpToBytes = 64 * 1024 * 1024;

/**
 * A WAL is written back at 4 MB, unless somebody reads for long, as the nightly copy does: until then it grows, to gigabytes where a county
 * comes back, and SQLite by itself never gives that back to the disk. See https://sqlite.org/pragma.html#pragma_journal_size_limit
 */
const keptWalBytes = 16 * 1024 * 1024;

function openSound(
  path: string,
  { migrations, durability, pageSize, exclusive }: DatabaseOptions,
): OpenedDatabase {
  const database = new DatabaseSync(path, { timeout: exclusive ? 0 : 5000 });
  try {
    if (exclusive) database.exec('PRAGMA locking_mode = EXCLUSIVE');
    if (pageSize !== undefined) database.exec(`PRAGMA page_size = ${pageSize}`);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability}; PRAGMA foreign_keys = ON`);
    database.exec(`PRAGMA journal_size_limit = ${keptWalBytes}`);
    mustHaveSoundHeader(database, path);
    if (statSync(path).size <= checkedUpToBytes) {
      const verdict = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
      if (verdict !== 'ok') throw new DamagedDatabase(`${path}: ${String(verdict)}`);
    }
    const isNew = migrate(database, path, migrations) === 0;
    if (!isNew) mustHaveShape(database, path, migrations);
    return { database, isNew };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * SQLite believes its header whatever it says: with another write version it takes a file for a read-only one, with another encoding it reads all
 * texts wrongly. It is asked, because to open and close the file beside it would let go of its locks.
 * See https://sqlite.org/fileformat2.html#the_database_header and https://sqlite.org/howtocorrupt.html, 2.2
 */
function mustHaveSoundHeader(database: DatabaseSync, path: string): void {
  const encoding = database.prepare('PRAGMA encoding').get()?.encoding;
  if (encoding !== 'UTF-8') throw new DamagedDatabase(`${path}: text in ${String(encoding)}`);
  try {
    // A write that comes to nothing: `BEGIN` alone would begin to read.
    database.exec('BEGIN IMMEDIATE; PRAGMA user_version = 0');
  } catch (error) {
    // Whoever holds the lock for writing could write.
    if (isBusy(error)) return;
    const saysReadOnly = error instanceof Error && 'errcode' in error && error.errcode === readOnly;
    throw saysReadOnly && isWritable(path) ? new DamagedDatabase(`${path}: write version`) : error;
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

/** SQLITE_READONLY. See https://sqlite.org/rescode.html */
const readOnly = 8;

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Upper half of the application id of our files; the lower half is the version once more. */
const ours = 0x5454;

/**
 * Another process may do the same at the same time: what is to be done is looked at again where nobody else can.
 * @returns the version that it had
 */
function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): number {
  const found = inTransaction(database, () => versionOf(database, path, migrations), 'DEFERRED');
  if (found.marked && found.version === migrations.length) return found.version;
  return inTransaction(database, () => {
    const { version } = versionOf(database, path, migrations);
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(
      `PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${(ours << 16) | migrations.length}`,
    );
    return version;
  });
}

/**
 * One wrong byte in the version would make a file that of a newer Tongtang, which is not touched, or have its tables made again. So it
 * stands there twice; files made before that have it once, and none of those is newer.
 */
function versionOf(
  database: DatabaseSync,
  path: string,
  { length: latest }: readonly string[],
): { version: number; marked: boolean } {
  const version = numberOf(database, 'user_version');
  const mark = numberOf(database, 'application_id');
  const marked = mark >>> 16 === ours;
  const sound = marked
    ? (mark & 0xffff) === version
    : version <= latest && (version === 0) === isEmpty(database);
  if (!sound) throw new DamagedDatabase(`${path}: schema ${version}, mark ${mark}`);
  if (version > latest)
    throw new Error(
      `${path} was made by a newer version of Tongtang (schema ${version}, this one knows ${latest})`,
    );
  return { version, marked };
}

function numberOf(database: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma] ?? 0);
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

/**
 * Columns, indexes, references and triggers that the migrations make. A letter of a name that is wrong is damage that no check of SQLite sees:
 * it would be read as a table without that column, for good. How a definition is written does not matter, nor what there is beside it.
 */
function mustHaveShape(database: DatabaseSync, path: string, migrations: readonly string[]): void {
  const made = new DatabaseSync(':memory:');
  try {
    for (const step of migrations) made.exec(step);
    const present = new Set(shapeOf(database));
    const missing = shapeOf(made).find((part) => !present.has(part));
    if (missing !== undefined) throw new DamagedDatabase(`${path}: there is no ${missing}`);
  } finally {
    made.close();
  }
}

function shapeOf(database: DatabaseSync): string[] {
  const parts = [
    'SELECT type, name, tbl_name FROM sqlite_schema',
    `SELECT s.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
       FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE s.type = 'table'`,
    `SELECT s.name, c.seqno, c.name, c."desc" FROM sqlite_schema s, pragma_index_xinfo(s.name) c WHERE s.type = 'index'`,
    `SELECT s.name, r.* FROM sqlite_schema s, pragma_foreign_key_list(s.name) r WHERE s.type = 'table'`,
  ];
  return parts.flatMap((sql) => {
    const rows = database.prepare(sql);
    rows.setReturnArrays(true);
    return rows.all().map((row) => JSON.stringify(row));
  });
}
