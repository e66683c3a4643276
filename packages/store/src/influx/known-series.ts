import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { retention, seriesPerAgent } from '../telemetry.ts';

/** How often it is noted that a series is still written. */
const noteEveryS = 30 * 86_400;

/**
 * The series of each agent that has written since the start, under the text that they came as. InfluxDB itself could
 * tell only by going through its index.
 */
export class KnownSeries {
  readonly #of: StatementSync;
  readonly #note: StatementSync;
  readonly #forget: StatementSync;
  readonly #agents = new Map<string, Map<string, number>>();

  constructor(database: DatabaseSync) {
    this.#of = database.prepare('SELECT series, seen FROM series WHERE agent = ?');
    this.#note = database.prepare('INSERT OR REPLACE INTO series VALUES (?, ?, ?)');
    this.#forget = database.prepare('DELETE FROM series WHERE agent = ? AND seen < ?');
  }

  /** Whether the agent may write this series: one that it has, or a new one that it has room for. */
  admits(agent: string, series: string, nowS: number): boolean {
    const known = this.#agents.get(agent) ?? this.#load(agent, nowS);
    const seen = known.get(series);
    if (seen === undefined && known.size >= seriesPerAgent) return false;
    if (seen !== undefined && nowS - seen < noteEveryS) return true;
    this.#note.run(agent, series, nowS);
    known.set(series, nowS);
    return true;
  }

  /** Without those whose last minute is past its retention. */
  #load(agent: string, nowS: number): Map<string, number> {
    this.#forget.run(agent, Math.floor(nowS) - retention.minuteS - noteEveryS);
    const known = new Map(this.#of.all(agent).map(({ series, seen }) => [String(series), Number(seen)]));
    this.#agents.set(agent, known);
    return known;
  }
}
