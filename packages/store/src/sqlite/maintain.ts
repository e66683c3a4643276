import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isMeasurement, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import { inTransaction } from '@tongtang/runtime/database';
import { inSlices } from '@tongtang/runtime/slices';
import type { Progress } from '../rollup/progress.ts';
import { closedTo, slotS } from '../rollup/slots.ts';
import { retention } from '../telemetry.ts';
import type { MinuteMaker } from './rollup.ts';
import { minuteTable, rawTable } from './schema.ts';
import type { SeriesIds } from './series-ids.ts';

/** So much of a series is rolled up at once at most. */
const stretchS = 6 * 3600;
/** So much of a series is removed at once at most, by layer: some 10,000 rows at one sample each 10 s. */
const removedAtOnceS = { raw: 86_400, minute: 7 * 86_400 } as const;
/** Removal looks at every series, so it is done when so much has come of age. */
const removalEveryS = 3600;

/** Rollups and retention of the SQLite store. */
export class Maintenance {
  readonly #database: DatabaseSync;
  readonly #progress: Progress;
  readonly #ids: SeriesIds;
  readonly #minutes: MinuteMaker;
  readonly #seriesAfter: StatementSync;
  readonly #removedTo = { raw: 0, minute: 0 };
  #stopped = false;

  constructor(database: DatabaseSync, progress: Progress, ids: SeriesIds, minutes: MinuteMaker) {
    this.#database = database;
    this.#progress = progress;
    this.#ids = ids;
    this.#minutes = minutes;
    this.#seriesAfter = database.prepare(
      'SELECT id, measurement FROM series WHERE id > ? ORDER BY id LIMIT 1',
    );
  }

  /** The next slice is the last. */
  stop(): void {
    this.#stopped = true;
  }

  async run(nowS: number): Promise<void> {
    this.#progress.followBack(nowS);
    await this.#rollUpClosed(nowS);
    await this.#rollUpLate();
    await this.#remove('raw', nowS - retention.rawS);
    await this.#remove('minute', nowS - retention.minuteS);
  }

  /** Rolls up slots that have closed since the last time, for all series. */
  async #rollUpClosed(nowS: number): Promise<void> {
    const closed = closedTo(nowS);
    // From here on what arrives for these slots is late, so nothing can slip in behind the fold.
    if (closed > this.#progress.get('closed')) this.#progress.set('closed', closed);
    for (let from = this.#progress.get('rolled'); from < closed && !this.#stopped; ) {
      const to = Math.min(from + stretchS, closed);
      await this.#eachSeries((id, measurement) => {
        this.#minutes.make(measurement, id, from, to);
        return 'next';
      });
      if (this.#stopped) return;
      this.#progress.set('rolled', to);
      from = to;
    }
  }

  /** Rolls up again what late points have marked; where raw points are partly gone, the minutes stay as they are. */
  async #rollUpLate(): Promise<void> {
    const next = this.#database.prepare(
      `SELECT series, slot, measurement FROM late LEFT JOIN series ON series.id = late.series
       WHERE slot < ? ORDER BY series, slot LIMIT 1`,
    );
    const done = this.#database.prepare('DELETE FROM late WHERE series = ? AND slot = ?');
    await this.#inSlices(() => {
      const mark = next.get(this.#progress.get('rolled'));
      if (mark === undefined) return false;
      const [series, slot] = [Number(mark.series), Number(mark.slot)];
      if (slot >= this.#progress.get('expired'))
        this.#minutes.make(String(mark.measurement), series, slot, slot + slotS);
      done.run(series, slot);
      return true;
    });
  }

  async #remove(layer: 'raw' | 'minute', horizon: number): Promise<void> {
    const to = horizon - (horizon % removalEveryS);
    if (to <= this.#removedTo[layer] || this.#stopped) return;
    if (layer === 'raw' && to > this.#progress.get('expired')) this.#progress.set('expired', to);
    const removers = new Map(
      measurementNames.map((name) => [name, new Remover(this.#database, layer, name)]),
    );
    await this.#eachSeries((id, measurement) => {
      const remover = isMeasurement(measurement) ? removers.get(measurement) : undefined;
      if (remover?.step(id, to) === 'more') return 'again';
      if (remover?.isEmpty(id)) this.#dropSeries(id);
      return 'next';
    });
    if (!this.#stopped) this.#removedTo[layer] = to;
  }

  #dropSeries(id: number): void {
    const gone = this.#database.prepare('DELETE FROM series WHERE id = ? RETURNING agent').get(id);
    this.#ids.forgetAgent(String(gone?.agent));
  }

  /** In the order of their numbers; new ones may come in while this goes on. */
  async #eachSeries(work: (id: number, measurement: string) => 'next' | 'again'): Promise<void> {
    let after = 0;
    await this.#inSlices(() => {
      const row = this.#seriesAfter.get(after);
      if (row === undefined) return false;
      const id = Number(row.id);
      if (work(id, String(row.measurement)) !== 'again') after = id;
      return true;
    });
  }

  /** Runs pieces until one says that nothing is left, each slice a transaction. */
  async #inSlices(piece: () => boolean): Promise<void> {
    await inSlices((enough) =>
      inTransaction(this.#database, () => {
        let more = !this.#stopped;
        while (more && !enough()) more = piece();
        return more;
      }),
    );
  }
}

/** Removes rows of one table, oldest first. */
class Remover {
  readonly #oldest: StatementSync;
  readonly #remove: StatementSync;
  readonly #any: StatementSync;
  readonly #atOnceS: number;

  constructor(database: DatabaseSync, layer: 'raw' | 'minute', measurement: MeasurementName) {
    const table = layer === 'raw' ? rawTable(measurement) : minuteTable(measurement);
    this.#oldest = database.prepare(`SELECT min(time) AS time FROM ${table} WHERE series = ?`);
    this.#remove = database.prepare(`DELETE FROM ${table} WHERE series = ? AND time < ?`);
    this.#any = database.prepare(
      `SELECT EXISTS (SELECT 1 FROM ${rawTable(measurement)} WHERE series = ?1)
           OR EXISTS (SELECT 1 FROM ${minuteTable(measurement)} WHERE series = ?1) AS found`,
    );
    this.#atOnceS = removedAtOnceS[layer];
  }

  step(series: number, to: number): 'more' | 'done' {
    const oldest = this.#oldest.get(series)?.time;
    if (typeof oldest !== 'number' || oldest >= to) return 'done';
    const upTo = Math.min(to, oldest + this.#atOnceS);
    this.#remove.run(series, upTo);
    return upTo < to ? 'more' : 'done';
  }

  isEmpty(series: number): boolean {
    return this.#any.get(series)?.found === 0;
  }
}
