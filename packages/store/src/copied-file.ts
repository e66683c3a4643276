import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs';

/** Hashes of passwords are nobody else's business. Windows keeps to the folder's rights. */
export function keepPrivate(path: string): void {
  if (process.platform !== 'win32') chmodSync(path, 0o600);
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
