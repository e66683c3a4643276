import { createServer, type Server, type Socket } from 'node:net';
import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import mqttPacket from 'mqtt-packet';
import {
  type AgentDirectory,
  isOwnStatus,
  type KnownAgent,
  maySubscribe,
  type Observer,
  publishRefusal,
} from './access.ts';
import { type BrokerLimits, defaultLimits } from './broker-limits.ts';
import { ConnectionCaps } from './connection-caps.ts';
import { FrameMeter } from './frame-meter.ts';
import type { BrokerLink } from './link.ts';
import { PasswordVerifier } from './password.ts';
import { Refusal, RefusalCounter, type RefusalReason } from './refusals.ts';
import { openPersistence } from './retained.ts';

// Its cache of all two-byte numbers, made with the first packet that is written, takes 15 MB and 60 ms, when a whole county may be waiting.
mqttPacket.writeToStream.cacheNumbers = false;

export type EmbeddedBrokerOptions = Readonly<{
  agents: AgentDirectory;
  observer?: Observer;
  log: Log;
  limits?: Partial<BrokerLimits>;
  monotonicMs?: () => number;
}>;

export type BrokerCounters = Readonly<{
  connected: number;
  /** Connections ended because the same agent connected again. Many of one agent: a cloned disk. */
  takeovers: number;
  refusals: Readonly<Record<RefusalReason, number>>;
}>;

/**
 * The broker inside the hub (aedes, MQTT 3.1.1). An agent signs in as itself (user name = client id = agent id) with a
 * clean session, publishes only its own upward channels and subscribes only its own downward ones. Whoever breaks a
 * rule or a limit is disconnected and counted; a refused subscription is answered with failure (128) instead.
 *
 * Nothing is retained or queued over a restart: presence is rebuilt from the agents' births.
 */
export class EmbeddedBroker {
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #agents: AgentDirectory;
  readonly #observer: Observer | undefined;
  readonly #limits: BrokerLimits;
  readonly #log: Log;
  readonly #monotonicMs: () => number;
  readonly #refusals: RefusalCounter;
  readonly #passwords = new PasswordVerifier();
  readonly #caps: ConnectionCaps;
  /** Connections that have not signed in. */
  readonly #strangers = new Map<Client['conn'], { address: string }>();
  /** Signed-in clients by agent id, with the hash that they signed in with. */
  readonly #connected = new Map<string, { client: Client; passwordHash: string }>();
  readonly #stopListening: () => void;
  #takeovers = 0;
  #closing = false;

  /** Makes a broker that works in process and does not listen yet. */
  static async open(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
    const broker = new EmbeddedBroker(options);
    await broker.#aedes.listen();
    return broker;
  }

  private constructor(options: EmbeddedBrokerOptions) {
    const { agents, observer, log, limits, monotonicMs = () => performance.now() } = options;
    this.#agents = agents;
    this.#observer = observer;
    this.#log = log;
    this.#limits = { ...defaultLimits, ...limits };
    this.#monotonicMs = monotonicMs;
    this.#refusals = new RefusalCounter(log, monotonicMs);
    this.#caps = new ConnectionCaps(this.#limits.strangersPerAddress, this.#limits.strangers);
    this.#aedes = new Aedes(this.#rules());
    this.#watchClients();
    this.#server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) =>
      this.#welcome(socket),
    );
    this.#stopListening = agents.onChange((change) => this.#dropRevoked(change.agents));
  }

  /**
   * Lets clients in. Subscribe the link before, so that no message finds nobody.
   * @returns the port, chosen by the system where 0 was asked for
   * @throws where the port is taken
   */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, backlog: 4096 }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.#log.error({ error: messageOf(error) }, 'broker socket'));
        resolve();
      });
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** The hub's own way in, which may publish and subscribe everything. Closing it closes the broker. */
  link(): BrokerLink {
    return {
      subscribe: (filter, handler) =>
        new Promise((resolve) => {
          this.#aedes.subscribe(
            filter,
            ({ topic, payload }, done) => {
              handler(topic, typeof payload === 'string' ? Buffer.from(payload) : payload);
              done();
            },
            resolve,
          );
        }),
      publish: (topic, payload, { retain = false } = {}) =>
        new Promise((resolve, reject) => {
          this.#aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain, dup: false }, (error) =>
            error ? reject(error) : resolve(),
          );
        }),
      remembers: true,
      onConnect: (listener) => listener(),
      connected: () => !this.#aedes.closed,
      close: () => this.close(),
    };
  }

  counters(): BrokerCounters {
    const refusals = this.#refusals.counts();
    return { connected: this.#connected.size, takeovers: this.#takeovers, refusals };
  }

  /** Disconnects everybody. Their wills are not published: the broker's end is not their death. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#stopListening();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#strangers.keys()) connection.destroy();
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
    await closed;
  }

  /** Puts the meter between the socket and aedes, whose parser holds a packet in memory until it is complete. */
  #welcome(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    if (!this.#caps.enter(address)) {
      this.#refusals.count('connections', { address });
      socket.destroy();
      return;
    }
    this.#strangers.set(socket, { address });
    socket.once('close', () => this.#noLongerStranger(socket));
    const meter = new FrameMeter(this.#limits, this.#monotonicMs());
    const read = socket.read.bind(socket);
    socket.read = (size) => {
      const chunk: unknown = read(size);
      if (!Buffer.isBuffer(chunk)) return null;
      const most = this.#strangers.has(socket) ? this.#limits.strangerBytes : this.#limits.packetBytes;
      const refusal = meter.take(chunk, this.#monotonicMs(), most);
      if (refusal === undefined) return chunk;
      socket.destroy(new Refusal(refusal));
      return null;
    };
    this.#aedes.handle(socket);
  }

  #known(id: string): KnownAgent | Observer | undefined {
    return id === this.#observer?.name ? this.#observer : this.#agents.agent(id);
  }

  #noLongerStranger(connection: Client['conn']): void {
    const stranger = this.#strangers.get(connection);
    if (stranger !== undefined) this.#caps.leave(stranger.address);
    this.#strangers.delete(connection);
  }

  #rules(): AedesOptions {
    return {
      persistence: openPersistence(),
      // Without a limit on messages in delivery: with one, a client that stopped reading holds up all others.
      concurrency: 0,
      connectTimeout: this.#limits.connectTimeoutMs,
      keepaliveLimit: this.#limits.keepaliveS,
      drainTimeout: 30_000,
      // Ours have six.
      maxTopicLevels: 8,
      preConnect: (_client, { clean, clientId, will }, done) => {
        const known = this.#known(clientId);
        if (!clean) done(new Refusal('session'), false);
        else if (will && known && !isOwnStatus(known.address, will.topic)) done(new Refusal('will'), false);
        else done(null, true);
      },
      authenticate: (client, username, password, done) => {
        this.#signIn(client, username, password).then(
          (right) => {
            if (right) done(null, true);
            else done(Object.assign(new Refusal('credentials'), { returnCode: 4 }), null);
          },
          (error) => {
            this.#log.error({ error: messageOf(error) }, 'cannot verify a password');
            done(Object.assign(new Error('cannot verify'), { returnCode: 3 }), null);
          },
        );
      },
      authorizePublish: (client, packet, done) => {
        const known = client === null ? undefined : this.#known(client.id);
        if (known === undefined || this.#closing) return done(new Refusal('publish'));
        const refusal = publishRefusal(known.address, packet);
        done(refusal === undefined ? null : new Refusal(refusal));
      },
      authorizeSubscribe: (client, subscription, done) => {
        const known = this.#known(client.id);
        if (known !== undefined && maySubscribe(known.address, subscription.topic))
          return done(null, subscription);
        this.#refusals.count('subscribe', { agent: client.id, filter: subscription.topic.slice(0, 100) });
        done(null, null);
      },
      authorizeForward: (client, packet) => {
        if (client.conn.writableLength <= this.#limits.unreadBytes) return packet;
        client.conn.destroy(new Refusal('slow-reader'));
        return null;
      },
    };
  }

  async #signIn(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
  ): Promise<boolean> {
    const known = username === client.id ? this.#known(username) : undefined;
    if (known === undefined || password === undefined) return false;
    if (!(await this.#passwords.verify(client.id, password, known.passwordHash))) return false;
    this.#noLongerStranger(client.conn);
    if (this.#connected.has(client.id)) this.#takeovers += 1;
    return true;
  }

  #watchClients(): void {
    this.#aedes.on('clientReady', (client) => {
      const known = this.#known(client.id);
      if (known === undefined) client.close();
      else if (!client.closed) this.#connected.set(client.id, { client, passwordHash: known.passwordHash });
    });
    this.#aedes.on('clientDisconnect', (client) => {
      if (this.#connected.get(client.id)?.client === client) this.#connected.delete(client.id);
    });
    const ended = (client: Client, error: Error): void => {
      const reason = reasonOf(error);
      if (reason !== undefined) this.#refusals.count(reason, { agent: client.id, error: error.message });
    };
    this.#aedes.on('clientError', ended);
    this.#aedes.on('connectionError', ended);
    this.#aedes.addListener('error', (error: unknown) =>
      this.#log.error({ error: messageOf(error) }, 'broker error'),
    );
  }

  #dropRevoked(changed: ReadonlySet<string>): void {
    for (const id of changed) {
      const passwordHash = this.#known(id)?.passwordHash;
      if (passwordHash === undefined) this.#passwords.forget(id);
      const signedIn = this.#connected.get(id);
      if (signedIn === undefined || signedIn.passwordHash === passwordHash) continue;
      this.#refusals.count('revoked', { agent: id });
      signedIn.client.close();
    }
  }
}

/** What a connection ended with, as aedes words it; undefined where the network ended it and nobody is to blame. */
function reasonOf(error: Error): RefusalReason | undefined {
  if (error instanceof Refusal) return error.reason;
  if (error.message === 'connect did not arrive in time') return 'connect-timeout';
  if (error.message === 'drain timeout') return 'slow-reader';
  const network = ['keep alive timeout', 'connection closed', 'cannot verify'].includes(error.message);
  return network || codeOf(error) !== undefined ? undefined : 'protocol';
}
