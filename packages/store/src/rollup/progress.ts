import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The table that {@link Progress} needs. */
export const progressTable =
  'CREATE TABLE progress (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;';

/**
 * How far the store has come, in seconds of hub time; kept in the database.
 * `closed`: what arrives for a time before it is late. `rolled`: minutes before it are there. `expired`: raw points
 * before it are removed or being removed. `checked`: when the database was last asked whether it can be written.
 */
const names = ['closed', 'rolled', 'expired', 'checked'] as const;
type Name = (typeof names)[number];

export class Progress {
  readonly #set: StatementSync;
  readonly #values = new Map<string, number>();

  /** @param start what `closed` and `rolled` begin with in a new database */
  constructor(database: DatabaseSync, start: number) {
    this.#set = database.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?)');
    for (const { name, value } of database.prepare('SELECT name, value FROM progress').all())
      this.#values.set(String(name), Number(value));
    if (this.#values.has('closed')) return;
    this.set('closed', start);
    this.set('rolled', start);
  }

  get(name: Name): number {
    return this.#values.get(name) ?? 0;
  }

  set(name: Name, value: number): void {
    this.#set.run(name, value);
    this.#values.set(name, value);
  }
}
