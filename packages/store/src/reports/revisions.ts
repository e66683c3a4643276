import type { DatabaseSync } from 'node:sqlite';
import { integer, optionalText, type Row, text } from '../registry/rows.ts';

/** What a report is about. Times are seconds since 1970. */
export type KeptReport = Readonly<{
  id: string;
  county: string;
  /** The same for reports about the same. */
  key: string;
  /** Of a report about one school. */
  school?: string;
  /** Last day of its period. */
  lastDay: string;
  /** JSON, as the hub writes it. */
  document: string;
  /** When its newest revision was made. */
  madeAt: number;
  /** When its inputs were last looked at, and their version then. */
  checkedAt: number;
  checkedInputs: string;
}>;

/** What can become of a revision: `replaced` is one that still awaited approval when a newer one came. */
export const revisionStates = ['awaiting', 'issued', 'withdrawn', 'replaced'] as const;
export type RevisionState = (typeof revisionStates)[number];

/** Why there is a revision: somebody asked for it, the month was over, or data came late. */
export const revisionReasons = ['asked', 'scheduled', 'late-data'] as const;
export type RevisionReason = (typeof revisionReasons)[number];

export type KeptRevision = Readonly<{
  report: string;
  number: number;
  state: RevisionState;
  why: RevisionReason;
  madeAt: number;
  madeBy: string;
  /** Of its JSON. */
  fingerprint: string;
  /** Of what it was made of. */
  inputs: string;
  /** JSON, as the hub writes it: what lists show. */
  head: string;
}>;

/** What a revision says, in JSON as the hub writes it: of a large county it is long. `changes`: what differs from what was handed out before. */
export type RevisionText = Readonly<{ document: string; changes: string }>;

/** What a revision can be compared and made again by, packed. */
export type RevisionBasis = Readonly<{ tables: Uint8Array; source: Uint8Array }>;

/** A language is empty where a format has both. */
export type KeptFile = Readonly<{ format: string; language: string; content: Uint8Array }>;

export type Deed = Readonly<{
  at: number;
  who: string;
  what: 'made' | 'approved' | 'withdrawn' | 'replaced' | 'sent';
  note?: string;
}>;

export type ReportQuery = Readonly<{
  county?: string | undefined;
  school?: string | undefined;
  before?: number | undefined;
  limit: number;
}>;

/** Reports and their revisions. What a revision says is never changed: only what became of it. */
export type Revisions = Readonly<{
  find: (id: string) => KeptReport | undefined;
  findKey: (key: string) => KeptReport | undefined;
  /** Those with the newest revision first. */
  list: (query: ReportQuery) => KeptReport[];
  /** A new one, or when its newest revision was made and checked. */
  keepReport: (report: KeptReport) => void;
  checked: (id: string, at: number, inputs: string) => void;
  /** The report that nobody looked at for longest, of those with a revision that stands: last looked at before a time, and whose period ends on a day or later. */
  unchecked: (query: Readonly<{ before: number; lastDay: string }>) => KeptReport | undefined;
  /** The newest first. */
  revisions: (id: string) => KeptRevision[];
  keepRevision: (
    revision: KeptRevision & RevisionText & RevisionBasis & Readonly<{ files: readonly KeptFile[] }>,
  ) => void;
  text: (id: string, number: number) => RevisionText | undefined;
  setState: (id: string, number: number, state: RevisionState) => void;
  basis: (id: string, number: number) => RevisionBasis | undefined;
  file: (id: string, number: number, format: string, language: string) => Uint8Array | undefined;
  /** One that was made later. The first stays. */
  keepFile: (id: string, number: number, file: KeptFile) => void;
  note: (id: string, number: number, deed: Deed) => void;
  /** In their order. */
  deeds: (id: string) => (Deed & { number: number })[];
}>;

export function openRevisions(database: DatabaseSync): Revisions {
  const find = database.prepare('SELECT * FROM report WHERE id = ?');
  const findKey = database.prepare('SELECT * FROM report WHERE key = ?');
  const list = database.prepare(`
    SELECT * FROM report WHERE (?1 IS NULL OR county = ?1) AND (?2 IS NULL OR school = ?2) AND made_at < ?3
    ORDER BY made_at DESC, id LIMIT ?4`);
  const keepReport = database.prepare(`
    INSERT INTO report (id, county, key, school, last_day, document, made_at, checked_at, checked_inputs)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET document = excluded.document, made_at = excluded.made_at,
      checked_at = excluded.checked_at, checked_inputs = excluded.checked_inputs`);
  const checked = database.prepare('UPDATE report SET checked_at = ?, checked_inputs = ? WHERE id = ?');
  const unchecked = database.prepare(`
    SELECT * FROM report WHERE checked_at < ? AND last_day >= ?
      AND EXISTS (SELECT 1 FROM revision WHERE report = report.id AND state IN ('awaiting', 'issued'))
    ORDER BY checked_at, id LIMIT 1`);
  const revisions = database.prepare(`
    SELECT report, number, state, why, made_at, made_by, fingerprint, inputs, head
    FROM revision WHERE report = ? ORDER BY number DESC`);
  const keepRevision = database.prepare(
    'INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const said = database.prepare('SELECT document, changes FROM revision WHERE report = ? AND number = ?');
  const setState = database.prepare('UPDATE revision SET state = ? WHERE report = ? AND number = ?');
  const basis = database.prepare('SELECT tables, source FROM revision WHERE report = ? AND number = ?');
  const file = database.prepare(
    'SELECT content FROM file WHERE report = ? AND number = ? AND format = ? AND language = ?',
  );
  const insertFile = database.prepare('INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?, ?)');
  const note = database.prepare('INSERT INTO deed VALUES (?, ?, ?, ?, ?, ?)');
  const deeds = database.prepare('SELECT * FROM deed WHERE report = ? ORDER BY rowid');

  const keepFile: Revisions['keepFile'] = (id, number, { format, language, content }) => {
    insertFile.run(id, number, format, language, content);
  };
  return {
    find: (id) => reportIn(find.get(id)),
    findKey: (key) => reportIn(findKey.get(key)),
    list: ({ county, school, before = Number.MAX_SAFE_INTEGER, limit }) =>
      list.all(county ?? null, school ?? null, before, limit).flatMap((row) => reportIn(row) ?? []),
    keepReport: (report) => {
      keepReport.run(
        report.id,
        report.county,
        report.key,
        report.school ?? null,
        report.lastDay,
        report.document,
        report.madeAt,
        report.checkedAt,
        report.checkedInputs,
      );
    },
    checked: (id, at, inputs) => {
      checked.run(at, inputs, id);
    },
    unchecked: ({ before, lastDay }) => reportIn(unchecked.get(before, lastDay)),
    revisions: (id) => revisions.all(id).map(revisionIn),
    keepRevision: (one) => {
      keepRevision.run(
        one.report,
        one.number,
        one.state,
        one.why,
        one.madeAt,
        one.madeBy,
        one.fingerprint,
        one.inputs,
        one.head,
        one.document,
        one.changes,
        one.tables,
        one.source,
      );
      for (const each of one.files) keepFile(one.report, one.number, each);
    },
    text(id, number) {
      const row = said.get(id, number);
      return row && { document: text(row, 'document'), changes: text(row, 'changes') };
    },
    setState: (id, number, state) => {
      setState.run(state, id, number);
    },
    basis(id, number) {
      const row = basis.get(id, number);
      return row && { tables: bytes(row, 'tables'), source: bytes(row, 'source') };
    },
    file(id, number, format, language) {
      const row = file.get(id, number, format, language);
      return row && bytes(row, 'content');
    },
    keepFile,
    note: (id, number, { at, who, what, note: noted }) => {
      note.run(id, number, at, who, what, noted ?? null);
    },
    deeds: (id) =>
      deeds.all(id).map((row) => {
        const noted = optionalText(row, 'note');
        return {
          number: integer(row, 'number'),
          at: integer(row, 'at'),
          who: text(row, 'who'),
          what: oneOf(deedNames, text(row, 'what')),
          ...(noted !== undefined && { note: noted }),
        };
      }),
  };
}

const deedNames = [
  'made',
  'approved',
  'withdrawn',
  'replaced',
  'sent',
] as const satisfies readonly Deed['what'][];

function reportIn(row: Row | undefined): KeptReport | undefined {
  if (row === undefined) return undefined;
  const school = optionalText(row, 'school');
  return {
    id: text(row, 'id'),
    county: text(row, 'county'),
    key: text(row, 'key'),
    ...(school !== undefined && { school }),
    lastDay: text(row, 'last_day'),
    document: text(row, 'document'),
    madeAt: integer(row, 'made_at'),
    checkedAt: integer(row, 'checked_at'),
    checkedInputs: text(row, 'checked_inputs'),
  };
}

function revisionIn(row: Row): KeptRevision {
  return {
    report: text(row, 'report'),
    number: integer(row, 'number'),
    state: oneOf(revisionStates, text(row, 'state')),
    why: oneOf(revisionReasons, text(row, 'why')),
    madeAt: integer(row, 'made_at'),
    madeBy: text(row, 'made_by'),
    fingerprint: text(row, 'fingerprint'),
    inputs: text(row, 'inputs'),
    head: text(row, 'head'),
  };
}

/** @throws where the table holds what we did not put there */
export function oneOf<Name extends string>(names: readonly Name[], found: string): Name {
  const name = names.find((known) => known === found);
  if (name === undefined) throw new TypeError(`"${found}" is none of ${names.join(', ')}`);
  return name;
}

function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`);
  return value;
}
