import { setImmediate as turn } from 'node:timers/promises';
import type { MeasurementName } from '@tongtang/model/catalogue';
import type { Log } from '@tongtang/runtime/log';
import { textOf } from '@tongtang/wire/line-protocol';
import { type Layer, layers, type Piece, type Span } from '../contents.ts';
import { acceptedFrom, closedTo, slotOf, tooOld } from '../rollup/slots.ts';
import { AnswerSize } from '../series/answer-size.ts';
import { onOneAxis, type Part } from '../series/axis.ts';
import { planSeries, refuseTooMany, type Segment, type SeriesPlan } from '../series/plan.ts';
import { planSamples, RowsLeft, sampleOf } from '../series/sample-fields.ts';
import {
  type PlacedSamples,
  type Refusal,
  retention,
  type SamplesQuery,
  type SeriesQuery,
  type SeriesResult,
  type StoredSample,
  type TelemetryStore,
  tooManySeries,
  valuesPerSeries,
  type Written,
} from '../telemetry.ts';
import { InfluxQueries, type Rows } from './ask.ts';
import { InfluxClient } from './client.ts';
import { linesOf, pieceOf, selectContents } from './contents.ts';
import { partsOf, policies, selectFields, selectSegment } from './influxql.ts';
import { RollupJournal } from './late.ts';
import { placeSuffix } from './lines.ts';
import { type InfluxLocation, showLocation } from './location.ts';
import { InfluxMaintenance } from './maintain.ts';
import { LinePost } from './post.ts';
import { EarlyRefusals, RefusedTooEarly } from './refused-too-early.ts';
import { DatabaseGone, type PlacedLine, type RefusedLine, writeLines } from './write.ts';

export type InfluxStoreOptions = Readonly<{
  /** An SQLite file for what the hub must remember of rollups. */
  journal: string;
  log: Log;
  /** Hub time in seconds. */
  nowS: () => number;
}>;

const retentionS: Readonly<Record<Layer, number>> = { raw: retention.rawS, minute: retention.minuteS };
/** So many seconds before its retention ends, a line may be past it by InfluxDB's clock: clocks differ, and a backlog takes its time. */
const nearEndS = 2 * 86_400;

/**
 * Telemetry in InfluxDB: raw points in the retention policy `raw`, minutes in `minute`, both made with the database
 * when it is first used. The server need not be there yet.
 */
export function openInfluxStore(location: InfluxLocation, options: InfluxStoreOptions): TelemetryStore {
  return new InfluxStore(location, options);
}

class InfluxStore implements TelemetryStore {
  readonly #location: InfluxLocation;
  readonly #client: InfluxClient;
  readonly #queries: InfluxQueries;
  readonly #post: LinePost;
  readonly #journal: RollupJournal;
  readonly #maintenance: InfluxMaintenance;
  readonly #log: Log;
  readonly #nowS: () => number;
  readonly #early: EarlyRefusals;
  readonly #underWay = new Set<Promise<unknown>>();
  #ready: Promise<void> | undefined;
  #maintaining: Promise<void> | undefined;

  constructor(location: InfluxLocation, { journal, log, nowS }: InfluxStoreOptions) {
    this.#location = location;
    this.#client = new InfluxClient(location);
    this.#queries = new InfluxQueries(location);
    this.#post = new LinePost(location);
    this.#journal = new RollupJournal(journal, () => closedTo(nowS()), log);
    this.#maintenance = new InfluxMaintenance(this.#queries, this.#journal, (lines) =>
      this.#putMinutes(lines),
    );
    this.#early = new EarlyRefusals(log);
    this.#log = log;
    this.#nowS = nowS;
  }

  async write(batches: readonly PlacedSamples[]): Promise<Written> {
    const { lines, refused, late } = this.#sort(batches);
    this.#journal.mark(late);
    const written = this.#write('raw', lines);
    this.#underWay.add(written);
    try {
      return { refused: [...refused, ...(await written)] };
    } finally {
      this.#underWay.delete(written);
    }
  }

  async series(query: SeriesQuery): Promise<SeriesResult> {
    const { progress } = this.#journal;
    const reach = { rawFrom: acceptedFrom(this.#nowS()), minutesTo: progress.get('rolled') };
    const plan = planSeries(query, reach);
    await this.#prepared();
    const size = new AnswerSize(plan);
    const series = new Map<string, { tags: Rows['tags']; segments: Part[][] }>();
    for (const [index, segment] of plan.segments.entries())
      for (const [key, rows] of await this.#readSegment(plan, segment)) {
        const one = series.get(key) ?? { tags: rows[0]?.tags ?? {}, segments: plan.segments.map(() => []) };
        if (!series.has(key)) size.addSeries();
        const parts = partsOf(plan, segment, rows);
        size.addValues(parts.length);
        one.segments[index] = parts;
        series.set(key, one);
      }
    return onOneAxis(plan, [...series.values()]);
  }

  async samples(query: SamplesQuery): Promise<readonly StoredSample[]> {
    const plan = planSamples(query);
    await this.#prepared();
    const { measurement, agent, fields, from, to } = plan;
    const names = fields.map(({ name }) => name);
    const samples: StoredSample[] = [];
    const left = new RowsLeft(plan);
    for await (const { tags, values } of this.#queries.rows(
      selectFields(measurement, names, from, to, { agent }),
    )) {
      left.take(values.length);
      // Where the server is faster than they are read, up to 10,000 at a time: others have their turn in between.
      await turn();
      for (const [time, ...row] of values) {
        const sample = sampleOf(plan, tags, Number(time), row);
        if (sample !== undefined) samples.push(sample);
      }
    }
    return samples;
  }

  /** The rows of each series, by its tags: those of each statement that the segment takes. */
  async #readSegment(plan: SeriesPlan, segment: Segment): Promise<Map<string, Rows[]>> {
    const size = new AnswerSize(plan);
    const answers = new Map<string, Rows[]>();
    for (const [which, statement] of selectSegment(plan, segment).entries())
      for await (const { tags, columns, values } of this.#queries.rows(statement)) {
        const key = JSON.stringify(tags);
        const known = answers.get(key) ?? [];
        if (known.length === 0) size.addSeries();
        size.addValues(values.length);
        const all = [...(known[which]?.values ?? []), ...values];
        if (all.length > valuesPerSeries) refuseTooMany();
        known[which] = { tags, columns, values: all };
        answers.set(key, known);
      }
    return answers;
  }

  async *contents(layer: Layer, measurement: MeasurementName, span: Span): AsyncGenerator<Piece> {
    await this.#prepared();
    for await (const rows of this.#queries.rows(selectContents(layer, measurement, span)))
      yield pieceOf(layer, measurement, rows);
  }

  async restore(pieces: readonly Piece[]): Promise<void> {
    for (const layer of layers) {
      const lines = pieces.filter((piece) => piece.layer === layer).flatMap(linesOf);
      const [refused] = await this.#write(layer, lines);
      if (refused !== undefined)
        throw new Error(`InfluxDB refuses ${refused.line.slice(0, 200)}: ${refused.reason}`);
    }
  }

  maintain(nowS: number): Promise<void> {
    this.#maintaining ??= this.#maintain(nowS).finally(() => {
      this.#maintaining = undefined;
    });
    return this.#maintaining;
  }

  async check(): Promise<void> {
    this.#ready = undefined;
    await this.#prepared();
    this.#early.assertNoneOfFresh(this.#nowS());
  }

  async close(): Promise<void> {
    this.#maintenance.stop();
    await Promise.allSettled([this.#maintaining, ...this.#underWay]);
    this.#post.close();
    this.#queries.close();
    this.#journal.close();
  }

  async #maintain(nowS: number): Promise<void> {
    await this.#prepared();
    await this.#maintenance.run(nowS, () => Promise.allSettled([...this.#underWay]));
  }

  /** Lines as they came, with their place's tags; what is too old or of a series too many; and the slots that are late. */
  #sort(batches: readonly PlacedSamples[]): {
    lines: PlacedLine[];
    refused: Refusal[];
    late: (readonly [MeasurementName, string, number])[];
  } {
    const now = Math.floor(this.#nowS());
    const from = acceptedFrom(now);
    const closed = this.#journal.progress.get('closed');
    const lines: PlacedLine[] = [];
    const refused: Refusal[] = [];
    const late: (readonly [MeasurementName, string, number])[] = [];
    for (const { place, samples } of batches) {
      const { agent } = place;
      const suffix = Buffer.from(placeSuffix(place));
      /** A batch has few series, each under one and the same string. */
      const admitted = new Set<string>();
      /** By measurement: samples of one come in the order of their times, so the last slot is mostly that of the next. */
      const marked = new Map<MeasurementName, number>();
      for (const sample of samples) {
        const { measurement, time, key } = sample;
        if (time < from) {
          refused.push({ agent, line: textOf(sample), reason: tooOld });
          continue;
        }
        if (!admitted.has(key) && !this.#journal.admits(agent, key, now)) {
          refused.push({ agent, line: textOf(sample), reason: tooManySeries });
          continue;
        }
        admitted.add(key);
        lines.push({ agent, line: sample, suffix });
        const slot = slotOf(time);
        if (time >= closed || marked.get(measurement) === slot) continue;
        marked.set(measurement, slot);
        late.push([measurement, agent, slot]);
      }
    }
    return { lines, refused, late };
  }

  async #putMinutes(lines: readonly PlacedLine[]): Promise<void> {
    for (const { reason, line } of await this.#write('minute', lines))
      this.#log.error({ reason, line: line.slice(0, 200) }, 'InfluxDB refuses a minute');
  }

  /** Where the database has vanished, makes it again and tries once more. */
  async #write(layer: Layer, lines: readonly PlacedLine[]): Promise<RefusedLine[]> {
    await this.#prepared();
    try {
      return await this.#writeOnce(layer, lines);
    } catch (error) {
      if (!(error instanceof DatabaseGone)) throw error;
      this.#ready = undefined;
      await this.#prepared();
      return await this.#writeOnce(layer, lines);
    }
  }

  async #writeOnce(layer: Layer, lines: readonly PlacedLine[]): Promise<RefusedLine[]> {
    const now = this.#nowS();
    const shelf = { policy: policies[layer], keptFrom: now - retentionS[layer] + nearEndS };
    try {
      return await writeLines(this.#post, shelf, lines);
    } catch (error) {
      if (error instanceof RefusedTooEarly) this.#early.hear(error, now);
      throw error;
    }
  }

  #prepared(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #prepare(): Promise<void> {
    const made = await this.#client.prepare({
      [policies.raw]: { duration: `${retention.rawS / 86_400}d`, isDefault: true },
      [policies.minute]: { duration: `${retention.minuteS / 86_400}d`, isDefault: false },
    });
    if (made.length > 0) this.#log.info({ store: showLocation(this.#location), made }, 'InfluxDB was set up');
  }
}
