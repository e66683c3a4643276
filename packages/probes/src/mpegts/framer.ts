import { packetBytes, packetBytesWithParity, syncByte } from './packet.ts';

/** TR 101 290, 5.2.1, indicator 1.1: so many good sync bytes in a row to be sure, so many bad ones to be lost. */
const goodToAcquire = 5;
const badToLose = 2;
const sizes = [packetBytes, packetBytesWithParity] as const;
/** A tail in which no sync was found is looked at again with what follows: five packets reach that far. */
const reach = (goodToAcquire - 1) * packetBytesWithParity;
const nothing = Buffer.alloc(0);

export type OnPacket = (bytes: Buffer, at: number, nowMs: number) => void;

/**
 * Finds the transport packets in a run of octets, of 188 or 204 each, wherever they begin and however they are cut; finds
 * them again after rubbish.
 */
export class Framer {
  readonly #onPacket: OnPacket;
  /** 0 while there is no sync. */
  #size = 0;
  #bad = 0;
  #carry: Buffer = nothing;
  /** Since the last look. */
  syncLosses = 0;
  syncByteErrors = 0;

  /** @param onPacket is given the octets and where the packet begins; they stay as they are afterwards */
  constructor(onPacket: OnPacket) {
    this.#onPacket = onPacket;
  }

  /**
   * Says that what comes next begins with a packet of this size, as a datagram does.
   * @returns whether octets were left over in front of it
   */
  align(size: number): boolean {
    const left = this.#carry.length > 0 && this.#size !== 0;
    this.#carry = nothing;
    this.#size = size;
    this.#bad = 0;
    return left;
  }

  push(chunk: Buffer, nowMs: number): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    let at = 0;
    for (;;) {
      if (this.#size === 0) at = this.#acquire(bytes, at);
      if (this.#size === 0) break;
      at = this.#packets(bytes, at, nowMs);
      if (this.#size !== 0) break;
    }
    this.#carry = at < bytes.length ? bytes.subarray(at) : nothing;
  }

  /** Forgets what was left over: what comes next does not continue it. */
  interrupt(): void {
    this.#carry = nothing;
    this.#size = 0;
    this.#bad = 0;
  }

  /** @returns where the octets go on that are not looked at yet; where sync is lost, behind the last good packet */
  #packets(bytes: Buffer, from: number, nowMs: number): number {
    let at = from;
    const size = this.#size;
    for (; at + size <= bytes.length; at += size) {
      if (bytes[at] === syncByte) {
        this.#bad = 0;
        this.#onPacket(bytes, at, nowMs);
        continue;
      }
      this.syncByteErrors += 1;
      this.#bad += 1;
      if (this.#bad < badToLose) continue;
      this.syncLosses += 1;
      this.#size = 0;
      this.#bad = 0;
      // Packets without parity may go on where those with it ended.
      return Math.max(from, at - (badToLose - 1) * size - (size - packetBytes));
    }
    return at;
  }

  /** @returns where sync was found, or where to look again when there is more */
  #acquire(bytes: Buffer, from: number): number {
    const last = bytes.length - (goodToAcquire - 1) * packetBytes;
    for (let at = bytes.indexOf(syncByte, from); at !== -1 && at < last; at = bytes.indexOf(syncByte, at + 1))
      for (const size of sizes)
        if (repeats(bytes, at, size)) {
          this.#size = size;
          return at;
        }
    return Math.max(from, bytes.length - reach);
  }
}

function repeats(bytes: Buffer, at: number, size: number): boolean {
  for (let packet = 1; packet < goodToAcquire; packet += 1)
    if (bytes[at + packet * size] !== syncByte) return false;
  return true;
}
