import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './database.ts';

/** Kept from the garbage collector, which would open what nobody holds on to. */
const held = new Set<DatabaseSync>();

/**
 * One daemon of a kind per data folder. The lock is SQLite's on an empty file, which the operating system takes back
 * however the process ends: unlike a file with a process id it is never stale, and serves in containers, where every
 * agent is process 1.
 *
 * @returns how to let go; or undefined while another process holds it
 * @throws where the folder cannot be written
 */
export function lockFolder(folder: string): (() => void) | undefined {
  mkdirSync(folder, { recursive: true });
  const file = new DatabaseSync(lockPath(folder), { timeout: 500 });
  try {
    file.exec('BEGIN EXCLUSIVE');
    held.add(file);
    return () => {
      held.delete(file);
      file.close();
    };
  } catch (error) {
    file.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** Whether a daemon runs on this folder. */
export function isFolderLocked(folder: string): boolean {
  if (!existsSync(lockPath(folder))) return false;
  const file = new DatabaseSync(lockPath(folder), { readOnly: true, timeout: 0 });
  try {
    file.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    file.close();
  }
}

function lockPath(folder: string): string {
  return join(folder, 'lock');
}
