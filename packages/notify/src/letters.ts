import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '@tongtang/runtime/database';

/** A file that goes with a letter. */
export type Enclosure = Readonly<{ name: string; type: string; content: Uint8Array }>;

/** A mail to one reader, with files: nothing that is folded or merged, as messages about incidents are. */
export type Letter = Readonly<{
  /** The same id is the same letter, however often it is brought; letters, digits and dashes. */
  id: string;
  to: string;
  subject: string;
  text: string;
  /** Stands above the text where it may have been sent before. */
  againText: string;
  enclosures: readonly Enclosure[];
}>;

/** How a letter stands; `why` it was not taken, the last time. */
export type LetterState = Readonly<{ state: 'waiting' | 'sent' | 'failed'; why?: string }>;

/** Letters until they are accepted. What returned survives kill -9 and a power cut. */
export interface LetterStore {
  /** Keeps a letter with what it encloses. One that came before changes nothing. */
  keepLetter(letter: Letter, now: number): void;
  letterState(id: string): LetterState | undefined;
  /** The oldest that waits. */
  nextLetter(): (Letter & { again: boolean; due: number }) | undefined;
  /** Notes that a letter is being sent, before it is. */
  beginLetter(id: string, now: number): void;
  /** It was taken, or is given up: its files are not kept any longer. */
  endLetter(id: string, state: 'sent' | 'failed', why: string | undefined, now: number): void;
  /** It was not taken, and waits on. */
  letterWaits(id: string, why: string, now: number): void;
  /** What was being sent when the last process ended waits again. To be called when no other process sends. */
  resumeLetters(): void;
  /** Forgets what was over before a moment. */
  forgetLetters(before: number): void;
}

type Written = Omit<Letter, 'id' | 'enclosures'>;

export function openLetterStore(database: DatabaseSync): LetterStore {
  const insert = database.prepare(
    "INSERT OR IGNORE INTO letter (id, document, due, state, changed_at) VALUES (?1, ?2, ?3, 'waiting', ?3)",
  );
  const insertContent = database.prepare('INSERT OR IGNORE INTO enclosure VALUES (?, ?)');
  const insertEnclosed = database.prepare('INSERT INTO enclosed VALUES (?, ?, ?, ?, ?)');
  const state = database.prepare('SELECT state, why FROM letter WHERE id = ?');
  const next = database.prepare(
    "SELECT id, document, due, again FROM letter WHERE state = 'waiting' ORDER BY due, id LIMIT 1",
  );
  const enclosures = database.prepare(
    'SELECT name, type, content FROM enclosed JOIN enclosure USING (hash) WHERE letter = ? ORDER BY place',
  );
  const set = database.prepare('UPDATE letter SET state = ?, why = ?, changed_at = ? WHERE id = ?');
  const resume = database.prepare("UPDATE letter SET state = 'waiting', again = 1 WHERE state = 'under way'");
  const unenclose = database.prepare('DELETE FROM enclosed WHERE letter = ?');
  const sweep = database.prepare(
    'DELETE FROM enclosure WHERE NOT EXISTS (SELECT 1 FROM enclosed WHERE enclosed.hash = enclosure.hash)',
  );
  const forget = database.prepare("DELETE FROM letter WHERE changed_at < ? AND state IN ('sent', 'failed')");
  return {
    keepLetter: ({ id, enclosures: files, ...written }, now) =>
      inTransaction(database, () => {
        const { changes } = insert.run(id, JSON.stringify(written satisfies Written), now);
        if (changes === 0) return;
        for (const [place, { name, type, content }] of files.entries()) {
          const hash = createHash('sha256').update(content).digest('hex');
          insertContent.run(hash, content);
          insertEnclosed.run(id, place, name, type, hash);
        }
      }),
    letterState(id) {
      const row = state.get(id);
      if (row === undefined) return undefined;
      const known = row.state === 'sent' || row.state === 'failed' ? row.state : 'waiting';
      return { state: known, ...(typeof row.why === 'string' && { why: row.why }) };
    },
    nextLetter() {
      const row = next.get();
      if (row === undefined) return undefined;
      const id = String(row.id);
      const written: Written = JSON.parse(String(row.document));
      const files = enclosures
        .all(id)
        .flatMap(({ name, type, content }): Enclosure[] =>
          content instanceof Uint8Array ? [{ name: String(name), type: String(type), content }] : [],
        );
      return { id, ...written, enclosures: files, again: row.again === 1, due: Number(row.due) };
    },
    beginLetter: (id, now) => {
      set.run('under way', null, now, id);
    },
    endLetter: (id, ended, why, now) =>
      inTransaction(database, () => {
        set.run(ended, why ?? null, now, id);
        unenclose.run(id);
        sweep.run();
      }),
    letterWaits: (id, why, now) => {
      set.run('waiting', why, now, id);
    },
    resumeLetters: () => {
      resume.run();
    },
    forgetLetters: (before) => {
      forget.run(before);
    },
  };
}
