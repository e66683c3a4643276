import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { MendedDatabase } from '../mended-database.ts';

export const migrations: readonly string[] = [
  `CREATE TABLE sheet (id TEXT PRIMARY KEY, made_of TEXT NOT NULL, fingerprint TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE written_to (place TEXT NOT NULL);`,
];

/** What a sheet of conclusions was made of, and a fingerprint of what is written of it: empty where that is not known. */
export type WrittenSheet = Readonly<{ madeOf: string; fingerprint: string }>;

/**
 * What of a hub's conclusions is written to an InfluxDB, sheet by sheet (`<data>/hub/conclusions.db`). A mark says so when the server has
 * it all, and says nothing from the moment on in which some of it may be there: what was to be written may be other again before the next
 * try. Where one is lost, the sheet is written once more, which changes nothing; so a power cut may take the last ones.
 */
export type ConclusionJournal = Readonly<{
  /** Forgets everything where it is of another place than this, or of conclusions of another kind. */
  writtenTo: (place: string) => void;
  sheet: (id: string) => WrittenSheet | undefined;
  /** Sheets whose ids begin so. */
  ids: (prefix: string) => string[];
  /** Some of another word of a sheet may be there from now on. */
  begun: (id: string) => void;
  /** A sheet is written, and others are to be made anew because of it, where they are known. */
  written: (id: string, sheet: WrittenSheet, stale: readonly string[]) => void;
  /** Nothing is written any more. */
  forget: () => void;
  close: () => void;
}>;

/** From a prefix to what comes after all that begins so: each incident that ever was has a sheet, and is not gone through. */
export const idsBetween = 'SELECT id FROM sheet WHERE id >= ? AND id < ?';

/** Where the file is damaged, an empty one takes its place, and all is written again. */
export function openConclusionJournal(path: string, log: Log): ConclusionJournal {
  const file = new MendedDatabase(path, { migrations, durability: 'normal' }, log, (database) => database);
  return {
    writtenTo: (place) => file.run((database) => writtenTo(database, place)),
    sheet: (id) => file.run((database) => sheet(database, id)),
    ids: (prefix) =>
      file.run((database) =>
        database
          .prepare(idsBetween)
          .all(prefix, `${prefix}\u{10ffff}`)
          .map((row) => String(row.id)),
      ),
    begun: (id) =>
      file.run((database) => database.prepare("UPDATE sheet SET fingerprint = '' WHERE id = ?").run(id)),
    written: (id, one, stale) => file.run((database) => written(database, id, one, stale)),
    forget: () => file.run((database) => database.exec('DELETE FROM sheet')),
    close: () => file.close(),
  };
}

function writtenTo(database: DatabaseSync, place: string): void {
  inTransaction(database, () => {
    const known = database.prepare('SELECT place FROM written_to').get()?.place;
    if (known === place) return;
    database.exec('DELETE FROM sheet; DELETE FROM written_to');
    database.prepare('INSERT INTO written_to VALUES (?)').run(place);
  });
}

function sheet(database: DatabaseSync, id: string): WrittenSheet | undefined {
  const row = database.prepare('SELECT made_of, fingerprint FROM sheet WHERE id = ?').get(id);
  return row && { madeOf: String(row.made_of), fingerprint: String(row.fingerprint) };
}

function written(
  database: DatabaseSync,
  id: string,
  { madeOf, fingerprint }: WrittenSheet,
  stale: readonly string[],
): void {
  inTransaction(database, () => {
    database.prepare('INSERT OR REPLACE INTO sheet VALUES (?, ?, ?)').run(id, madeOf, fingerprint);
    const spoil = database.prepare("UPDATE sheet SET made_of = '' WHERE id = ?");
    for (const other of stale) spoil.run(other);
  });
}
