import type { DatabaseSync } from 'node:sqlite';
import { integer, optionalText, type Row, text } from '../registry/rows.ts';
import { oneOf } from './revisions.ts';

/** What a mail says of a report. `awaiting`: that somebody has to approve it; `trial`: that mails arrive. */
export const letterKinds = ['awaiting', 'issued', 'revised', 'withdrawn', 'sent', 'trial'] as const;
export type LetterKind = (typeof letterKinds)[number];

/** `handed`: whoever sends mails has it for good. `needless`: what it asks for was decided before it was handed over, so it never was. */
export const letterStates = ['waiting', 'handed', 'sent', 'failed', 'needless'] as const;
export type LetterState = (typeof letterStates)[number];

/** A mail to one reader. */
export type NewLetter = Readonly<{
  /** Of no other letter, of this file or of one that it took the place of. */
  id: string;
  /** Absent of a trial before anything was issued. */
  report?: string;
  number?: number;
  county: string;
  kind: LetterKind;
  to: string;
  language: string;
  /** Seconds since 1970. */
  at: number;
}>;
export type KeptLetter = NewLetter & Readonly<{ state: LetterState; why?: string }>;

/** Mails about reports, entered together with what they are about. */
export type Letters = Readonly<{
  write: (letter: NewLetter) => void;
  /** Of all revisions of a report, in their order. */
  letters: (report: string) => KeptLetter[];
  /** The newest for trying of a county. */
  lastTrial: (county: string) => KeptLetter | undefined;
  /** Those of which it is not known what becomes of them. */
  openLetters: () => KeptLetter[];
  setLetter: (id: string, state: LetterState, why?: string) => void;
}>;

export function openLetters(database: DatabaseSync): Letters {
  const insert = database.prepare(`
    INSERT INTO letter (id, report, number, county, kind, recipient, language, at, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`);
  const ofReport = database.prepare('SELECT * FROM letter WHERE report = ? ORDER BY rowid');
  const trial = database.prepare(
    "SELECT * FROM letter WHERE county = ? AND kind = 'trial' ORDER BY rowid DESC LIMIT 1",
  );
  const open = database.prepare("SELECT * FROM letter WHERE state IN ('waiting', 'handed') ORDER BY rowid");
  const set = database.prepare('UPDATE letter SET state = ?, why = ? WHERE id = ?');
  return {
    write: ({ id, report, number, county, kind, to, language, at }) => {
      insert.run(id, report ?? null, number ?? null, county, kind, to, language, at);
    },
    letters: (report) => ofReport.all(report).map(letterIn),
    lastTrial(county) {
      const row = trial.get(county);
      return row && letterIn(row);
    },
    openLetters: () => open.all().map(letterIn),
    setLetter: (id, state, why) => {
      set.run(state, why ?? null, id);
    },
  };
}

function letterIn(row: Row): KeptLetter {
  const [report, why] = [optionalText(row, 'report'), optionalText(row, 'why')];
  return {
    id: text(row, 'id'),
    ...(report !== undefined && { report, number: integer(row, 'number') }),
    county: text(row, 'county'),
    kind: oneOf(letterKinds, text(row, 'kind')),
    to: text(row, 'recipient'),
    language: text(row, 'language'),
    at: integer(row, 'at'),
    state: oneOf(letterStates, text(row, 'state')),
    ...(why !== undefined && { why }),
  };
}
