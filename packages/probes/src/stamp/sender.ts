import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { steadyUnixMs } from './clock.ts';
import type { ReceivedReply, SentPacket } from './metrics.ts';
import { baseLength, decodeReply, encodeRequest, type Reply } from './packet.ts';
import { msFromPtp, ntpFromUnixMs, unixMsFromNtp, unknownErrorEstimate, usesPtp } from './timestamp.ts';
import { decodeDirectMeasurement, encodeDirectMeasurement } from './tlv.ts';

/**
 * A Session-Sender (RFC 8762 section 4.2.1, unauthenticated mode). One run is one session of its own: own port, own
 * SSID, sequence numbers from 0.
 */
export const session = {
  packets: 10,
  /**
   * So many leave together: each moment of sending wakes the machine, and so does each answer that comes by itself. Two
   * that leave together tell of loss as well as two apart, save that one fade may take both.
   */
  together: 2,
  /** Between those moments, random: even ones would fall in step with whatever else is periodic on the path. */
  gapMs: { min: 40, max: 100 },
  /** From the last packet to the end: a geostationary hop with an adaptive return link takes that long. */
  lateMs: 3000,
  /**
   * Where something is missing, packets are added when all else has arrived, until one is answered: its Direct
   * Measurement tells the direction of every loss before it.
   */
  closing: { packets: 3, waitMs: 1500 },
} as const;

export type SessionRecord = Readonly<{
  sent: readonly SentPacket[];
  /** In order of arrival. */
  replies: readonly ReceivedReply[];
  /** What the system said of the socket last, if anything: refused, unreachable … */
  error?: Error;
}>;

/**
 * Sends one session to an IP address and collects the replies. Ends early when the signal aborts, or when the far end
 * refuses and nothing was answered. Never rejects.
 */
export async function runSession(
  address: string,
  port: number,
  signal: AbortSignal,
  unixMs: () => number = steadyUnixMs,
): Promise<SessionRecord> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const sending = new Sending(socket, unixMs, signal);
  try {
    await sending.connect(address, port);
    await sending.run();
  } finally {
    sending.end();
  }
  return sending.record();
}

class Sending {
  readonly #socket: Socket;
  readonly #unixMs: () => number;
  readonly #signal: AbortSignal;
  readonly #ssid = randomInt(1, 65_536);
  /** Packets that left the machine, by sequence number. */
  readonly #sent: { timestamp: bigint; sentMs: number }[] = [];
  readonly #replies: ReceivedReply[] = [];
  readonly #answered = new Set<number>();
  #error: Error | undefined;
  #wake = () => {};
  readonly #aborted = () => this.#wake();

  constructor(socket: Socket, unixMs: () => number, signal: AbortSignal) {
    this.#socket = socket;
    this.#unixMs = unixMs;
    this.#signal = signal;
    socket.on('message', (packet) => this.#receive(packet));
    socket.on('error', (error) => this.#fail(error));
    signal.addEventListener('abort', this.#aborted);
  }

  async connect(address: string, port: number): Promise<void> {
    const connected = Promise.withResolvers<void>();
    this.#socket.once('connect', connected.resolve);
    this.#socket.once('error', () => connected.resolve());
    this.#socket.connect(port, address);
    await connected.promise;
  }

  async run(): Promise<void> {
    for (let packet = 1; packet <= session.packets && !this.#isOver(); packet += 1) {
      await this.#send(packet === session.packets);
      if (packet < session.packets && packet % session.together === 0)
        await this.#wait(randomInt(session.gapMs.min, session.gapMs.max + 1));
    }
    await this.#wait(session.lateMs, () => this.#answered.size === this.#sent.length);
    for (let extra = 0; extra < session.closing.packets && this.#lacksReplies(); extra += 1) {
      const closing = await this.#send(true);
      await this.#wait(session.closing.waitMs, () => this.#answered.has(closing));
      if (this.#answered.has(closing)) return;
    }
  }

  end(): void {
    this.#signal.removeEventListener('abort', this.#aborted);
    this.#socket.close();
  }

  record(): SessionRecord {
    const sent = this.#sent.map(({ sentMs }, sequence) => ({ sequence, sentMs }));
    return { sent, replies: this.#replies, ...(this.#error && { error: this.#error }) };
  }

  /**
   * Sends one packet, and waits until it is known whether it left: only then its number is taken, so that the reflector
   * sees no gap where this machine itself refused.
   * @param measured asks for the counts of the session
   * @returns the packet's sequence number
   */
  async #send(measured: boolean): Promise<number> {
    const sequence = this.#sent.length;
    const tlvs = measured ? encodeDirectMeasurement(sequence + 1) : undefined;
    const sentMs = this.#unixMs();
    const timestamp = ntpFromUnixMs(sentMs);
    const head = { sequence, errorEstimate: unknownErrorEstimate, ssid: this.#ssid };
    this.#sent.push({ timestamp, sentMs });
    const error = await new Promise<Error | null>((told) =>
      this.#socket.send(encodeRequest({ ...head, timestamp }, tlvs), told),
    );
    if (error !== null) {
      this.#sent.pop();
      this.#fail(error);
    }
    return sequence;
  }

  #receive(packet: Buffer): void {
    // Before anything else: every step in between would count as delay of the path.
    const receivedMs = this.#unixMs();
    const reply = decodeReply(packet);
    if (reply === undefined) return;
    const sent = this.#sent[reply.senderSequence];
    // Who did not see the request cannot know its timestamp.
    if (sent === undefined || sent.timestamp !== reply.senderTimestamp) return;
    const counts =
      packet.length > baseLength ? decodeDirectMeasurement(packet.subarray(baseLength)) : undefined;
    this.#replies.push({
      sequence: reply.sequence,
      senderSequence: reply.senderSequence,
      receivedMs,
      ...reflectorTimes(reply, sent.sentMs, receivedMs),
      ...(counts !== undefined && { reached: counts.received }),
    });
    this.#answered.add(reply.senderSequence);
    this.#wake();
  }

  #fail(error: Error): void {
    this.#error = error;
    this.#wake();
  }

  #isOver(): boolean {
    return this.#signal.aborted || (this.#error !== undefined && this.#replies.length === 0);
  }

  #lacksReplies(): boolean {
    return !this.#isOver() && this.#answered.size > 0 && this.#answered.size < this.#sent.length;
  }

  /** Liveness: ends after `ms` at the latest; earlier when the session is over or `done`. */
  async #wait(ms: number, done: () => boolean = () => false): Promise<void> {
    if (this.#isOver() || done()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (!this.#isOver() && !done()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}

/** How long the reflector held the packet and, where its time is UTC, how its clock differs (section 8 of RFC 5905). */
function reflectorTimes(
  reply: Reply,
  sentMs: number,
  receivedMs: number,
): Pick<ReceivedReply, 'heldMs' | 'offsetMs'> {
  if (usesPtp(reply.errorEstimate))
    return { heldMs: msFromPtp(reply.timestamp) - msFromPtp(reply.receiveTimestamp) };
  const arrivedMs = unixMsFromNtp(reply.receiveTimestamp, receivedMs);
  const leftMs = unixMsFromNtp(reply.timestamp, receivedMs);
  return { heldMs: leftMs - arrivedMs, offsetMs: (arrivedMs - sentMs + (leftMs - receivedMs)) / 2 };
}
