import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { EmbeddedBroker } from '@tongtang/broker/embedded';
import type { BrokerLink } from '@tongtang/broker/link';
import { hashPassword } from '@tongtang/broker/password';
import { createLog } from '@tongtang/runtime/log';
import { type Batch, decodeBatch } from '@tongtang/wire/batch';
import { type Channel, filterOf, parseTopic, topicOf } from '@tongtang/wire/topics';
import { eventually } from '../services/eventually.ts';

export const agentAddress = { county: 'qilian', school: 'xx1', agent: 'a1' };
export const agentPassword = 'right';

type Heard = Readonly<{ channel: Channel; payload: Buffer; document: unknown }>;

/** A hub that says exactly what a test wants, behind a cable that a test can cut and listen to. */
export class HandMadeHub {
  readonly port: number;
  readonly heard: Heard[] = [];
  readonly batches: Batch[] = [];
  readonly telemetry: Buffer[] = [];
  /** The first bytes of each connection, and when it was tried. */
  readonly connects: Buffer[] = [];
  readonly triedMs: number[] = [];
  /** Whether `online` is answered; it tells the agent the time. */
  answers = true;
  readonly #broker: EmbeddedBroker;
  readonly #link: BrokerLink;
  readonly #cable: Server;
  readonly #ends = new Set<Socket>();
  #cut = false;

  static async open(): Promise<HandMadeHub> {
    const passwordHash = hashPassword(agentPassword);
    const agents = {
      agent: (id: string) => (id === 'a1' ? { address: agentAddress, passwordHash } : undefined),
      onChange: () => () => {},
    };
    const broker = await EmbeddedBroker.open({ agents, log: createLog('error') });
    const brokerPort = await broker.listen('127.0.0.1', 0);
    const cable = createServer();
    cable.listen(0, '127.0.0.1');
    await once(cable, 'listening');
    const address = cable.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const hub = new HandMadeHub(broker, cable, address.port, brokerPort);
    for (const channel of ['status', 'telemetry', 'reply'] as const)
      await hub.#link.subscribe(filterOf('+', channel), (topic, payload) => hub.#hear(topic, payload));
    return hub;
  }

  private constructor(broker: EmbeddedBroker, cable: Server, port: number, brokerPort: number) {
    this.port = port;
    this.#broker = broker;
    this.#link = broker.link();
    this.#cable = cable;
    cable.on('connection', (near) => this.#join(near, brokerPort));
  }

  say(channel: 'commit' | 'config' | 'command', message: unknown, retain = false): Promise<void> {
    const payload = typeof message === 'string' ? message : JSON.stringify(message);
    return this.#link.publish(topicOf(agentAddress, channel), payload, { retain });
  }

  commit(
    outbox: string,
    ranges: readonly (readonly [number, number])[],
    change: Readonly<{ time?: number; hub?: string }> = {},
  ): Promise<void> {
    return this.say('commit', { outbox, ranges, time: Date.now(), hub: 'hub00000', ...change });
  }

  /** The first message on a channel that was not asked for yet. */
  next(channel: Channel): Promise<Heard> {
    return eventually(`${channel} of the agent`, () => {
      const at = this.heard.findIndex((message) => message.channel === channel);
      return at < 0 ? undefined : this.heard.splice(at, 1)[0];
    });
  }

  /** The batch with these numbers or more, from the given one of all that came. */
  batch(from: number, to: number, since = 0): Promise<Batch> {
    return eventually(`batch ${from}-${to}`, () =>
      this.batches.slice(since).find((batch) => batch.from <= from && batch.to >= to),
    );
  }

  cut(): void {
    this.#cut = true;
    for (const end of this.#ends) end.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#cable.close();
    await this.#broker.close();
  }

  #hear(topic: string, payload: Buffer): void {
    const channel = parseTopic(topic)?.channel;
    if (channel === undefined || payload.length === 0) return;
    if (channel === 'telemetry') {
      const batch = decodeBatch(payload);
      if ('reason' in batch) throw new Error(batch.reason);
      this.telemetry.push(payload);
      this.batches.push(batch);
      this.heard.push({ channel, payload, document: undefined });
      return;
    }
    const document: unknown = JSON.parse(payload.toString());
    this.heard.push({ channel, payload, document });
    if (!this.answers || typeof document !== 'object' || document === null) return;
    if ('outbox' in document && 'state' in document && document.state === 'online')
      void this.commit(String(document.outbox), []);
  }

  #join(near: Socket, brokerPort: number): void {
    this.triedMs.push(performance.now());
    if (this.#cut) {
      near.destroy();
      return;
    }
    near.once('data', (bytes) => this.connects.push(bytes));
    const far = connect(brokerPort, '127.0.0.1');
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#ends.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        this.#ends.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  }
}

/** CONNECT of MQTT 3.1.1, section 3.1, as far as the specification speaks of it. */
export function readConnect(packet: Buffer) {
  // Fixed header: type, then a remaining length of one or two bytes.
  const start = (packet[1] ?? 0) < 0x80 ? 2 : 3;
  const flags = packet[start + 7] ?? 0;
  const texts: string[] = [];
  for (let at = start + 10; at + 2 <= packet.length; ) {
    const length = packet.readUInt16BE(at);
    texts.push(packet.toString('utf8', at + 2, at + 2 + length));
    at += 2 + length;
  }
  const [clientId, willTopic, will] = texts;
  return {
    level: packet[start + 6],
    clean: (flags & 0x02) !== 0,
    willQos: (flags >> 3) & 3,
    willRetain: (flags & 0x20) !== 0,
    keepaliveS: packet.readUInt16BE(start + 8),
    clientId,
    willTopic,
    will,
  };
}
