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
  overwrite(path);
}

/** The same, while whoever has the database open goes on with what it has in memory of it. */
export function damageUnseen(path: string): void {
  meddle(path, 'PRAGMA wal_checkpoint(FULL)');
  overwrite(path);
}

function overwrite(path: string): void {
  const kept = 8192;
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(statSync(path).size - kept, 0xff), 0, undefined, kept);
  closeSync(file);
}

/** Random bytes over a tenth of a file's pages, its header among them one time out of two. */
export function scribble(path: string, random: () => number): void {
  const file = openSync(path, 'r+');
  const { size } = statSync(path);
  const places = Array.from({ length: Math.ceil(size / 40_960) + 1 }, () => Math.floor(random() * size));
  if (random() < 0.5) places.push(0);
  for (const place of places) {
    const bytes = Buffer.from(Array.from({ length: 512 }, () => Math.floor(random() * 256)));
    writeSync(file, bytes, 0, undefined, Math.min(place, Math.max(0, size - bytes.length)));
  }
  closeSync(file);
}
