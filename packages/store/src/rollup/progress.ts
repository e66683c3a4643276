import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { acceptedFrom, closedTo } from './slots.ts';

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

/** Clocks that are set step by seconds; more than this ahead was a mistake. */
const aheadS = 3600;

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

  /**
   * Where the clock was ahead and is set back, follows it: else right data were refused, and all that comes would be late.
   * What was rolled up since is rolled up again.
   */
  followBack(nowS: number): void {
    const closed = closedTo(nowS);
    if (this.get('closed') > closed + aheadS) this.set('closed', closed);
    if (this.get('rolled') > closed + aheadS) this.set('rolled', closed);
    if (this.get('expired') > acceptedFrom(nowS) + aheadS) this.set('expired', acceptedFrom(nowS));
  }

  /** The oldest time that is accepted now. */
  acceptedFrom(nowS: number): number {
    const from = acceptedFrom(nowS);
    const expired = this.get('expired');
    return expired > from + aheadS ? from : Math.max(from, expired);
  }

  set(name: Name, value: number): void {
    this.#set.run(name, value);
    this.#values.set(name, value);
  }
}
