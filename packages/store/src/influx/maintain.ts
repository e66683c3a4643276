import { isMeasurement, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import { columnsOf } from '../catalogue-columns.ts';
import { foldMinutes } from '../rollup/fold.ts';
import { acceptedFrom, closedTo, slotS } from '../rollup/slots.ts';
import { AnswerTooLarge, type InfluxQueries, type Rows } from './ask.ts';
import { selectFields } from './influxql.ts';
import type { LateSlot, RollupJournal } from './late.ts';
import { minuteLine, tagSet } from './lines.ts';
import type { PlacedLine } from './write.ts';

/** How much is asked for at once, in seconds: less where answers are large, more where nearly nothing is there. */
const stretches = [60, 120, 300, 600, 1800, 3600, 21_600] as const;
const manyRows = 20_000;
const fewRows = 2000;
/** More than this at once would fill the memory: it is asked for in shorter stretches. */
const mostRows = 500_000;
const lateAtOnce = 200;
/** InfluxDB has the tags of the place in its answer. */
const nothing = Buffer.alloc(0);

export type MinuteSink = (lines: readonly PlacedLine[]) => Promise<void>;

/** Rollups of an InfluxDB, made here from its raw points. Retention is the server's own work. */
export class InfluxMaintenance {
  readonly #queries: InfluxQueries;
  readonly #journal: RollupJournal;
  readonly #put: MinuteSink;
  #stretch = stretches.indexOf(600);
  #stopped = false;

  /** @param put stores lines of minutes, or throws */
  constructor(queries: InfluxQueries, journal: RollupJournal, put: MinuteSink) {
    this.#queries = queries;
    this.#journal = journal;
    this.#put = put;
  }

  /** What is being asked for is the last. */
  stop(): void {
    this.#stopped = true;
  }

  /** @param settled resolves when every write that is under way now has ended */
  async run(nowS: number, settled: () => Promise<unknown>): Promise<void> {
    const { progress } = this.#journal;
    const closed = closedTo(nowS);
    progress.followBack(nowS);
    // From here on what arrives for these slots is late; what is on its way already is waited for.
    if (closed > progress.get('closed')) progress.set('closed', closed);
    await settled();
    for (let from = progress.get('rolled'); from < closed && !this.#stopped; from = progress.get('rolled')) {
      const to = Math.min(from + (stretches[this.#stretch] ?? slotS), closed);
      const rows = await this.#rollUpAll(from, to);
      if (rows === 'too many') continue;
      progress.set('rolled', to);
      this.#adapt(rows);
    }
    await this.#rollUpLate(acceptedFrom(nowS), settled);
  }

  /** @returns how many rows were read; or that the next try, which asks for less, must do it */
  async #rollUpAll(from: number, to: number): Promise<number | 'too many'> {
    try {
      let rows = 0;
      for (const measurement of measurementNames) rows += await this.#rollUp(measurement, from, to, {});
      return rows;
    } catch (error) {
      if (!(error instanceof AnswerTooLarge) || this.#stretch === 0) throw error;
      this.#stretch -= 1;
      return 'too many';
    }
  }

  #adapt(rows: number): void {
    if (rows > manyRows) this.#stretch = Math.max(0, this.#stretch - 1);
    if (rows < fewRows) this.#stretch = Math.min(stretches.length - 1, this.#stretch + 1);
  }

  /** Slots whose raw points may be partly gone keep the minutes that they have. */
  async #rollUpLate(whole: number, settled: () => Promise<unknown>): Promise<void> {
    for (;;) {
      const slots = this.#journal.late(this.#journal.progress.get('rolled'), lateAtOnce);
      if (slots.length === 0 || this.#stopped) return;
      // A write that began before the marks were read has ended; one that begins after sets its mark again.
      await settled();
      for (const stretch of inOneStretch(slots)) {
        const { measurement, agent, from, to } = stretch;
        if (from >= whole && isMeasurement(measurement)) await this.#rollUp(measurement, from, to, { agent });
      }
      this.#journal.done(slots);
    }
  }

  /** @returns how many rows were read */
  async #rollUp(
    measurement: MeasurementName,
    from: number,
    to: number,
    tags: Readonly<Record<string, string>>,
  ): Promise<number> {
    const columns = columnsOf(measurement);
    const names = columns.map(({ name }) => name);
    const found = await this.#read(selectFields(measurement, names, from, to, tags));
    const lines = found.flatMap((series) => {
      const head = `${measurement}${tagSet(series.tags)}`;
      const agent = series.tags.agent ?? '';
      return foldMinutes(foldable(series)).map((minute) => {
        const text = Buffer.from(minuteLine(head, columns, minute));
        return { agent, line: { text, from: 0, keyEnd: 0, to: text.length }, suffix: nothing };
      });
    });
    if (lines.length > 0) await this.#put(lines);
    return found.reduce((rows, { values }) => rows + values.length, 0);
  }

  /** All rows of each series; the pieces of one follow each other. */
  async #read(statement: string): Promise<Rows[]> {
    const found: Rows[] = [];
    let count = 0;
    for await (const piece of this.#queries.rows(statement)) {
      count += piece.values.length;
      if (count > mostRows) throw new AnswerTooLarge();
      const last = found.at(-1);
      if (last !== undefined && tagSet(last.tags) === tagSet(piece.tags))
        found[found.length - 1] = { ...last, values: [...last.values, ...piece.values] };
      else found.push(piece);
    }
    return found;
  }
}

type Stretch = { measurement: string; agent: string; from: number; to: number };

/** Slots of one agent's measurement that follow each other, as after an outage, asked for at once. */
function inOneStretch(slots: readonly LateSlot[]): Stretch[] {
  const open = new Map<string, Stretch>();
  const stretches: Stretch[] = [];
  for (const { measurement, agent, slot } of slots) {
    const key = `${measurement} ${agent}`;
    const before = open.get(key);
    if (before?.to === slot) before.to = slot + slotS;
    else {
      const stretch = { measurement, agent, from: slot, to: slot + slotS };
      open.set(key, stretch);
      stretches.push(stretch);
    }
  }
  return stretches;
}

function* foldable({ values }: Rows): Generator<{ time: number; values: (number | string | null)[] }> {
  for (const [time, ...fields] of values)
    yield {
      time: Number(time),
      values: fields.map((value) =>
        typeof value === 'boolean'
          ? Number(value)
          : typeof value === 'number' || typeof value === 'string'
            ? value
            : null,
      ),
    };
}
