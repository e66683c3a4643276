import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from '@tongtang/runtime/database';
import { retention, seriesPerAgent } from '../telemetry.ts';

/** How often it is noted that a series is still written. */
const noteEveryS = 30 * 86_400;
/** What an agent has is read again from the file where it was silent for so long: it may be gone for good. */
const silentS = 86_400;

type Own = Readonly<{ series: Map<string, number> }> & { usedS: number };

/**
 * The series of each agent that has written since the start, under the text that they came as. InfluxDB itself could
 * tell only by going through its index. What is admitted is written down together: one by one, the first hour of a county
 * would be a flush of the disk for each of its series, and nobody would be heard meanwhile.
 */
export class KnownSeries {
  readonly #database: DatabaseSync;
  readonly #of: StatementSync;
  readonly #note: StatementSync;
  readonly #forget: StatementSync;
  readonly #agents = new Map<string, Own>();
  #admitted: { agent: string; series: string; seen: number }[] = [];
  #lookedS = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#of = database.prepare('SELECT series, seen FROM series WHERE agent = ?');
    this.#note = database.prepare('INSERT OR REPLACE INTO series VALUES (?, ?, ?)');
    this.#forget = database.prepare('DELETE FROM series WHERE agent = ? AND seen < ?');
  }

  /** Whether the agent may write this series: one that it has, or a new one that it has room for. {@link keep} has to follow. */
  admits(agent: string, series: string, nowS: number): boolean {
    const own = this.#agents.get(agent) ?? this.#load(agent, nowS);
    own.usedS = nowS;
    const known = own.series;
    const seen = known.get(series);
    if (seen === undefined && known.size >= seriesPerAgent) return false;
    if (seen !== undefined && nowS - seen < noteEveryS) return true;
    this.#admitted.push({ agent, series, seen: nowS });
    known.set(series, nowS);
    return true;
  }

  /**
   * Writes down what was admitted since the last time: durable on return.
   * @throws where the disk refuses; then the next time writes it down too
   */
  keep(): void {
    if (this.#admitted.length === 0) return;
    inTransaction(this.#database, () => {
      for (const { agent, series, seen } of this.#admitted) this.#note.run(agent, series, seen);
    });
    this.#admitted = [];
  }

  /** Without those whose last minute is past its retention. */
  #load(agent: string, nowS: number): Own {
    this.#forgetSilent(nowS);
    this.#forget.run(agent, Math.floor(nowS) - retention.minuteS - noteEveryS);
    const rows = this.#of.all(agent);
    const series = new Map(rows.map((row) => [String(row.series), Number(row.seen)]));
    const own = { series, usedS: nowS };
    this.#agents.set(agent, own);
    return own;
  }

  #forgetSilent(nowS: number): void {
    if (nowS - this.#lookedS < silentS) return;
    this.#lookedS = nowS;
    for (const [agent, { usedS }] of this.#agents) if (nowS - usedS > silentS) this.#agents.delete(agent);
  }
}
