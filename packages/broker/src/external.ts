import { setTimeout as wait } from 'node:timers/promises';
import { Backoff } from '@tongtang/runtime/backoff';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { connect, type MqttClient } from 'mqtt';
import type { BrokerLink } from './link.ts';
import { matches } from './topic-filter.ts';

/** How long a broker may take to say goodbye. */
const closingMs = 3000;

type Handler = (topic: string, payload: Buffer) => void;

/**
 * The way to a broker of its own (Mosquitto, NATS, EMQX …): MQTT 3.1.1 with a clean session, kept connected for as long
 * as the link is open. Subscriptions are made again after each reconnect; what was published while the broker was away
 * is not queued but rejected, as its sender knows best what still matters.
 *
 * @param url `mqtt://user:password@host:port`, or `mqtts://…` with TLS
 * @returns at once: {@link BrokerLink.connected} tells when messages flow
 */
export function openExternalBroker(url: string, log: Log, clientId: string): BrokerLink {
  const { username, password, host } = new URL(url);
  const client = connect(url, {
    clientId,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    protocolVersion: 4,
    clean: true,
    keepalive: 30,
    connectTimeout: 15_000,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  });
  return new ExternalBroker(client, host, log);
}

class ExternalBroker implements BrokerLink {
  readonly remembers = false;
  readonly #client: MqttClient;
  readonly #host: string;
  readonly #log: Log;
  readonly #backoff = new Backoff(1000, 30_000);
  readonly #handlers: { filter: string; handler: Handler }[] = [];
  readonly #waiting: (() => void)[] = [];
  #reconnect: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(client: MqttClient, host: string, log: Log) {
    this.#client = client;
    this.#host = host;
    this.#log = log;
    client.on('connect', () => {
      this.#backoff.reset();
      this.#log.info({ broker: host }, 'connected to the broker');
      for (const filter of new Set(this.#handlers.map((entry) => entry.filter))) void this.#ask(filter);
      for (const listener of this.#waiting) listener();
    });
    client.on('message', (topic, payload) => {
      for (const { filter, handler } of this.#handlers) if (matches(filter, topic)) handler(topic, payload);
    });
    client.on('error', (error) => this.#log.warn({ broker: host, error: messageOf(error) }, 'broker link'));
    client.on('close', () => this.#comeBack());
  }

  async subscribe(filter: string, handler: Handler): Promise<void> {
    this.#handlers.push({ filter, handler });
    if (this.#client.connected) await this.#ask(filter);
  }

  async publish(topic: string, payload: string | Buffer, { retain = false } = {}): Promise<void> {
    if (!this.#client.connected) throw new Error(`not connected to the broker ${this.#host}`);
    await this.#client.publishAsync(topic, payload, { qos: 1, retain });
  }

  onConnect(listener: () => void): void {
    this.#waiting.push(listener);
    if (this.#client.connected) listener();
  }

  connected(): boolean {
    return this.#client.connected;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnect);
    const ended = this.#client.endAsync(!this.#client.connected);
    await Promise.race([ended, wait(closingMs, undefined, { ref: false })]);
    // A broker that does not answer: its connection is gone all the same.
    this.#client.stream.destroy();
  }

  /** A refused subscription leaves the hub deaf: it is an error for a person to mend, and asked again at each reconnect. */
  async #ask(filter: string): Promise<void> {
    try {
      const granted = await this.#client.subscribeAsync(filter, { qos: 1 });
      if (granted.some(({ qos }) => qos === 128)) throw new Error('the broker refused it');
    } catch (error) {
      this.#log.error({ broker: this.#host, filter, error: messageOf(error) }, 'cannot subscribe');
    }
  }

  #comeBack(): void {
    if (this.#closed) return;
    clearTimeout(this.#reconnect);
    this.#reconnect = setTimeout(() => this.#client.reconnect(), this.#backoff.next());
  }
}
