import { validate } from '@tongtang/runtime/validation';
import { encodeBatch } from '@tongtang/wire/batch';
import { type Channel, topicOf } from '@tongtang/wire/topics';
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { Type } from 'typebox';
import { codeFrom } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import type { TestHub } from '../services/tongtang.ts';

const Enrolled = Type.Object({
  agent: Type.String(),
  county: Type.String(),
  school: Type.String(),
  password: Type.String(),
  mqtt: Type.Object({ port: Type.Integer() }),
});

/** A message of the hub, its JSON read. */
export type Heard = Readonly<{ channel: string; payload: string; retain: boolean; document: unknown }>;

/** An agent that says exactly what a test wants, by plain MQTT 3.1.1: nothing of ours but the codec. */
export class HandMadeAgent {
  readonly id: string;
  readonly topic: (channel: Channel) => string;
  readonly mqttPort: number;
  readonly heard: Omit<Heard, 'document'>[] = [];
  readonly #options: IClientOptions;
  #client: MqttClient | undefined;

  /** Enrols by code, as every agent does; where none is given, in the classroom that a new hub has. */
  static async enrol(hub: TestHub, code?: string): Promise<HandMadeAgent> {
    const request = { code: code ?? (await codeFrom(hub)) };
    const answer = validate(Enrolled, await hub.post('/api/v1/enrol', request));
    if (!answer.ok) throw new Error(answer.problems.join('; '));
    return new HandMadeAgent(answer.value);
  }

  private constructor({ agent, county, school, password, mqtt }: Type.Static<typeof Enrolled>) {
    this.id = agent;
    this.mqttPort = mqtt.port;
    this.topic = (channel) => topicOf({ county, school, agent }, channel);
    this.#options = {
      host: '127.0.0.1',
      port: mqtt.port,
      protocolVersion: 4,
      clean: true,
      clientId: agent,
      username: agent,
      password,
      reconnectPeriod: 0,
    };
  }

  get client(): MqttClient {
    if (this.#client === undefined) throw new Error('not connected');
    return this.#client;
  }

  /** Connects and subscribes its downward channels. */
  async connect(options: IClientOptions = {}): Promise<MqttClient> {
    const client = await connectAsync({ ...this.#options, ...options });
    this.#client = client;
    client.on('error', () => client.end(true));
    client.on('message', (topic, payload, { retain }) => {
      const channel = topic.slice(topic.lastIndexOf('/') + 1);
      this.heard.push({ channel, payload: payload.toString(), retain });
    });
    await client.subscribeAsync([this.topic('commit'), this.topic('config'), this.topic('command')], {
      qos: 1,
    });
    return client;
  }

  async say(channel: Channel, payload: string | Buffer, retain = channel === 'status'): Promise<void> {
    await this.client.publishAsync(this.topic(channel), payload, { qos: 1, retain });
  }

  sayStatus(status: Readonly<Record<string, unknown>>): Promise<void> {
    return this.say('status', JSON.stringify({ ...status0, ...status }));
  }

  sendLines(lines: readonly string[], outbox: string, from: number, oldest = 1): Promise<void> {
    const header = { outbox, from, to: from + lines.length - 1, oldest };
    return this.say('telemetry', encodeBatch(header, lines, true));
  }

  /** Whether the broker ends a connection of this kind before it stands. */
  isRefused(options: IClientOptions): Promise<boolean> {
    const client = connect({ ...this.#options, ...options });
    return new Promise<boolean>((settle) => {
      client.on('connect', () => settle(false));
      client.on('error', () => settle(true));
      client.on('close', () => settle(true));
    }).finally(() => client.end(true));
  }

  /** Resolves when the broker has ended the connection. */
  closed(): Promise<void> {
    return new Promise((resolve) => this.client.once('close', () => resolve()));
  }

  /** The first message on a channel that was not asked for yet, as soon as there is one. */
  async next(channel: Channel, deadlineMs = 20_000): Promise<Heard> {
    const look = (): Heard | undefined => {
      const at = this.heard.findIndex((message) => message.channel === channel);
      const [message] = at < 0 ? [] : this.heard.splice(at, 1);
      return message && { ...message, document: JSON.parse(message.payload) };
    };
    return eventually(`${channel} for ${this.id}`, look, deadlineMs);
  }

  end(): void {
    this.#client?.end(true);
  }
}

const status0 = { state: 'online', boot: 'b00tb00t', version: 'test', startedAt: 0, outbox: '0utb0x00' };
