import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import { type DecodedSample, textOf } from '@tongtang/wire/line-protocol';
import { columnsOf } from '../catalogue-columns.ts';
import type { Row } from '../rollup/fold.ts';
import { slotOf, slotS, tooOld } from '../rollup/slots.ts';
import { type PlacedSamples, type Refusal, tooManySeries } from '../telemetry.ts';
import { rawTable } from './schema.ts';
import type { SeriesIds } from './series-ids.ts';

type Writer = Readonly<{ statement: StatementSync; names: readonly string[] }>;

/** Room for the slot's number (up to the year 2286) beside that of the series in one safe integer. */
const slotsPerSeries = 2 ** 24;

/** Puts points into the raw tables; fields of a point that is already there are merged, new values winning. */
export class PointWriter {
  readonly #writers: ReadonlyMap<MeasurementName, Writer>;
  readonly #markLate: StatementSync;
  readonly #ids: SeriesIds;

  constructor(database: DatabaseSync, ids: SeriesIds) {
    this.#ids = ids;
    this.#writers = new Map(measurementNames.map((name) => [name, writerOf(database, name)]));
    this.#markLate = database.prepare('INSERT OR IGNORE INTO late VALUES (?, ?)');
  }

  /**
   * To be run in a transaction.
   * @param acceptedFrom points before it are refused
   * @param closed points before it mark their slot late
   * @returns what was refused
   */
  write(batches: readonly PlacedSamples[], acceptedFrom: number, closed: number): Refusal[] {
    const refused: Refusal[] = [];
    const late = new Set<number>();
    for (const { place, samples } of batches) {
      const idOf = this.#ids.at(place);
      for (const sample of samples) {
        const { time } = sample;
        if (time < acceptedFrom) {
          refused.push({ agent: place.agent, line: textOf(sample), reason: tooOld });
          continue;
        }
        const series = idOf(sample);
        if (series === undefined) {
          refused.push({ agent: place.agent, line: textOf(sample), reason: tooManySeries });
          continue;
        }
        this.#put(series, sample);
        if (time < closed) late.add(series * slotsPerSeries + slotOf(time) / slotS);
      }
    }
    for (const mark of late)
      this.#markLate.run(Math.floor(mark / slotsPerSeries), (mark % slotsPerSeries) * slotS);
    return refused;
  }

  /** One point with its values in the order of the catalogue, whatever its time. To be run in a transaction. */
  put(measurement: MeasurementName, series: number, { time, values }: Row): void {
    this.#writerOf(measurement).statement.run(series, time, ...values);
  }

  #put(series: number, { measurement, time, fields }: DecodedSample): void {
    const writer = this.#writerOf(measurement);
    const row: SQLInputValue[] = [series, time];
    for (const name of writer.names) {
      const value = fields[name];
      row.push(value === undefined ? null : typeof value === 'boolean' ? Number(value) : value);
    }
    writer.statement.run(...row);
  }

  #writerOf(measurement: MeasurementName): Writer {
    const writer = this.#writers.get(measurement);
    if (writer === undefined) throw new Error(`no table for ${measurement}`);
    return writer;
  }
}

function writerOf(database: DatabaseSync, measurement: MeasurementName): Writer {
  const names = columnsOf(measurement).map(({ name }) => name);
  const quoted = names.map((name) => `"${name}"`);
  const merge = quoted.map((name) => `${name} = COALESCE(excluded.${name}, ${name})`);
  const statement = database.prepare(
    `INSERT INTO ${rawTable(measurement)} (series, time, ${quoted.join(', ')})
     VALUES (?, ?${', ?'.repeat(names.length)})
     ON CONFLICT (series, time) DO UPDATE SET ${merge.join(', ')}`,
  );
  return { statement, names };
}
