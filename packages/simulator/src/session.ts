import { type Address, type Channel, parseTopic, topicOf } from '@tongtang/wire/topics';
import mqtt, { type MqttClient } from 'mqtt';

export type Broker = Readonly<{ host: string; port: number }>;

/** Who speaks, as enrolment gave it. */
export type Enrolled = Readonly<{ address: Address; password: string }>;

export type SessionParts = Readonly<{
  broker: Broker;
  enrolled: Enrolled;
  /** What the broker publishes on the status topic when this session breaks. */
  will: string;
  /** The subscriptions stand: the hub's words reach us. */
  onOpen: () => void;
  onMessage: (channel: Channel, payload: Buffer) => void;
  /** Ended by the broker or the network, with why. `refused`: the broker said no, and will say it again. */
  onClose: (trouble: string, refused: boolean) => void;
}>;

const keepaliveS = 90;
/** A broker waits one and a half times the keep-alive (MQTT 3.1.1, section 3.1.2.10). */
const severedMs = 1.5 * keepaliveS * 1000;

const heard = ['commit', 'config', 'command'] as const satisfies readonly Channel[];

/** One MQTT connection, from CONNECT to its end. MQTT 3.1.1, clean session (clause T-4). */
export class Session {
  readonly #parts: SessionParts;
  readonly #client: MqttClient;
  #trouble = 'connection closed';
  #refused = false;
  #ended = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { broker, enrolled, will } = parts;
    const { address, password } = enrolled;
    this.#client = mqtt.connect({
      ...broker,
      protocol: 'mqtt',
      protocolVersion: 4,
      clientId: address.agent,
      username: address.agent,
      password,
      clean: true,
      keepalive: keepaliveS,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // Else mqtt-packet makes 65,536 buffers at the first packet.
      writeCache: false,
      timerVariant: 'native',
      will: { topic: topicOf(address, 'status'), payload: Buffer.from(will), qos: 1, retain: true },
    });
    this.#client.on('connect', () => this.#subscribe());
    this.#client.on('message', (topic, payload) => {
      const channel = parseTopic(topic)?.channel;
      if (channel !== undefined && !this.#ended) parts.onMessage(channel, payload);
    });
    this.#client.on('error', (error) => {
      this.#trouble = error.message;
      this.#refused = 'code' in error && typeof error.code === 'number';
    });
    this.#client.on('close', () => this.#close());
  }

  /** QoS 1. What the broker did not acknowledge is for the sender to send again, in a later session. */
  publish(channel: Channel, payload: string | Buffer): void {
    const topic = topicOf(this.#parts.enrolled.address, channel);
    this.#client.publish(topic, payload, { qos: 1, retain: channel === 'status' }, () => {});
  }

  /**
   * As if the line were cut: from now on nothing goes out or comes in. The broker learns of it as it would of a cut line, when
   * so much time has passed without a ping.
   */
  sever(): void {
    this.#ended = true;
    setTimeout(() => this.#client.end(true), severedMs).unref();
  }

  /** As if the process died: the system closes the connection, and the broker publishes the will. */
  break(): void {
    this.#ended = true;
    this.#client.end(true);
  }

  /** Ends it in order: the broker forgets the will. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#client.endAsync(!this.#client.connected);
  }

  #subscribe(): void {
    const { enrolled, onOpen } = this.#parts;
    const topics = heard.map((channel) => topicOf(enrolled.address, channel));
    this.#client.subscribe(topics, { qos: 1 }, (error, granted) => {
      if (this.#ended) return;
      const refused = granted?.find(({ qos }) => qos === 128);
      if (!error && refused === undefined) return onOpen();
      this.#trouble = error?.message ?? `may not subscribe ${refused?.topic ?? ''}`;
      this.#client.end(true);
    });
  }

  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#client.end(true);
    this.#parts.onClose(this.#trouble, this.#refused);
  }
}
