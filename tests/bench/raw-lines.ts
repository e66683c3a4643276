import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Backlog, backlogOf } from '@tongtang/simulator/backlog';
import { placeSuffix } from '@tongtang/store/influx/lines';
import { decodeLine } from '@tongtang/wire/line-protocol';
import type { Resident } from './county.ts';

/** As InfluxData advises for one request. */
const linesAtOnce = 5000;

/** Raw line protocol in bodies ready to be sent, with how many points each holds. */
export type Body = Readonly<{ points: number; bytes: Buffer }>;

/**
 * The points of a county's backlog as a hub stores them, the place's tags put in, in the order in which a hub gets
 * them: the first batch of every agent, then the second, and so on.
 */
export function bodiesOf(residents: readonly Resident[], backlog: Backlog): Body[] {
  const classrooms = residents.map(({ place }, number) => ({
    suffix: placeSuffix(place),
    batches: backlogOf(number, backlog),
  }));
  const bodies: Body[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) bodies.push({ points: lines.length, bytes: Buffer.from(lines.join('\n')) });
    lines = [];
  };
  for (let batch = 0; batch < backlog.batches; batch += 1)
    for (const { suffix, batches } of classrooms)
      for (const line of batches.next().value ?? []) {
        lines.push(placed(line, suffix));
        if (lines.length === linesAtOnce) flush();
      }
  flush();
  return bodies;
}

function placed(line: string, suffix: string): string {
  const sample = decodeLine(line);
  if ('reason' in sample) throw new Error(`${line}: ${sample.reason}`);
  return sample.key + suffix + line.slice(sample.key.length);
}

/** Writes lines straight to an InfluxDB over connections that are kept. */
export class RawWriter {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(url: URL) {
    this.#url = url;
  }

  /** Makes the database as the hub makes its own. */
  static async open(influxdb: string): Promise<RawWriter> {
    for (const q of [
      'CREATE DATABASE raw',
      'CREATE RETENTION POLICY raw ON raw DURATION 30d REPLICATION 1 DEFAULT',
    ]) {
      const answer = await fetch(`${influxdb}/query`, { method: 'POST', body: new URLSearchParams({ q }) });
      const said = await answer.text();
      if (!answer.ok || said.includes('"error"')) throw new Error(said);
    }
    return new RawWriter(new URL('/write?db=raw&rp=raw&precision=s', influxdb));
  }

  /**
   * @param inFlight requests that are under way at the same time
   * @returns points per second
   */
  async write(bodies: readonly Body[], inFlight: number): Promise<number> {
    const points = bodies.reduce((total, body) => total + body.points, 0);
    const left = [...bodies];
    const startMs = performance.now();
    const work = async (): Promise<void> => {
      for (let body = left.shift(); body !== undefined; body = left.shift()) await this.#post(body.bytes);
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    return points / ((performance.now() - startMs) / 1000);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #post(bytes: Buffer): Promise<void> {
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': bytes.length };
    const { statusCode, said } = await new Promise<{ statusCode: number | undefined; said: string }>(
      (done, reject) => {
        const sent = request(this.#url, { method: 'POST', agent: this.#agent, headers }, (response) => {
          text(response).then((said) => done({ statusCode: response.statusCode, said }), reject);
        });
        sent.on('error', reject);
        sent.end(bytes);
      },
    );
    if (statusCode !== 204) throw new Error(`InfluxDB answers ${statusCode}: ${said}`);
  }
}
