import { messageOf } from '@tongtang/runtime/errors';
import { validate } from '@tongtang/runtime/validation';
import { type IClusterConfig, InfluxDB } from 'influx';
import { type Static, Type } from 'typebox';
import type { InfluxLocation } from './location.ts';

const Answer = Type.Object({
  results: Type.Array(
    Type.Object({
      error: Type.Optional(Type.String()),
      series: Type.Optional(
        Type.Array(
          Type.Object({
            tags: Type.Optional(Type.Record(Type.String(), Type.String())),
            columns: Type.Array(Type.String()),
            values: Type.Array(Type.Array(Type.Unknown())),
          }),
        ),
      ),
    }),
  ),
});

/** Rows of one group of tags: first the time in seconds, then the columns that were asked for. */
export type Rows = Readonly<{
  tags: Readonly<Record<string, string>>;
  columns: readonly string[];
  values: readonly (readonly unknown[])[];
}>;

const timeoutMs = 30_000;
/** The client would refuse to ask a server for up to 10 s after a failure. Whoever asks has a back-off of its own. */
const alwaysAsk = { getDelay: () => 0, next: () => alwaysAsk, reset: () => alwaysAsk };

/** Queries, through the `influx` client: InfluxQL of the version 1 API, as InfluxDB 1.x, 2.x and 3 answer it. */
export class InfluxClient {
  readonly #client: InfluxDB;
  readonly #database: string;

  constructor({ protocol, host, port, prefix, database, authorization }: InfluxLocation) {
    const headers = authorization === undefined ? {} : { authorization };
    const config: IClusterConfig = {
      hosts: [{ protocol, host, port, path: prefix, options: { headers } }],
      database,
      pool: { maxRetries: 0, requestTimeout: timeoutMs, backoff: alwaysAsk },
    };
    this.#client = new InfluxDB(config);
    // Given no name, it enters root:root here and sends that in place of our header.
    delete config.username;
    this.#database = database;
  }

  /** @throws where the server is away or refuses, with its words */
  async query(text: string): Promise<Rows[]> {
    const answer = await this.#asked(
      this.#client.queryRaw(text, { precision: 's', database: this.#database }),
    );
    const checked = validate(Answer, answer);
    if (!checked.ok) throw new Error(`InfluxDB: unreadable answer: ${checked.problems[0] ?? ''}`);
    return checked.value.results.flatMap(rowsOf);
  }

  /** Makes the database and its retention policies where they are missing. */
  async prepare(
    policies: Readonly<Record<string, { duration: string; isDefault: boolean }>>,
  ): Promise<string[]> {
    const made: string[] = [];
    const there = await this.#policies();
    if (there === undefined) {
      await this.#asked(this.#client.createDatabase(this.#database));
      made.push(this.#database);
    }
    for (const [name, { duration, isDefault }] of Object.entries(policies)) {
      if (there?.includes(name)) continue;
      await this.#asked(
        this.#client.createRetentionPolicy(name, {
          database: this.#database,
          duration,
          replication: 1,
          isDefault,
        }),
      );
      made.push(`${this.#database}.${name}`);
    }
    return made;
  }

  /** Names, or undefined where there is no such database. */
  async #policies(): Promise<string[] | undefined> {
    try {
      const rows = await this.#asked(this.#client.showRetentionPolicies(this.#database));
      return rows.map(({ name }) => name);
    } catch (error) {
      if (/database not found/i.test(messageOf(error))) return undefined;
      throw error;
    }
  }

  /** The client never settles where a server dies in the middle of its answer. */
  async #asked<T>(promise: Promise<T>): Promise<T> {
    const late = AbortSignal.timeout(timeoutMs + 1000);
    return await new Promise((resolve, reject) => {
      late.addEventListener('abort', () => reject(new Error('InfluxDB: no complete answer in time')));
      promise.then(resolve, (error: unknown) => reject(new Error(`InfluxDB: ${messageOf(error)}`)));
    });
  }
}

function rowsOf({ error, series = [] }: Static<typeof Answer>['results'][number]): Rows[] {
  if (error !== undefined) throw new Error(`InfluxDB: ${error}`);
  return series.map(({ tags = {}, columns, values }) => ({
    tags: Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== '')),
    columns,
    values,
  }));
}
