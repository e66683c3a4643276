import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Another hand at a database that the store has open: runs statements. */
export function meddle(path: string, statements: string): void {
  const database = new DatabaseSync(path);
  database.exec(statements);
  database.close();
}

/** Overwrites all but the first pages with rubbish, so that whoever has the database open reads it. */
export function damage(path: string): void {
  // That another connection has written empties the caches of all others.
  meddle(path, 'CREATE TABLE meddled (n); PRAGMA wal_checkpoint(TRUNCATE)');
  const kept = 8192;
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(statSync(path).size - kept, 0xff), 0, undefined, kept);
  closeSync(file);
}
