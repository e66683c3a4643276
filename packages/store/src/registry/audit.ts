import type { RegistryFile } from './registry-file.ts';
import { integer, type Row, text } from './rows.ts';

/** Who did what to what. `detail` is for people and never holds a secret. */
export type AuditEntry = Readonly<{
  id: number;
  /** Seconds since 1970. */
  time: number;
  /** A user, an agent, or `command line`. */
  who: string;
  /** A verb and its object: `revoke agent`. */
  action: string;
  /** What it was done to. */
  what: string;
  detail: string;
}>;

export type AuditNote = Readonly<{ who: string; action: string; what: string; detail?: string }>;

/** What somebody did through hub or command line, newest {@link kept} entries. */
export interface Audit {
  audit(note: AuditNote): void;
  /** Newest first; with `before`, those older than that entry's id. */
  auditTrail(page: { limit: number; before?: number }): AuditEntry[];
}

/** Enough for years of a county's work; a flood of entries cannot fill the disk. */
const kept = 50_000;

/** The audit trail in the registry's database. */
export function openAudit(database: RegistryFile, nowS: () => number, keep = kept): Audit {
  const insert = database.prepare(
    'INSERT INTO audit (time, who, action, what, detail) VALUES (?, ?, ?, ?, ?)',
  );
  const trim = database.prepare('DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?');
  const page = database.prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?');
  return {
    audit({ who, action, what, detail = '' }) {
      insert.run(nowS(), who, action, what, detail);
      trim.run(keep);
    },
    auditTrail: ({ limit, before = Number.MAX_SAFE_INTEGER }) => page.all(before, limit).map(entryOf),
  };
}

function entryOf(row: Row): AuditEntry {
  return {
    id: integer(row, 'id'),
    time: integer(row, 'time'),
    who: text(row, 'who'),
    action: text(row, 'action'),
    what: text(row, 'what'),
    detail: text(row, 'detail'),
  };
}
