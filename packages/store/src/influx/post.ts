import { InfluxConnection } from './connection.ts';
import type { InfluxLocation } from './location.ts';

/** What the server said, and when by its own clock, as the head of its answer has it. */
export type Answer = Readonly<{ status: number; body: string; date: string | undefined }>;

const answerBytes = 64 * 1024;

/**
 * Sends line protocol as it is. The client's `writePoints` would take points apart and write them anew: measured with
 * five lines of six fields on two cores, that costs the hub 6.7 µs a line, where putting the place into the line and
 * sending it costs 2.5.
 */
export class LinePost {
  readonly #connection: InfluxConnection;

  constructor(location: InfluxLocation) {
    this.#connection = new InfluxConnection(location, 4);
  }

  /**
   * Posts lines with times in seconds into a retention policy.
   * @throws where there is no complete answer in time
   */
  async send(policy: string, body: Buffer): Promise<Answer> {
    const query = { rp: policy, precision: 's' };
    const response = await this.#connection.post({ path: '/write', query, body });
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) if (text.length < answerBytes) text += chunk;
    return { status: response.statusCode ?? 0, body: text, date: response.headers.date };
  }

  close(): void {
    this.#connection.close();
  }
}
