import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { TokenBucket } from '@tongtang/runtime/token-bucket';
import { followingClock } from './clock.ts';
import type { SharedCounters } from './counters.ts';
import { baseLength, decodeRequest, encodeReply, type Request } from './packet.ts';
import { Recent } from './recent.ts';
import { ntpFromUnixMs, unknownErrorEstimate } from './timestamp.ts';
import { reflectTlvs } from './tlv.ts';

/**
 * A stateful Session-Reflector (RFC 8762 section 4.3.1, unauthenticated mode). A session is the pair of addresses and
 * ports and the SSID (RFC 8972 section 3). Replies are never longer than the request or a base packet.
 */

const defaults = {
  /** A school behind one address: 40 PCs with 10 packets each that begin in the same second, twice over. */
  packetsPerSecond: 1000,
  /** Sessions of the classroom agent take less than 10 s. */
  idleMs: 30_000,
  /** 5,000 agents that measure each 10 s hold 15,000 sessions; an entry takes about 200 bytes. */
  maxSessions: 50_000,
  maxSources: 20_000,
} as const;

/** Ports of services (RFC 6335), where a forged sender's address would make the reply do harm. */
const lastSystemPort = 1023;

export type ListenOptions = Readonly<{
  /** An IP address to listen on. */
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The most that is answered to one address. */
  packetsPerSecond?: number;
}>;

export type Listening = Readonly<{
  address: Readonly<{ host: string; port: number }>;
  stop: () => Promise<void>;
}>;

/**
 * Listens and answers, in this thread, until stopped.
 * @param unixMs the time that is told, in milliseconds since 1970
 * @throws (rejects) where the address cannot be listened on
 */
export async function listen(
  options: ListenOptions,
  counters: SharedCounters,
  onError: (error: Error) => void,
  unixMs: () => number = followingClock(),
): Promise<Listening> {
  const { host, port, packetsPerSecond = defaults.packetsPerSecond } = options;
  const socket = createSocket(socketOptions(host));
  const listening = once(socket, 'listening');
  socket.bind(port, host);
  await listening;
  const bound = socket.address();
  const answering = new Answering(socket, counters, { packetsPerSecond, ownPort: bound.port, unixMs });
  socket.on('error', onError);
  socket.on('message', (packet, from) => answering.answer(packet, from));
  const stop = async () => {
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  };
  return { address: { host: bound.address, port: bound.port }, stop };
}

function socketOptions(host: string): SocketOptions {
  const family = isIPv6(host) ? 6 : 4;
  return {
    type: family === 6 ? 'udp6' : 'udp4',
    // Bursts of a whole county wait here.
    recvBufferSize: 1 << 20,
    // Senders' addresses need no look-up, and without one a reply leaves within the call that has taken its T3.
    lookup: (address, _options, found) => found(null, address, family),
  };
}

type AnsweringOptions = Readonly<{ packetsPerSecond: number; ownPort: number; unixMs: () => number }>;

class Answering {
  readonly #socket: Socket;
  readonly #counters: SharedCounters;
  readonly #options: AnsweringOptions;
  readonly #sessions = new Recent(() => ({ received: 0, replied: 0 }), {
    idleMs: defaults.idleMs,
    max: defaults.maxSessions,
  });
  /** A bucket that holds one second of what is answered. */
  readonly #sources: Recent<TokenBucket>;

  constructor(socket: Socket, counters: SharedCounters, options: AnsweringOptions) {
    this.#socket = socket;
    this.#counters = counters;
    this.#options = options;
    const { packetsPerSecond } = options;
    const rate = { perSecond: packetsPerSecond, burst: packetsPerSecond };
    this.#sources = new Recent((nowMs) => new TokenBucket(rate, nowMs), {
      idleMs: defaults.idleMs,
      max: defaults.maxSources,
    });
  }

  answer(packet: Buffer, from: RemoteInfo): void {
    // Before anything else: every step in between would count as delay of the path.
    const receivedMs = this.#options.unixMs();
    const nowMs = performance.now();
    this.#counters.count('received');
    const request = decodeRequest(packet);
    if (request === undefined) this.#counters.count('malformed');
    // A reflector's own port is where another reflector would answer the answer.
    else if (from.port <= lastSystemPort || from.port === this.#options.ownPort)
      this.#counters.count('refused');
    else if (!this.#sources.use(from.address, nowMs).take(1, nowMs)) this.#counters.count('limited');
    else this.#reply(request, packet, from, receivedMs, nowMs);
  }

  #reply(request: Request, packet: Buffer, from: RemoteInfo, receivedMs: number, nowMs: number): void {
    const session = this.#sessions.use(`${from.address} ${from.port} ${request.ssid}`, nowMs);
    this.#counters.setSessions(this.#sessions.size);
    const sequence = session.replied >>> 0;
    session.received += 1;
    session.replied += 1;
    const tlvs = reflectTlvs(packet.subarray(baseLength), session);
    const reply = encodeReply(
      {
        sequence,
        errorEstimate: unknownErrorEstimate,
        ssid: request.ssid,
        receiveTimestamp: ntpFromUnixMs(receivedMs),
        senderSequence: request.sequence,
        senderTimestamp: request.timestamp,
        senderErrorEstimate: request.errorEstimate,
        senderTtl: 0,
        timestamp: ntpFromUnixMs(this.#options.unixMs()),
      },
      tlvs,
    );
    this.#socket.send(reply, from.port, from.address, (error) =>
      this.#counters.count(error ? 'unsent' : 'replied'),
    );
  }
}
