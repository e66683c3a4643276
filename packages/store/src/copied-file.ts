import { chmodSync, chownSync, closeSync, fsyncSync, openSync, statSync } from 'node:fs';

/** Hashes of passwords are nobody else's business. Windows keeps to the folder's rights. */
export function keepPrivate(path: string): void {
  if (process.platform !== 'win32') chmodSync(path, 0o600);
}

/** What root makes beside a file of somebody else belongs to that one, as SQLite does it with its own files. */
export function keepOwner(path: string, model: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(model);
  chownSync(path, uid, gid);
}

/** Returns when the file is on disk. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
