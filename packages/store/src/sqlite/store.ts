import type { DatabaseSync } from 'node:sqlite';
import type { MeasurementName } from '@tongtang/model/catalogue';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { inSlices } from '@tongtang/runtime/slices';
import type { Layer, Piece, Span } from '../contents.ts';
import { MendedDatabase } from '../mended-database.ts';
import { Progress } from '../rollup/progress.ts';
import { closedTo } from '../rollup/slots.ts';
import { AnswerSize } from '../series/answer-size.ts';
import { onOneAxis, type SeriesParts } from '../series/axis.ts';
import { planSeries } from '../series/plan.ts';
import { planSamples } from '../series/sample-fields.ts';
import type {
  PlacedSamples,
  SamplesQuery,
  SeriesQuery,
  SeriesResult,
  StoredSample,
  TelemetryStore,
  Written,
} from '../telemetry.ts';
import { contentsReader, seriesIdsOf } from './contents.ts';
import { Maintenance } from './maintain.ts';
import { findSeries, samplesReader, seriesReader } from './read.ts';
import { MinuteMaker } from './rollup.ts';
import { followCatalogue, migrations } from './schema.ts';
import { SeriesIds } from './series-ids.ts';
import { PointWriter } from './write.ts';

export type SqliteStoreOptions = Readonly<{
  log: Log;
  /** Hub time in seconds. */
  nowS: () => number;
  /** Hears where a damaged file was set aside: what was in it is missing from then on. */
  onReplaced?: (setAside: string) => void;
}>;

/**
 * Telemetry in an SQLite file of its own. A damaged file is set aside, at the start or when it shows, and a new one
 * begins: what was in it is for people to recover, the measuring goes on.
 * @throws where the folder cannot be written, or the file was made by a newer version
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions): TelemetryStore {
  return new SqliteStore(path, options);
}

class SqliteStore implements TelemetryStore {
  readonly #file: MendedDatabase<Opened>;
  readonly #nowS: () => number;
  #maintaining: Promise<void> | undefined;

  constructor(path: string, { log, nowS, onReplaced }: SqliteStoreOptions) {
    this.#nowS = nowS;
    const options = { migrations, durability: 'full', ...(onReplaced && { onReplaced }) } as const;
    this.#file = new MendedDatabase(path, options, log, (database) => prepare(database, closedTo(nowS())));
  }

  async write(batches: readonly PlacedSamples[]): Promise<Written> {
    return this.#file.run(({ database, writer, ids, progress }) => {
      const from = progress.acceptedFrom(this.#nowS());
      try {
        const refused = inTransaction(database, () => writer.write(batches, from, progress.get('closed')));
        return { refused };
      } catch (error) {
        ids.forget();
        throw error;
      }
    });
  }

  async series(query: SeriesQuery): Promise<SeriesResult> {
    const { progress } = this.#file.opened;
    const plan = planSeries(query, { rawFrom: progress.get('expired'), minutesTo: progress.get('rolled') });
    const parts: SeriesParts[] = [];
    const size = new AnswerSize(plan);
    let next = 0;
    await this.#file.runInSlices(async ({ database }) => {
      const found = findSeries(database, plan);
      const read = seriesReader(database, plan);
      // In slices, so that a page with many series holds up nobody.
      await inSlices((enough) => {
        for (const series of found.slice(next)) {
          if (enough()) return true;
          next += 1;
          const filled = read(series);
          const values = filled.segments.reduce((count, segment) => count + segment.length, 0);
          if (values === 0) continue;
          size.addSeries();
          size.addValues(values);
          parts.push(filled);
        }
        return false;
      });
    });
    return onOneAxis(plan, parts);
  }

  async samples(query: SamplesQuery): Promise<readonly StoredSample[]> {
    const plan = planSamples(query);
    const { measurement, agent } = plan;
    const samples: StoredSample[] = [];
    let next = 0;
    await this.#file.runInSlices(async ({ database }) => {
      const found = findSeries(database, { measurement, tags: { agent } });
      const read = samplesReader(database, plan);
      // In slices, so that an agent that measured far too much holds up nobody.
      await inSlices((enough) => {
        for (const series of found.slice(next)) {
          if (enough()) return true;
          next += 1;
          for (const sample of read(series)) samples.push(sample);
        }
        return false;
      });
    });
    return samples;
  }

  async *contents(layer: Layer, measurement: MeasurementName, span: Span): AsyncGenerator<Piece> {
    const { ids, read } = this.#file.run(({ database }) => ({
      ids: seriesIdsOf(database, measurement),
      read: contentsReader(database, layer, measurement, span),
    }));
    for (const id of ids) {
      const piece = this.#file.run(() => read(id));
      if (piece.rows.length > 0) yield piece;
    }
  }

  async restore(pieces: readonly Piece[]): Promise<void> {
    this.#file.run(({ database, writer, minutes, ids }) => {
      try {
        inTransaction(database, () => {
          for (const piece of pieces) {
            const { measurement, tags } = piece;
            const series = ids.ofTags(measurement, tags);
            if (piece.layer === 'raw') for (const row of piece.rows) writer.put(measurement, series, row);
            else for (const minute of piece.rows) minutes.put(measurement, series, minute);
          }
        });
      } catch (error) {
        ids.forget();
        throw error;
      }
    });
  }

  maintain(nowS: number): Promise<void> {
    this.#maintaining ??= this.#file
      .runInSlices(({ maintenance }) => maintenance.run(nowS))
      .finally(() => {
        this.#maintaining = undefined;
      });
    return this.#maintaining;
  }

  async check(): Promise<void> {
    this.#file.run(({ progress }) => progress.set('checked', Math.floor(this.#nowS())));
  }

  async close(): Promise<void> {
    this.#file.opened.maintenance.stop();
    await Promise.allSettled([this.#maintaining]);
    this.#file.close();
  }
}

type Opened = Readonly<{
  database: DatabaseSync;
  ids: SeriesIds;
  progress: Progress;
  writer: PointWriter;
  minutes: MinuteMaker;
  maintenance: Maintenance;
}>;

function prepare(database: DatabaseSync, start: number): Opened {
  // Pages of series that are being written stay in memory; the default of 2 MB holds 500 of them.
  database.exec('PRAGMA cache_size = -65536');
  followCatalogue(database);
  const ids = new SeriesIds(database);
  const progress = new Progress(database, start);
  const writer = new PointWriter(database, ids);
  const minutes = new MinuteMaker(database);
  const maintenance = new Maintenance(database, progress, ids, minutes);
  return { database, ids, progress, writer, minutes, maintenance };
}
