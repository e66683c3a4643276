import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '@tongtang/runtime/errors';

/**
 * One agent per data folder. The lock is SQLite's on an empty file, which the operating system takes back however the
 * process ends: unlike a file with a process id it is never stale, and serves in containers, where every agent is
 * process 1.
 *
 * @returns how to let go; or undefined while another process holds it
 * @throws where the folder cannot be written
 */
export function lockFolder(dataFolder: string): (() => void) | undefined {
  mkdirSync(join(dataFolder, 'agent'), { recursive: true });
  const file = new DatabaseSync(lockPath(dataFolder), { timeout: 500 });
  try {
    file.exec('BEGIN EXCLUSIVE');
    return () => file.close();
  } catch (error) {
    file.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** Whether an agent runs on this folder. */
export function isFolderLocked(dataFolder: string): boolean {
  if (!existsSync(lockPath(dataFolder))) return false;
  const file = new DatabaseSync(lockPath(dataFolder), { readOnly: true, timeout: 0 });
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

function lockPath(dataFolder: string): string {
  return join(dataFolder, 'agent', 'lock');
}

function isBusy(error: unknown): boolean {
  return /database is locked/.test(messageOf(error));
}
