import { messageOf } from '@tongtang/runtime/errors';
import { type IClusterConfig, InfluxDB } from 'influx';
import type { InfluxLocation } from './location.ts';

const timeoutMs = 30_000;
/** The client would refuse to ask a server for up to 10 s after a failure. Whoever asks has a back-off of its own. */
const alwaysAsk = { getDelay: () => 0, next: () => alwaysAsk, reset: () => alwaysAsk };

/** Sets a database up, through the `influx` client: the version 1 API, as InfluxDB 1.x, 2.x and 3 answer it. */
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
