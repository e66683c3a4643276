import { type Rate, TokenBucket } from '@tongtang/runtime/token-bucket';

export type FrameLimits = Readonly<{
  /** Bytes of one MQTT packet, its header not counted. */
  packetBytes: number;
  packets: Rate;
  bytes: Rate;
}>;

/**
 * Follows the packets in a client's byte stream by their fixed headers (MQTT 3.1.1, section 2.2), so that one that is
 * too large is refused when its length is read and not when all of it is in memory.
 */
export class FrameMeter {
  readonly #limits: FrameLimits;
  readonly #packets: TokenBucket;
  readonly #bytes: TokenBucket;
  /** Bytes of the current packet still to come, or undefined while its header is read. */
  #remaining: number | undefined;
  /** Bytes of the current header that were read. */
  #headerBytes = 0;
  #length = 0;

  /** @param nowMs monotonic time, as in {@link take} */
  constructor(limits: FrameLimits, nowMs: number) {
    this.#limits = limits;
    this.#packets = new TokenBucket(limits.packets, nowMs);
    this.#bytes = new TokenBucket(limits.bytes, nowMs);
  }

  /**
   * @param chunk the next bytes of the client
   * @param packetBytes what a packet may have at this moment; never more than the limits say
   * @returns why the connection must end, or undefined
   */
  take(
    chunk: Uint8Array,
    nowMs: number,
    packetBytes = this.#limits.packetBytes,
  ): 'size' | 'rate' | 'protocol' | undefined {
    if (!this.#bytes.take(chunk.length, nowMs)) return 'rate';
    for (let at = 0; at < chunk.length; ) {
      if (this.#remaining === undefined) {
        const refusal = this.#readHeader(chunk[at] ?? 0, packetBytes);
        if (refusal !== undefined) return refusal;
        at += 1;
      } else {
        const skipped = Math.min(this.#remaining, chunk.length - at);
        this.#remaining -= skipped;
        at += skipped;
      }
      if (this.#remaining !== 0) continue;
      this.#remaining = undefined;
      if (!this.#packets.take(1, nowMs)) return 'rate';
    }
    return undefined;
  }

  #readHeader(byte: number, packetBytes: number): 'size' | 'protocol' | undefined {
    this.#headerBytes += 1;
    if (this.#headerBytes === 1) return undefined;
    this.#length += (byte & 0x7f) * 128 ** (this.#headerBytes - 2);
    if (this.#length > packetBytes) return 'size';
    if ((byte & 0x80) !== 0) return this.#headerBytes > 4 ? 'protocol' : undefined;
    this.#remaining = this.#length;
    this.#headerBytes = 0;
    this.#length = 0;
    return undefined;
  }
}
