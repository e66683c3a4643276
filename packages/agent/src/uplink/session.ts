import { Backoff } from '@tongtang/runtime/backoff';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { type Address, type Channel, parseTopic, topicOf } from '@tongtang/wire/topics';
import mqtt, { type IClientOptions, type ISubscriptionMap, type MqttClient } from 'mqtt';
import type { Timers } from '../timers.ts';
import { type Exchange, exchangeBytes } from './byte-cost.ts';
import { limitPackets } from './packet-limit.ts';

export type QoS = 0 | 1;
export type Delivery = Readonly<{ qos: QoS; retain: boolean }>;

export type BrokerAddress = Readonly<{ protocol: 'mqtt' | 'mqtts'; host: string; port: number }>;

export type SessionOptions = Readonly<{
  broker: BrokerAddress;
  address: Address;
  password: string;
  /** What the broker publishes on the status topic when this session breaks. */
  will: () => string;
  log: Log;
  timers: Timers;
  /** Connected, and the hub's words reach us. */
  onOpen: () => void;
  onMessage: (channel: Channel, payload: Buffer) => void;
  onClose: () => void;
  /** Bytes on the wire that were not published by us. */
  onBytes: (bytes: number) => void;
  /** How long to wait before the next connection at least, in milliseconds. */
  holdBackMs: () => number;
}>;

/** Over a GEO path TCP, TLS 1.3 and CONNACK take about two seconds when all goes well. */
const connectTimeoutMs = 30_000;
/** Publishing postpones pings; longer than the interval outside lessons, shorter than carrier NAT forgets. */
const keepaliveS = 90;
/** A publish that the broker does not acknowledge in this time was sent into a dead connection. */
const acknowledgeMs = 30_000;
/** A district that lost its broker comes back spread over this time at least. */
const backoffMs = { first: 1000, longest: 60_000 } as const;
/** Only a session that lasts ends the growing of the waits: two machines with one identity end each other's at once. */
const steadyMs = 60_000;
/** A broker that says no will say it again until a person acts. */
const refusedBackoffMs = { first: 15_000, longest: 300_000 } as const;

/**
 * What the agent subscribes to, and with which QoS. A commit that is lost costs one batch that is sent again, an
 * acknowledgement of each of them a sixth of all bytes.
 */
const heard = [
  ['commit', 0],
  ['config', 1],
  ['command', 1],
] as const satisfies readonly (readonly [Channel, QoS])[];

/** With which QoS the messages of a channel come. */
export function qosOf(channel: Channel): QoS {
  return heard.find(([name]) => name === channel)?.[1] ?? 1;
}

/** CONNACK return codes of MQTT 3.1.1, table 3.1, for people. */
const refusals: Readonly<Record<number, string>> = {
  1: 'the broker does not speak MQTT 3.1.1',
  2: 'the broker does not accept this client id',
  3: 'the broker is not available',
  4: 'user name or password is wrong: enrol again',
  5: 'the broker does not let this agent in: enrol again',
};

/**
 * One MQTT session after another, each with a clean state, until stopped. The window, resending and the meaning of a
 * message are the uplink's; here is only whether bytes can flow.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #lost = new Backoff(backoffMs.first, backoffMs.longest);
  readonly #refused = new Backoff(refusedBackoffMs.first, refusedBackoffMs.longest);
  #client: MqttClient | undefined;
  #cancelRetry: (() => void) | undefined;
  #cancelSteady = (): void => {};
  #open = false;
  #stopped = false;
  #connects = 0;
  #lastTrouble = '';

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Times that a session was opened, the first one included. */
  get connects(): number {
    return this.#connects;
  }

  /** Why the last attempt failed; empty while all is well. */
  get trouble(): string {
    return this.#lastTrouble;
  }

  start(): void {
    this.#connect();
  }

  /** Estimated bytes on the wire of a message and what acknowledges it. */
  costOf(channel: Channel, payloadBytes: number, qos: QoS): number {
    return this.#cost(`qos${qos}`, topicOf(this.#options.address, channel).length + payloadBytes);
  }

  /** The machine was asleep: drops what may be left of a session and connects again without waiting. */
  renew(): void {
    if (this.#stopped) return;
    this.#lost.reset();
    this.#discard();
    this.#connect();
  }

  /** Gives up a session that is of no use, and connects again after a while. */
  #abandon(trouble: string): void {
    this.#discard();
    this.#retry(trouble, this.#lost);
  }

  /** Resolves when the broker acknowledged, with QoS 0 when it is sent; rejects when the session ended before. */
  publish(channel: Channel, payload: string | Buffer, { qos, retain }: Delivery): Promise<void> {
    const client = this.#client;
    if (client === undefined || !this.#open) return Promise.reject(new Error('not connected'));
    return new Promise((resolve, reject) => {
      // Publishing postpones pings, so a path that is cut one way would never be noticed by them.
      const cancel = this.#options.timers.after(acknowledgeMs, () => {
        if (client === this.#client) this.#abandon('no acknowledgement from the broker');
      });
      client.publish(topicOf(this.#options.address, channel), payload, { qos, retain }, (error) => {
        cancel();
        if (error) reject(error);
        else resolve();
      });
      // The broker hears of us by this as well as by a ping; MQTT.js would wait for something to come back.
      client.reschedulePing(true);
    });
  }

  /** Ends the session in order: the broker forgets the will. Waits for what is being sent, but not for ever. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#cancelSteady();
    const client = this.#client;
    this.#client = undefined;
    this.#open = false;
    if (client === undefined) return;
    if (client.connected) {
      await new Promise<void>((resolve) => {
        const cancel = this.#options.timers.after(2000, resolve);
        client.end(false, () => {
          cancel();
          resolve();
        });
      });
      // Whatever still waits for a word of the broker must not keep the process.
      client.stream.destroy();
    }
    client.end(true);
  }

  #connect(): void {
    this.#cancelRetry = undefined;
    let client: MqttClient;
    try {
      client = mqtt.connect(this.#clientOptions());
    } catch (error) {
      this.#retry(messageOf(error), this.#lost);
      return;
    }
    this.#client = client;
    let refusal: number | undefined;
    let trouble = 'connection closed';
    const current = () => client === this.#client;
    limitPackets(client, () => {
      if (current()) this.#abandon('the broker sends more than an agent takes');
    });
    client.on('connect', () => {
      if (current()) this.#subscribe(client);
    });
    client.on('message', (topic, payload) => {
      const channel = parseTopic(topic)?.channel;
      if (channel === undefined) return;
      this.#options.onBytes(this.costOf(channel, payload.length, qosOf(channel)));
      if (current()) this.#options.onMessage(channel, payload);
    });
    client.on('packetreceive', ({ cmd }) => {
      if (cmd === 'pingresp') this.#options.onBytes(this.#cost('ping', 0));
    });
    client.on('error', (error) => {
      trouble = messageOf(error);
      if ('code' in error && typeof error.code === 'number') refusal = error.code;
    });
    client.on('close', () => {
      if (!current()) return;
      this.#discard();
      if (refusal !== undefined) this.#retry(refusals[refusal] ?? trouble, this.#refused);
      else this.#retry(trouble, this.#lost);
    });
  }

  #clientOptions(): IClientOptions {
    const { broker, address, password, will } = this.#options;
    return {
      ...broker,
      protocolVersion: 4,
      clientId: address.agent,
      username: address.agent,
      password,
      clean: true,
      keepalive: keepaliveS,
      connectTimeout: connectTimeoutMs,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // Else mqtt-packet makes 65,536 buffers at the first packet, 15 MB of them.
      writeCache: false,
      timerVariant: 'native',
      will: {
        topic: topicOf(address, 'status'),
        payload: Buffer.from(will()),
        qos: 1,
        retain: true,
      },
    };
  }

  /** The session is open once the subscriptions stand: an answer to the first word must not be missed. */
  #subscribe(client: MqttClient): void {
    const { address, onOpen, onBytes } = this.#options;
    onBytes(this.#cost('connect', 0));
    const wanted: ISubscriptionMap = Object.fromEntries(
      heard.map(([channel, qos]) => [topicOf(address, channel), { qos }]),
    );
    const cancel = this.#options.timers.after(acknowledgeMs, () => {
      if (client === this.#client) this.#abandon('no answer to the subscriptions');
    });
    client.subscribe(wanted, (error, granted) => {
      cancel();
      if (client !== this.#client) return;
      const refused = granted?.find(({ qos }) => qos === 128);
      if (error || refused) {
        this.#discard();
        this.#retry(error ? messageOf(error) : `may not subscribe ${refused?.topic}`, this.#refused);
        return;
      }
      this.#open = true;
      this.#connects += 1;
      this.#lastTrouble = '';
      this.#cancelSteady();
      this.#cancelSteady = this.#options.timers.after(steadyMs, () => this.#lost.reset());
      this.#refused.reset();
      this.#options.log.info({ broker: this.#options.broker.host }, 'connected');
      onOpen();
    });
  }

  #discard(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#cancelSteady();
    const client = this.#client;
    const wasOpen = this.#open;
    this.#client = undefined;
    this.#open = false;
    client?.end(true);
    if (wasOpen) this.#options.onClose();
  }

  #retry(trouble: string, backoff: Backoff): void {
    if (this.#stopped) return;
    const waitMs = Math.max(backoff.next(), this.#options.holdBackMs());
    // Once per kind of trouble: an outage of a week must not fill the log.
    if (trouble !== this.#lastTrouble) this.#options.log.warn({ trouble }, 'not connected');
    this.#lastTrouble = trouble;
    this.#cancelRetry = this.#options.timers.after(waitMs, () => this.#connect());
  }

  #cost(exchange: Exchange, contentBytes: number): number {
    return exchangeBytes(exchange, contentBytes, this.#options.broker.protocol === 'mqtts');
  }
}
