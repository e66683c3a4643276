import { isFollowing } from '@tongtang/wire/following/course';
import { CourseReader } from '@tongtang/wire/following/course-reader';
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
  /** Told by what differs from those before it. */
  follows: boolean;
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
  /** How the next batches are lost on the way: so many. */
  loses = 0;
  /** Another one after a restart. */
  id = 'hub00000';
  #reader = new CourseReader();
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
    if (this.loses > 0) {
      this.loses -= 1;
      return;
    }
    const batch = this.#reader.read(payload);
    if ('unfollowed' in batch) {
      this.#commit(agentTopic, [...this.stored.keys()].at(-1) ?? '', undefined, true);
      return;
    }
    if ('reason' in batch) throw new Error(batch.reason);
    if (batch.rejected.length > 0) throw new Error(JSON.stringify(batch.rejected));
    const { outbox, from, to, samples } = batch;
    this.batches.push({ outbox, from, to, samples, bytes: payload.length, follows: isFollowing(payload) });
    if (!this.commits) return;
    this.stored.set(outbox, unite(this.stored.get(outbox) ?? [], [[from, to]]));
    this.#commit(agentTopic, outbox, [[from, to]]);
  }

  /** Forgets what batches followed on, as a hub does that starts again; what it stored, it has. */
  restart(): void {
    this.#reader = new CourseReader();
    this.id = 'hub11111';
  }

  #commit(agentTopic: string, outbox: string, ranges = this.stored.get(outbox) ?? [], whole = false): void {
    const told = { outbox, ranges, time: this.nowMs(), hub: this.id, ...(whole && { whole }) };
    this.say(agentTopic, 'commit', told);
  }
}
