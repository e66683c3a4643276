import { decodeBatch } from '@tongtang/wire/batch';
import type { DecodedSample } from '@tongtang/wire/line-protocol';
import type { Range } from '@tongtang/wire/messages';
import { unite } from '@tongtang/wire/ranges';
import { parseTopic } from '@tongtang/wire/topics';
import mqtt, { type MqttClient } from 'mqtt';

export type HeardBatch = Readonly<{
  outbox: string;
  from: number;
  to: number;
  samples: readonly DecodedSample[];
  bytes: number;
}>;

/** A small hub: keeps what arrives, commits it, and can be made deaf, silent or confused. */
export class TestHub {
  readonly batches: HeardBatch[] = [];
  readonly statuses: { state: string; boot: string; outbox: string }[] = [];
  readonly replies: unknown[] = [];
  /** By outbox. */
  readonly stored = new Map<string, Range[]>();
  /** Commits are lost while this is false. */
  commits = true;
  /** What its clock shows. */
  nowMs: () => number = Date.now;
  readonly #client: MqttClient;

  static async connect(port: number, username: string, password: string): Promise<TestHub> {
    const client = mqtt.connect({
      protocol: 'mqtt',
      host: '127.0.0.1',
      port,
      username,
      password,
      clientId: username,
      reconnectPeriod: 100,
    });
    const hub = new TestHub(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => client.subscribe('tongtang/v1/#', { qos: 1 }, () => resolve()));
      client.once('error', reject);
    });
    return hub;
  }

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload) => this.#heard(topic, payload));
  }

  /** Distinct samples by series and time, over all batches. */
  get points(): Map<string, DecodedSample> {
    const points = new Map<string, DecodedSample>();
    for (const { samples } of this.batches)
      for (const sample of samples) points.set(`${sample.key} ${sample.time}`, sample);
    return points;
  }

  say(agentTopic: string, channel: 'commit' | 'config' | 'command', message: unknown, retain = false): void {
    const payload = typeof message === 'string' ? message : JSON.stringify(message);
    this.#client.publish(`${agentTopic}/${channel}`, payload, { qos: 1, retain });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #heard(topic: string, payload: Buffer): void {
    const channel = parseTopic(topic)?.channel;
    const agentTopic = topic.slice(0, topic.lastIndexOf('/'));
    if (channel === 'status' && payload.length > 0) {
      const status = JSON.parse(payload.toString());
      this.statuses.push(status);
      if (status.state === 'online') this.#commit(agentTopic, status.outbox);
    }
    if (channel === 'reply') this.replies.push(JSON.parse(payload.toString()));
    if (channel !== 'telemetry') return;
    const batch = decodeBatch(payload);
    if ('reason' in batch) throw new Error(batch.reason);
    if (batch.rejected.length > 0) throw new Error(JSON.stringify(batch.rejected));
    const { outbox, from, to, samples } = batch;
    this.batches.push({ outbox, from, to, samples, bytes: payload.length });
    if (!this.commits) return;
    this.stored.set(outbox, unite(this.stored.get(outbox) ?? [], [[from, to]]));
    this.#commit(agentTopic, outbox, [[from, to]]);
  }

  #commit(agentTopic: string, outbox: string, ranges = this.stored.get(outbox) ?? []): void {
    this.say(agentTopic, 'commit', { outbox, ranges, time: this.nowMs(), hub: 'hub00000' });
  }
}
