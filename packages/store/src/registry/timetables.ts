import { isDeepStrictEqual } from 'node:util';
import type { Timetable } from '@tongtang/model/timetable';
import { inTransaction } from '@tongtang/runtime/database';
import type { Audit } from './audit.ts';
import type { RegistryFile } from './registry-file.ts';
import { integer, text } from './rows.ts';
import { removed, type Snapshot, timetableOf } from './snapshot.ts';

/** When a timetable was imported, in seconds since 1970, and by whom. */
export type TimetableOrigin = Readonly<{ importedAt: number; importedBy: string }>;

/** A timetable, undefined where there was none, that counted until another was imported. Seconds since 1970. */
export type FormerTimetable = Readonly<{ until: number; timetable: Timetable | undefined }>;

/** The timetables, one a county, and what they were before. */
export interface Timetables {
  /**
   * The timetable becomes that of the county; what it was before is kept. The same again changes nothing.
   * @returns whether it is another one
   * @throws where there is no inventory of the county
   */
  importTimetable(county: string, timetable: Timetable, by: string): boolean;
  /**
   * The timetable before the last import becomes that of the county again, and the one of that import is gone.
   * @returns where it comes from, undefined of a county that had none then; or that there is nothing to undo
   */
  undoTimetable(
    county: string,
    by: string,
  ): { undone: true; back: TimetableOrigin | undefined } | { undone: false };
  /** Where the present timetable comes from; undefined where there is none. */
  timetableOrigin(county: string): TimetableOrigin | undefined;
  /** Those that counted after a time and no longer do, the oldest first. An import that was undone never counted. */
  formerTimetables(county: string, after: number): FormerTimetable[];
}

/** A term of imports every other day. */
const kept = 50;

/** The timetables in the registry's database. */
export function openTimetables(
  database: RegistryFile,
  snapshot: Snapshot,
  { audit }: Audit,
  nowS: () => number,
): Timetables {
  const upsert = database.prepare(`
    INSERT INTO timetables (county, document, imported_at, imported_by) VALUES (?, ?, ?, ?)
    ON CONFLICT (county) DO UPDATE SET
      document = excluded.document, imported_at = excluded.imported_at, imported_by = excluded.imported_by
  `);
  const present = database.prepare('SELECT * FROM timetables WHERE county = ?');
  const keep = database.prepare(`
    INSERT INTO former_timetables (county, document, imported_at, imported_by)
    SELECT county, document, imported_at, imported_by FROM timetables WHERE county = ?
  `);
  const keepNone = database.prepare(
    'INSERT INTO former_timetables (county, document, imported_at, imported_by) VALUES (?, ?, ?, ?)',
  );
  const trim = database.prepare(`
    DELETE FROM former_timetables WHERE county = ?1 AND id NOT IN
      (SELECT id FROM former_timetables WHERE county = ?1 ORDER BY id DESC LIMIT ?2)
  `);
  const last = database.prepare('SELECT * FROM former_timetables WHERE county = ? ORDER BY id DESC LIMIT 1');
  const formers = database.prepare(`
    SELECT document, until FROM former_timetables JOIN (
      SELECT id, lead(imported_at) OVER (ORDER BY id) AS until FROM (
        SELECT id, imported_at FROM former_timetables WHERE county = ?1
        UNION ALL SELECT 9223372036854775807, imported_at FROM timetables WHERE county = ?1
      )
    ) USING (id) WHERE until > ?2 ORDER BY id
  `);
  const forget = database.prepare('DELETE FROM former_timetables WHERE id = ?');

  function timetableOrigin(county: string): TimetableOrigin | undefined {
    const row = present.get(county);
    if (row === undefined || text(row, 'document') === removed) return undefined;
    return { importedAt: integer(row, 'imported_at'), importedBy: text(row, 'imported_by') };
  }

  function importTimetable(county: string, timetable: Timetable, by: string): boolean {
    const changed = inTransaction(database, (): boolean => {
      if (snapshot.inventory(county) === undefined) throw new RangeError(`there is no county "${county}"`);
      if (isDeepStrictEqual(snapshot.timetable(county), timetable)) return false;
      if (present.get(county) === undefined) keepNone.run(county, removed, nowS(), by);
      else keep.run(county);
      trim.run(county, kept);
      upsert.run(county, JSON.stringify(timetable), nowS(), by);
      const { lessons, changes, days } = timetable;
      const detail = `${lessons.length} lessons a week, ${changes.length} changes, ${days.length} rows of the calendar`;
      audit({ who: by, action: 'import timetable', what: `county ${county}`, detail });
      return true;
    });
    snapshot.announce();
    return changed;
  }

  function undoTimetable(county: string, by: string): ReturnType<Timetables['undoTimetable']> {
    const answer = inTransaction(database, (): ReturnType<Timetables['undoTimetable']> => {
      const former = last.get(county);
      if (former === undefined) return { undone: false };
      const [importedAt, importedBy] = [integer(former, 'imported_at'), text(former, 'imported_by')];
      upsert.run(county, text(former, 'document'), importedAt, importedBy);
      forget.run(integer(former, 'id'));
      const back = timetableOrigin(county);
      audit({ who: by, action: 'undo import of timetable', what: `county ${county}` });
      return { undone: true, back };
    });
    snapshot.announce();
    return answer;
  }

  function formerTimetables(county: string, after: number): FormerTimetable[] {
    return formers.all(county, after).map((row) => ({
      until: integer(row, 'until'),
      timetable: text(row, 'document') === removed ? undefined : timetableOf(row),
    }));
  }

  return { importTimetable, undoTimetable, timetableOrigin, formerTimetables };
}
