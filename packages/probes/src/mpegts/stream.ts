import { Analyser, type AnalyserReport } from './analyser.ts';
import { Framer } from './framer.ts';
import { packetBytes, packetBytesWithParity } from './packet.ts';
import { RecentDatagrams } from './recent-datagrams.ts';
import {
  holdsPackets,
  mayCarryTransportStream,
  type RtpHeader,
  readRtp,
  typeOfTransportStream,
} from './rtp.ts';
import { RtpOrder } from './rtp-order.ts';
import { type Seconds, StreamSeconds } from './stream-score.ts';

/** Without a packet for so long, the stream is away: that is told as such, and not as errors of its packets. */
export const awayMs = 1000;
/** When the sender is silent for so long, one with another SSRC takes its place. */
const handOverMs = 200;

/** What came of one stream since the last look. */
export type StreamReport = Readonly<{
  /** Milliseconds since the look before. */
  intervalMs: number;
  /** Of these, without the stream. */
  absentMs: number;
  packets: AnalyserReport;
  seconds: Seconds;
  syncLosses: number;
  syncByteErrors: number;
  datagrams: number;
  /** Datagrams that were none of this stream: forward error correction, other payload types, a second sender. */
  ignored: number;
  /** Datagrams that hold no whole packets. */
  malformed: number;
  /** Second copies of datagrams. */
  duplicates: number;
  /** Absent where the stream came without RTP. */
  rtp?: Readonly<{ received: number; lost: number; reordered: number }>;
}>;

/**
 * Measures one stream from its datagrams, with RTP or without; which, each datagram tells. It knows nothing of sockets.
 */
export class StreamMeter {
  readonly #analyser = new Analyser('arrival');
  readonly #framer = new Framer((bytes, at, nowMs) => this.#packet(bytes, at, nowMs));
  readonly #order = new RtpOrder(
    (bytes, from, to, nowMs) => {
      const payload = bytes.subarray(from, to);
      this.#payload(payload, packetSizeOf(payload), nowMs);
    },
    () => this.#analyser.lose(),
  );
  readonly #recent = new RecentDatagrams();
  readonly #seconds: StreamSeconds;
  readonly #rtp: RtpHeader = { type: 0, sequence: 0, ssrc: 0, from: 0, to: 0 };
  #encapsulation: 'rtp' | 'plain' | undefined;
  /** Of the RTP sender that is listened to. */
  #type: number | undefined;
  #ssrc: number | undefined;
  #heardMs = Number.NEGATIVE_INFINITY;
  /** When the last datagram of the stream came, and from when on its absence is not told yet. */
  #lastMs: number;
  #absentFromMs: number;
  #readMs: number;
  #absentMs = 0;
  #datagrams = 0;
  #ignored = 0;
  #malformed = 0;
  #duplicates = 0;
  /** Lost packets and losses of sync that were read out already. */
  #disturbancesRead = 0;

  /** @param nowMs from when on the stream is expected; monotonic, as all times here */
  constructor(nowMs: number) {
    this.#lastMs = nowMs;
    this.#absentFromMs = nowMs;
    this.#readMs = nowMs;
    this.#seconds = new StreamSeconds(nowMs);
  }

  /** Takes a datagram, which stays as it is afterwards. */
  datagram(bytes: Buffer, nowMs: number): void {
    this.#judgeSeconds(nowMs);
    this.#datagrams += 1;
    const size = packetSizeOf(bytes);
    // In the middle of a stream without RTP chance may look like its header, but not like a whole payload.
    const isRtp =
      size === undefined &&
      (this.#encapsulation === 'plain' ? this.#holdsStream(bytes) : readRtp(bytes, this.#rtp));
    if (isRtp) this.#takeRtp(bytes, nowMs);
    else if (size === undefined && this.#encapsulation === 'rtp') this.#malformed += 1;
    else {
      if (size !== undefined) this.#encapsulation = 'plain';
      this.#plain(bytes, size, nowMs);
    }
  }

  /** What came since the last call. */
  read(nowMs: number): StreamReport {
    this.#order.tick(nowMs);
    if (nowMs - this.#lastMs > awayMs) this.#countAbsence(nowMs);
    this.#judgeSeconds(nowMs);
    this.#disturbancesRead += this.#unreadDisturbances();
    const { received, lost, reordered } = this.#order;
    const report = {
      intervalMs: nowMs - this.#readMs,
      absentMs: this.#absentMs,
      packets: this.#analyser.read(),
      seconds: this.#seconds.read(),
      syncLosses: this.#framer.syncLosses,
      syncByteErrors: this.#framer.syncByteErrors,
      datagrams: this.#datagrams,
      ignored: this.#ignored,
      malformed: this.#malformed,
      duplicates: this.#duplicates + this.#order.duplicates,
      ...(this.#encapsulation === 'rtp' && { rtp: { received, lost, reordered } }),
    };
    this.#framer.syncLosses = 0;
    this.#framer.syncByteErrors = 0;
    this.#order.received = 0;
    this.#order.lost = 0;
    this.#order.reordered = 0;
    this.#order.duplicates = 0;
    this.#absentMs = 0;
    this.#datagrams = 0;
    this.#ignored = 0;
    this.#malformed = 0;
    this.#duplicates = 0;
    this.#readMs = nowMs;
    return report;
  }

  #holdsStream(bytes: Buffer): boolean {
    if (!readRtp(bytes, this.#rtp) || !mayCarryTransportStream(this.#rtp.type)) return false;
    const { from, to } = this.#rtp;
    return holdsPackets(bytes, from, to, packetBytes) || holdsPackets(bytes, from, to, packetBytesWithParity);
  }

  /** @param bytes whose header is in `#rtp` */
  #takeRtp(bytes: Buffer, nowMs: number): void {
    if (!this.#isOurs(bytes, nowMs)) {
      this.#ignored += 1;
      return;
    }
    const { sequence, from, to } = this.#rtp;
    this.#encapsulation = 'rtp';
    // After a pause the numbers tell nothing: the sender may have begun anew.
    if (nowMs - this.#heardMs > awayMs) this.#order.begin();
    this.#heardMs = nowMs;
    this.#order.packet(sequence, bytes, from, to, nowMs);
  }

  /** Whether the packet is of the sender that is listened to; another one's takes its place when it has gone. */
  #isOurs(bytes: Buffer, nowMs: number): boolean {
    const { type, ssrc } = this.#rtp;
    if (ssrc === this.#ssrc && type === this.#type) return true;
    const instead = type === typeOfTransportStream && this.#type !== typeOfTransportStream;
    if (!instead && nowMs - this.#heardMs < handOverMs) return false;
    if (!this.#holdsStream(bytes)) return false;
    this.#order.begin();
    this.#type = type;
    this.#ssrc = ssrc;
    return true;
  }

  #plain(bytes: Buffer, size: number | undefined, nowMs: number): void {
    if (size !== undefined && this.#isSecondCopy(bytes, size)) {
      this.#duplicates += 1;
      return;
    }
    this.#recent.add(bytes);
    this.#payload(bytes, size, nowMs);
    // However it is cut, it is a stream.
    if (this.#analyser.nowMs !== undefined) this.#encapsulation ??= 'plain';
  }

  #payload(bytes: Buffer, size: number | undefined, nowMs: number): void {
    if (size === undefined || this.#framer.align(size)) this.#malformed += 1;
    this.#framer.push(bytes, nowMs);
  }

  /** Only packets show that the stream is there. */
  #packet(bytes: Buffer, at: number, nowMs: number): void {
    if (nowMs > this.#lastMs) {
      if (nowMs - this.#lastMs > awayMs) {
        this.#countAbsence(nowMs);
        this.#analyser.interrupt(nowMs);
      }
      this.#lastMs = nowMs;
    }
    this.#analyser.packet(bytes, at, nowMs);
  }

  #judgeSeconds(nowMs: number): void {
    if (nowMs < this.#seconds.endMs) return;
    const totals = this.#analyser.totals(this.#seconds.endMs);
    const disturbances = totals.disturbances + this.#disturbancesRead + this.#unreadDisturbances();
    this.#seconds.look(nowMs, { ...totals, disturbances });
  }

  #unreadDisturbances(): number {
    return this.#order.lost + this.#framer.syncLosses + this.#framer.syncByteErrors;
  }

  #countAbsence(nowMs: number): void {
    this.#absentMs += nowMs - Math.max(this.#lastMs, this.#absentFromMs);
    this.#absentFromMs = nowMs;
  }

  /** Whether it came before. A stream may repeat itself, too: tables and filling, while its counters go on. */
  #isSecondCopy(bytes: Buffer, size: number): boolean {
    if (!this.#recent.has(bytes)) return false;
    let due: boolean | undefined;
    for (let at = 0; at < bytes.length; at += size) {
      due ??= this.#analyser.isDue(bytes, at);
      if (due === false || this.#analyser.isUnique(bytes, at)) return true;
    }
    return false;
  }
}

/**
 * The size of the packets in a datagram that begins and ends with whole ones, by its first two sync bytes: a bad one
 * further on is an error of the stream. Undefined where it does not.
 */
function packetSizeOf(bytes: Buffer): number | undefined {
  if (beginsWith(bytes, packetBytes)) return packetBytes;
  return beginsWith(bytes, packetBytesWithParity) ? packetBytesWithParity : undefined;
}

function beginsWith(bytes: Buffer, size: number): boolean {
  return bytes.length % size === 0 && holdsPackets(bytes, 0, Math.min(bytes.length, 2 * size), size);
}
