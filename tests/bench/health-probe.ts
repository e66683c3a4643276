import { get } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '../services/eventually.ts';

const everyMs = 200;
/** A probe that has no answer by then is one that took so long. */
const giveUpMs = 20_000;

/**
 * Asks a hub for `/healthz` every 200 ms, each time over a connection of its own and whether or not the last one was
 * answered, and keeps how long the answers took.
 */
export class HealthProbe {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  readonly #under = new Set<Promise<void>>();
  #tookMs: number[] = [];
  #failures = 0;

  /** @param url of the hub */
  constructor(url: string) {
    this.#url = `${url}/healthz`;
    this.#timer = setInterval(() => this.#ask(), everyMs);
  }

  /** Begins when somebody accepts connections at the hub's address. */
  static async fromOpening(url: string): Promise<HealthProbe> {
    const { hostname, port } = new URL(url);
    const knock = () =>
      new Promise<true | undefined>((resolve) => {
        const socket = connect(Number(port), hostname);
        socket.on('connect', () => resolve(true)).on('error', () => resolve(undefined));
        socket.on('connect', () => socket.destroy());
      });
    await eventually(`${url} accepts connections`, knock, 60_000, 10);
    return new HealthProbe(url);
  }

  /** Ends it. @returns the times of all answers; one that did not come counts with the time that was waited for it */
  async end(): Promise<{ tookMs: readonly number[]; failures: number }> {
    clearInterval(this.#timer);
    await Promise.all(this.#under);
    return { tookMs: this.#tookMs, failures: this.#failures };
  }

  #ask(): void {
    const startMs = performance.now();
    const asking = new Promise<boolean>((resolve) => {
      const request = get(this.#url, { agent: false, timeout: giveUpMs }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode === 200));
      });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', () => resolve(false));
    }).then((ok) => {
      this.#tookMs.push(performance.now() - startMs);
      if (!ok) this.#failures += 1;
      this.#under.delete(asking);
    });
    this.#under.add(asking);
  }
}
