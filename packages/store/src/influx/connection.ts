import http from 'node:http';
import https from 'node:https';
import type { InfluxLocation } from './location.ts';

/** Longer than InfluxDB's own write timeout of 10 s. */
const timeoutMs = 30_000;

/** What is posted, and where to: a path of the version 1 API with its query. */
export type InfluxRequest = Readonly<{
  path: '/query' | '/write';
  query: Readonly<Record<string, string>>;
  body?: Buffer;
}>;

/** Connections to the server that stay open from one request to the next. */
export class InfluxConnection {
  readonly #location: InfluxLocation;
  readonly #agent: http.Agent | https.Agent;

  /** @param maxSockets requests under way at once; others wait for one to end */
  constructor(location: InfluxLocation, maxSockets: number) {
    this.#location = location;
    const kept = { keepAlive: true, maxSockets };
    this.#agent = location.protocol === 'https' ? new https.Agent(kept) : new http.Agent(kept);
  }

  /**
   * Posts to the database of the location.
   * @returns the answer as soon as it begins; who does not read it to its end has to destroy it
   * @throws (rejects) where no answer begins in time; one that does not end in time breaks off
   */
  post({ path, query, body = Buffer.alloc(0) }: InfluxRequest): Promise<http.IncomingMessage> {
    const { protocol, host, port, prefix, database, authorization } = this.#location;
    const { request } = protocol === 'https' ? https : http;
    return new Promise((resolve, reject) => {
      const sent = request({
        host: host.replace(/^\[|\]$/g, ''),
        port,
        path: `${prefix}${path}?${new URLSearchParams({ db: database, ...query })}`,
        method: 'POST',
        agent: this.#agent,
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'content-length': body.length,
          ...(authorization !== undefined && { authorization }),
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
      sent.on('error', reject);
      sent.on('response', resolve);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
