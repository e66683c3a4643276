import type { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * What is kept of one agent at most, so that a stolen or broken one cannot fill disk or memory.
 *
 * An agent begins an outbox at each boot of its machine, eight and more in a school day; and where the machine cannot tell one boot from
 * another (a dead battery) at each start of its process: one that dies every five minutes, day and night, begins 8,640 in 30 days. 10,000
 * take some 2 MB of the file.
 *
 * Of more than `outboxesKept` those are forgotten, and counted, of which nothing was heard in the month before these: what they held is older
 * than raw samples are kept. It is not measured by the clock, which may be wrong by weeks. Eight a day are 300 in five weeks.
 *
 * Gaps come about one by one in outages that outlast the outbox; beyond a thousand of one outbox, or a hundred thousand of all of an
 * agent's, the oldest are forgotten, because to refuse them would stop an honest agent.
 */
export const ledgerLimits = {
  outboxes: 10_000,
  outboxesWithinS: 30 * 86_400,
  outboxesKept: 300,
  rangesPerOutbox: 1000,
  rangesPerAgent: 100_000,
} as const;

/** So many ranges an outbox keeps, however many its agent has: all that an honest one mostly has. */
const fewRanges = 10;

/** To find what can be forgotten goes through all outboxes of an agent: it is done with each so-manieth, and once an hour at most. */
const forgetsEach = 64;

/** What was found is believed for so long. Seconds. */
const recountS = 3600;

/** Agents whose outboxes were counted; some 200 bytes each. */
const remembered = 20_000;

/** How many outboxes of an agent were heard of lately, counted at a time; and those that were let in since. */
type Tally = { at: number; recent: number; letIn: Set<string> };

/** The room that each agent has in the ledger. */
export class Room {
  readonly #isKnown: StatementSync;
  readonly #recent: StatementSync;
  readonly #count: StatementSync;
  readonly #forgettable: StatementSync;
  readonly #forgetRanges: StatementSync;
  readonly #forgetOutbox: StatementSync;
  readonly #noteForgotten: StatementSync;
  readonly #forgotten: StatementSync;
  readonly #rangesOf: StatementSync;
  readonly #tallies = new Map<string, Tally>();
  /** How many outboxes of an agent are kept, and when they were last gone through. */
  readonly #kept = new Map<string, { count: number; goneThroughAt: number }>();
  /** Of agents with many gaps only. */
  readonly #ranges = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#isKnown = database.prepare('SELECT 1 FROM outbox WHERE agent = ? AND outbox = ?');
    this.#recent = database.prepare('SELECT count(*) AS count FROM outbox WHERE agent = ? AND last_seen > ?');
    this.#count = database.prepare('SELECT count(*) AS count FROM outbox WHERE agent = ?');
    this.#forgettable = database.prepare(
      `WITH ranked AS (SELECT id, outbox, last_seen FROM outbox WHERE agent = ?
         ORDER BY last_seen DESC, id DESC LIMIT -1 OFFSET ${ledgerLimits.outboxesKept - 1})
       SELECT id, outbox FROM ranked
       WHERE last_seen <= (SELECT max(last_seen) FROM ranked) - ${ledgerLimits.outboxesWithinS}`,
    );
    this.#forgetRanges = database.prepare('DELETE FROM received WHERE outbox = ?');
    this.#forgetOutbox = database.prepare('DELETE FROM outbox WHERE id = ?');
    this.#noteForgotten = database.prepare(
      `INSERT INTO forgotten VALUES (?, ?)
       ON CONFLICT (agent) DO UPDATE SET outboxes = outboxes + excluded.outboxes`,
    );
    this.#forgotten = database.prepare('SELECT outboxes AS count FROM forgotten WHERE agent = ?');
    this.#rangesOf = database.prepare(
      'SELECT count(*) AS count FROM outbox JOIN received ON received.outbox = outbox.id WHERE agent = ?',
    );
  }

  isKnown(agent: string, outbox: string): boolean {
    return this.#isKnown.get(agent, outbox) !== undefined;
  }

  /** Whether an outbox that is not known may be entered. */
  admits(agent: string, outbox: string, time: number): boolean {
    const tally = this.#tallyOf(agent, time);
    if (tally.letIn.has(outbox)) return true;
    if (tally.recent + tally.letIn.size >= ledgerLimits.outboxes) return false;
    tally.letIn.add(outbox);
    return true;
  }

  /**
   * An outbox was entered that was not known. Inside the transaction.
   * @returns the outboxes that had to make room for it, and are forgotten
   */
  entered(agent: string, time: number): string[] {
    const kept = this.#kept.get(agent);
    if (kept === undefined) {
      if (this.#kept.size >= remembered) this.#kept.clear();
      const count = this.#counted(this.#count, agent);
      this.#kept.set(agent, { count, goneThroughAt: Number.NEGATIVE_INFINITY });
      return [];
    }
    kept.count += 1;
    if (kept.count <= ledgerLimits.outboxesKept || kept.count % forgetsEach !== 0) return [];
    if (Math.abs(time - kept.goneThroughAt) < recountS) return [];
    kept.goneThroughAt = time;
    return this.#forget(agent, kept);
  }

  #forget(agent: string, kept: { count: number }): string[] {
    const rows = this.#forgettable.all(agent);
    for (const { id } of rows) {
      this.#forgetRanges.run(Number(id));
      this.#forgetOutbox.run(Number(id));
    }
    if (rows.length > 0) this.#noteForgotten.run(agent, rows.length);
    kept.count -= rows.length;
    this.#ranges.delete(agent);
    return rows.map(({ outbox }) => String(outbox));
  }

  /** How many outboxes of an agent are kept. */
  kept(agent: string): number {
    return this.#counted(this.#count, agent);
  }

  /** How many outboxes of an agent were forgotten. */
  forgotten(agent: string): number {
    return this.#counted(this.#forgotten, agent);
  }

  /** Whether an outbox with so many ranges has to forget one. */
  isFull(agent: string, ranges: number): boolean {
    if (ranges > ledgerLimits.rangesPerOutbox) return true;
    if (ranges <= fewRanges) return false;
    const all = this.#ranges.get(agent) ?? this.#counted(this.#rangesOf, agent);
    this.#ranges.set(agent, all);
    return all > ledgerLimits.rangesPerAgent;
  }

  /** Ranges came or went. */
  changed(agent: string, ranges: number): void {
    const all = this.#ranges.get(agent);
    if (all !== undefined) this.#ranges.set(agent, all + ranges);
  }

  /** A transaction was rolled back: what was counted may not be so. */
  rolledBack(): void {
    this.#kept.clear();
    this.#ranges.clear();
  }

  #tallyOf(agent: string, time: number): Tally {
    const known = this.#tallies.get(agent);
    if (known !== undefined && Math.abs(time - known.at) < recountS) return known;
    if (this.#tallies.size >= remembered) this.#tallies.clear();
    const recent = this.#counted(this.#recent, agent, time - ledgerLimits.outboxesWithinS);
    const tally = { at: time, recent, letIn: new Set<string>() };
    this.#tallies.set(agent, tally);
    return tally;
  }

  #counted(statement: StatementSync, ...values: (string | number)[]): number {
    return Number(statement.get(...values)?.count ?? 0);
  }
}
