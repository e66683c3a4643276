import { randomBytes } from 'node:crypto';
import type { PlainDate } from '@tongtang/model/timetable';
import { type Visit, type VisitEntry, type VisitKind, visitKinds } from '@tongtang/model/visit';
import { inTransaction } from '@tongtang/runtime/database';
import type { Audit } from './audit.ts';
import type { RegistryFile } from './registry-file.ts';
import { integer, optionalInteger, optionalText, type Row, text } from './rows.ts';
import type { Snapshot } from './snapshot.ts';

/** Which entries are asked for; all where absent. First and last day included. */
export type VisitFilter = Readonly<{
  school?: string | undefined;
  kind?: VisitKind | undefined;
  from?: PlainDate | undefined;
  to?: PlainDate | undefined;
}>;

/** `twice`: of one school, day, kind and note there is one entry, so that none counts double by oversight. */
export type VisitResult =
  | Readonly<{ ok: true; visit: Visit }>
  | Readonly<{ ok: false; because: 'twice' | 'unknown' }>;

/** The register of visits and activities of each county. */
export interface Visits {
  /** The entries of a county, the latest first; those that were removed are left out. */
  visits(county: string, filter?: VisitFilter): Visit[];
  /** One entry, be it removed. */
  visit(county: string, id: string): (Visit & Readonly<{ isRemoved: boolean }>) | undefined;
  addVisit(county: string, entry: VisitEntry, by: string): VisitResult;
  /**
   * Adds those that the register does not have yet, so that a file may be imported again.
   * @returns how many were added
   */
  addVisits(county: string, entries: readonly VisitEntry[], by: string): number;
  /** How many of these the register does not have. */
  missingVisits(county: string, entries: readonly VisitEntry[]): number;
  /** Puts what is right in an entry's place; one that was removed comes back. */
  correctVisit(county: string, id: string, entry: VisitEntry, by: string): VisitResult;
  /** @returns whether there was one to remove */
  removeVisit(county: string, id: string, by: string): boolean;
}

/** The register in the registry's database. */
export function openVisits(
  database: RegistryFile,
  snapshot: Snapshot,
  { audit }: Audit,
  nowS: () => number,
): Visits {
  const insert = database.prepare(`
    INSERT INTO visits (id, county, school, date, kind, note, entered_by, entered_at)
    VALUES (:id, :county, :school, :date, :kind, :note, :by, :at)
  `);
  const list = database.prepare(`
    SELECT * FROM visits
    WHERE county = :county AND is_removed = 0 AND date BETWEEN :from AND :to
      AND (:school IS NULL OR school = :school) AND (:kind IS NULL OR kind = :kind)
    ORDER BY date DESC, entered_at DESC, id
  `);
  const one = database.prepare('SELECT * FROM visits WHERE county = ? AND id = ?');
  const same = database.prepare(`
    SELECT id FROM visits
    WHERE county = :county AND school = :school AND date = :date AND kind = :kind AND note = :note AND is_removed = 0
  `);
  const change = database.prepare(`
    UPDATE visits SET school = :school, date = :date, kind = :kind, note = :note, changed_by = :by, changed_at = :at
    WHERE county = :county AND id = :id
  `);
  const bringBack = database.prepare('UPDATE visits SET is_removed = 0 WHERE county = ? AND id = ?');
  const takeAway = database.prepare(
    'UPDATE visits SET is_removed = 1 WHERE county = ? AND id = ? AND is_removed = 0',
  );

  function visits(
    county: string,
    { school = null, kind = null, from = '', to = '9999' }: Nullable<VisitFilter> = {},
  ): Visit[] {
    return list.all({ county, school, kind, from, to }).map(visitOf);
  }

  function visit(county: string, id: string): ReturnType<Visits['visit']> {
    const row = one.get(county, id);
    return row && { ...visitOf(row), isRemoved: integer(row, 'is_removed') === 1 };
  }

  function write(county: string, { school, date, kind, note }: VisitEntry, by: string): Visit {
    const id = `v-${randomBytes(6).toString('hex')}`;
    const at = nowS();
    insert.run({ id, county, school, date, kind, note, by, at });
    return { id, school, date, kind, note, enteredBy: by, enteredAt: at };
  }

  /** The id of the entry that says the same. */
  function sameAs(county: string, { school, date, kind, note }: VisitEntry): string | undefined {
    const row = same.get({ county, school, date, kind, note });
    return row && text(row, 'id');
  }

  function unknown(county: string, entries: readonly VisitEntry[]): VisitEntry[] {
    const known = new Set(visits(county).map(keyOf));
    return entries.filter((entry) => {
      const isNew = !known.has(keyOf(entry));
      known.add(keyOf(entry));
      return isNew;
    });
  }

  /** In one transaction; whoever keeps a copy of the registry is told after it. */
  function changed<Answer>(work: () => Answer): Answer {
    const answer = inTransaction(database, work);
    snapshot.announce();
    return answer;
  }

  return {
    visits,
    visit,
    addVisit: (county, entry, by) =>
      changed(() => {
        if (sameAs(county, entry) !== undefined) return { ok: false, because: 'twice' };
        const added = write(county, entry, by);
        audit({ who: by, action: 'add visit', what: `${county}/${added.id}`, detail: said(entry) });
        return { ok: true, visit: added };
      }),
    addVisits: (county, entries, by) =>
      changed(() => {
        const added = unknown(county, entries);
        for (const entry of added) write(county, entry, by);
        const detail = `${added.length} of ${entries.length} rows`;
        if (added.length > 0) audit({ who: by, action: 'import visits', what: `county ${county}`, detail });
        return added.length;
      }),
    missingVisits: (county, entries) => unknown(county, entries).length,
    correctVisit: (county, id, entry, by) =>
      changed(() => {
        const before = visit(county, id);
        if (before === undefined) return { ok: false, because: 'unknown' };
        const other = sameAs(county, entry);
        if (other !== undefined && other !== id) return { ok: false, because: 'twice' };
        const what = `${county}/${id}`;
        if (keyOf(before) !== keyOf(entry)) {
          const { school, date, kind, note } = entry;
          change.run({ school, date, kind, note, by, at: nowS(), county, id });
          audit({ who: by, action: 'correct visit', what, detail: `${said(before)} → ${said(entry)}` });
        }
        if (before.isRemoved) {
          bringBack.run(county, id);
          audit({ who: by, action: 'bring visit back', what, detail: said(before) });
        }
        return { ok: true, visit: visitOf(one.get(county, id) ?? {}) };
      }),
    removeVisit: (county, id, by) =>
      changed(() => {
        const before = visit(county, id);
        if (before === undefined || takeAway.run(county, id).changes === 0) return false;
        audit({ who: by, action: 'remove visit', what: `${county}/${id}`, detail: said(before) });
        return true;
      }),
  };
}

type Nullable<Filter> = { [Key in keyof Filter]: Filter[Key] | null };

function keyOf({ school, date, kind, note }: VisitEntry): string {
  return JSON.stringify([school, date, kind, note]);
}

function said({ school, date, kind, note }: VisitEntry): string {
  return [date, school, kind, ...(note === '' ? [] : [note])].join(' ');
}

function visitOf(row: Row): Visit {
  const kind = visitKinds.find((known) => known === text(row, 'kind'));
  if (kind === undefined) throw new TypeError(`there is no kind of visit ${text(row, 'kind')}`);
  const [changedBy, changedAt] = [optionalText(row, 'changed_by'), optionalInteger(row, 'changed_at')];
  return {
    id: text(row, 'id'),
    school: text(row, 'school'),
    date: text(row, 'date'),
    kind,
    note: text(row, 'note'),
    enteredBy: text(row, 'entered_by'),
    enteredAt: integer(row, 'entered_at'),
    ...(changedBy !== undefined && { changedBy }),
    ...(changedAt !== undefined && { changedAt }),
  };
}
