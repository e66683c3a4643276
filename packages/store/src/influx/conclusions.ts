import type { Log } from '@tongtang/runtime/log';
import { InfluxQueries } from './ask.ts';
import { InfluxClient } from './client.ts';
import { policies, type Realm, selectConclusions, selectOpenIncidents } from './influxql.ts';
import { type ConclusionKey, conclusionKey } from './lines.ts';
import { type InfluxLocation, showLocation } from './location.ts';
import { LinePost } from './post.ts';
import { writeLines } from './write.ts';

/** So many lines are sent at once; others have their turn between. */
const linesAtOnce = 2000;
const nothing = Buffer.alloc(0);
/** It has no end. Where somebody gave it one, that one holds. */
const shelf = { policy: policies.concluded, keptFrom: Number.POSITIVE_INFINITY };

/**
 * What a hub concluded, in the retention policy `concluded` of an InfluxDB, which keeps it for good: it is small. Nothing is deleted
 * there, which not every version can: what was taken back is marked as `gone`. All of it throws where the server is away.
 */
export class InfluxConclusions {
  readonly #location: InfluxLocation;
  readonly #client: InfluxClient;
  readonly #queries: InfluxQueries;
  readonly #post: LinePost;
  readonly #log: Log;

  constructor(location: InfluxLocation, log: Log) {
    this.#location = location;
    this.#client = new InfluxClient(location);
    this.#queries = new InfluxQueries(location);
    this.#post = new LinePost(location);
    this.#log = log;
  }

  /** Where it is, for people and logs. */
  get place(): string {
    return showLocation(this.#location);
  }

  /** @returns whether the policy was missing and is made now: then nothing is in it */
  async prepare(): Promise<boolean> {
    const made = await this.#client.prepare({ [policies.concluded]: { duration: 'INF', isDefault: false } });
    return made.length > 0;
  }

  /** Ids of the incidents of a county that it shows as open. */
  async openIncidents(county: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const { tags } of this.#queries.rows(selectOpenIncidents(county))) ids.push(tags.id ?? '');
    return ids;
  }

  /** What is there and was not taken back. */
  async there(realms: readonly Realm[]): Promise<ConclusionKey[]> {
    const keys: ConclusionKey[] = [];
    for (const realm of realms)
      for await (const { tags, values } of this.#queries.rows(selectConclusions(realm)))
        for (const [time] of values) keys.push(conclusionKey(realm.measurement, tags, Number(time)));
    return keys;
  }

  /** Writes lines until each is stored. What InfluxDB refuses for good is in the log. */
  async write(lines: readonly string[]): Promise<void> {
    for (let from = 0; from < lines.length; from += linesAtOnce)
      await this.#send(lines.slice(from, from + linesAtOnce));
  }

  close(): void {
    this.#post.close();
    this.#queries.close();
  }

  async #send(lines: readonly string[]): Promise<void> {
    const placed = lines.map((line) => {
      const text = Buffer.from(line);
      return { agent: '', line: { text, from: 0, keyEnd: 0, to: text.length }, suffix: nothing };
    });
    for (const { reason, line } of await writeLines(this.#post, shelf, placed))
      this.#log.error({ reason, line: line.slice(0, 200) }, 'InfluxDB refuses a conclusion');
  }
}
