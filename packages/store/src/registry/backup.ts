import { once } from 'node:events';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import {
  DamagedDatabase,
  isDamage,
  isReadFailure,
  type OpenedDatabase,
  openDatabase,
  setAside,
} from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { keepOwner, keepPrivate, syncFile } from '../copied-file.ts';
import type { CopyOrder } from './backup-thread.ts';
import { integer } from './rows.ts';
import { migrations } from './schema.ts';

/** Where the copy of a registry lies: beside it. */
export function backupOf(path: string): string {
  return `${path}.backup`;
}

/**
 * Opens the registry's file; where it is damaged or gone, the copy takes its place. What happened is logged as an
 * error: a registry never becomes empty in silence.
 * @param aside where one that turned out to be damaged while in use was moved to
 * @returns the database, and where it was restored from, if it was
 */
export function openOrRestore(
  path: string,
  log: Log,
  aside?: string,
): { database: DatabaseSync; restoredFrom?: string } {
  const opened = { setAside: aside, ...open(path) };
  if (opened.setAside !== undefined)
    log.error({ path, setAside: opened.setAside }, 'registry is damaged, set aside');
  if (!isPristine(opened.database)) return { database: opened.database };
  const backup = backupOf(path);
  if (!existsSync(backup)) {
    if (opened.setAside !== undefined)
      log.error({ path }, 'registry has no backup copy: it begins empty, every agent must be enrolled again');
    return { database: opened.database };
  }
  opened.database.close();
  replace(path, backup);
  const restored = open(path);
  if (restored.setAside !== undefined) {
    log.error({ path, backup }, 'the backup copy of the registry is damaged too: it begins empty');
    return { database: restored.database };
  }
  log.error(
    { path, backup },
    'registry restored from its backup copy: what was entered after the copy is gone',
  );
  return { database: restored.database, restoredFrom: backup };
}

/** Makes the copy anew; the old one stays until the new one is on disk. Nothing is copied of an empty registry. */
export function backUp(database: DatabaseSync, path: string): void {
  if (isPristine(database)) return;
  const fresh = `${backupOf(path)}.${process.pid}`;
  try {
    copyTo(database, path, fresh);
    renameSync(fresh, backupOf(path));
  } finally {
    rmSync(fresh, { force: true });
  }
}

/**
 * The same in a thread of its own: of 5,000 agents and a full audit trail it takes a tenth of a second and more, in which no batch would be
 * stored.
 * @param isWanted asked at the end: whether the copy shall take the place of the old one
 * @throws (rejects) where it cannot be made, as of a file that is damaged; then the old one stays
 */
export async function backUpBeside(path: string, isWanted: () => boolean): Promise<void> {
  const fresh = `${backupOf(path)}.${process.pid}-beside`;
  const workerData: CopyOrder = { path, fresh };
  const thread = new Worker(new URL('./backup-thread.ts', import.meta.url), { workerData });
  // A command that has done its work does not wait for it.
  thread.unref();
  try {
    await once(thread, 'exit');
    if (isWanted()) renameSync(fresh, backupOf(path));
  } finally {
    rmSync(fresh, { force: true });
  }
}

/**
 * A copy of the registry in another file, whole and on disk, for the owner only.
 * @throws where the registry is damaged: a copy of that is none
 */
export function copyTo(database: DatabaseSync, path: string, fresh: string): void {
  assertReadable(database);
  rmSync(fresh, { force: true });
  database.prepare('VACUUM INTO ?').run(fresh);
  keepPrivate(fresh);
  keepOwner(fresh, path);
  syncFile(fresh);
}

/** The revision that the copy holds; 0 where there is none that can be read, so that it is made anew. */
export function copiedRevision(path: string): number {
  if (!existsSync(backupOf(path))) return 0;
  try {
    const copy = new DatabaseSync(backupOf(path), { readOnly: true });
    try {
      return revisionOf(copy);
    } finally {
      copy.close();
    }
  } catch {
    return 0;
  }
}

/**
 * SQLite checks the pages of a file and the types in it; random bytes in the middle of a text it does not see.
 * @throws where the registry holds what nobody can have entered
 */
export function assertReadable(database: DatabaseSync): void {
  if (database.prepare(selectUnreadable).get() !== undefined)
    throw new DamagedDatabase('the registry holds what nobody can have entered');
}

/** A kind of agent is any word: a newer version may know more of them. */
const selectUnreadable = `
  SELECT 1 FROM agents WHERE kind = '' OR kind GLOB '*[^a-z-]*'
  UNION ALL
  SELECT 1 FROM (
    SELECT document FROM inventories
    UNION ALL SELECT document FROM timetables
    UNION ALL SELECT document FROM former_timetables
  ) WHERE document <> '' AND NOT json_valid(document)
  LIMIT 1
`;

/** Opens the file; one that is damaged, in whatever way, is set aside for a new one. Where that is no better it comes back: the disk is broken. */
function open(path: string): OpenedDatabase {
  try {
    return openReadable(path);
  } catch (error) {
    if (!isDamage(error) && !isReadFailure(error)) throw error;
    const aside = setAside(path, new Date());
    try {
      return { ...openReadable(path), setAside: aside };
    } catch (still) {
      for (const suffix of ['', '-wal', '-shm']) {
        rmSync(path + suffix, { force: true });
        if (existsSync(aside + suffix)) renameSync(aside + suffix, path + suffix);
      }
      throw still;
    }
  }
}

function openReadable(path: string): OpenedDatabase {
  // Before SQLite makes it for everybody to read: the files beside it take its mode.
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a', 0o600));
  const opened = openDatabase(path, { migrations, durability: 'full' });
  try {
    keepPrivate(path);
    assertReadable(opened.database);
    return opened;
  } catch (error) {
    opened.database.close();
    throw error;
  }
}

/** Whether nothing was ever entered: each entry counts the revision up. */
function isPristine(database: DatabaseSync): boolean {
  return revisionOf(database) === 1;
}

function revisionOf(database: DatabaseSync): number {
  return integer(database.prepare('SELECT number FROM revision').get() ?? {}, 'number');
}

/** Puts a copy of the backup in the registry's place in one step; a kill leaves the one or the other. */
function replace(path: string, backup: string): void {
  const fresh = `${path}.${process.pid}`;
  copyFileSync(backup, fresh);
  keepPrivate(fresh);
  syncFile(fresh);
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  renameSync(fresh, path);
}
