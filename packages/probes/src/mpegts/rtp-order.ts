/** A packet that was overtaken is waited for over so many later ones, and for so long. */
const mostHeld = 64;
const holdMs = 100;
/** A sequence number so far ahead, or so far back, is that of a sender that began anew (RFC 3550, A.1). */
const farthestAhead = 16_384;
const farthestBack = 1024;

/** Hands on what a packet carries. */
export type Deliver = (bytes: Buffer, from: number, to: number, nowMs: number) => void;

type Held = Readonly<{ sequence: number; bytes: Buffer; from: number; to: number; nowMs: number }>;

/**
 * Brings the packets of one RTP sender in order, so that one that was overtaken is no loss, and counts what was lost, came
 * late and came twice.
 */
export class RtpOrder {
  readonly #deliver: Deliver;
  readonly #onLoss: () => void;
  #next: number | undefined;
  #highest = 0;
  readonly #held = new Map<number, Held>();
  /** By the low bits of the number: the number that was handed on last, plus one. */
  readonly #taken = new Int32Array(farthestBack);
  #suspect: Held | undefined;
  /** Since the last look. */
  received = 0;
  lost = 0;
  reordered = 0;
  duplicates = 0;

  /** @param onLoss is called before the packets behind a gap are handed on */
  constructor(deliver: Deliver, onLoss: () => void) {
    this.#deliver = deliver;
    this.#onLoss = onLoss;
  }

  packet(sequence: number, bytes: Buffer, from: number, to: number, nowMs: number): void {
    const next = this.#next ?? this.#begin(sequence);
    const ahead = (sequence - next) & 0xffff;
    const back = 0x1_0000 - ahead;
    if (ahead > farthestAhead && back > farthestBack) {
      this.#doubt({ sequence, bytes, from, to, nowMs });
      return;
    }
    this.#suspect = undefined;
    if (ahead > farthestAhead) {
      // Behind what was handed on already: a second copy, or one that is too late to be of use.
      if (this.#taken[sequence % farthestBack] === sequence + 1) this.duplicates += 1;
      else this.reordered += 1;
      return;
    }
    if (this.#held.has(sequence)) {
      this.duplicates += 1;
      return;
    }
    this.received += 1;
    if (((sequence - this.#highest) & 0xffff) < 0x8000) this.#highest = sequence;
    else this.reordered += 1;
    if (ahead === 0) this.#handOn(sequence, bytes, from, to, nowMs);
    else this.#held.set(sequence, { sequence, bytes, from, to, nowMs });
    this.#release(nowMs);
  }

  /** Gives up what has been waited for long enough. */
  tick(nowMs: number): void {
    this.#release(nowMs);
  }

  /** Hands on what is held, and begins anew with the next packet, whatever its number. */
  begin(): void {
    this.#release(Number.POSITIVE_INFINITY);
    this.#next = undefined;
    this.#suspect = undefined;
    this.#taken.fill(0);
  }

  #begin(sequence: number): number {
    this.#highest = sequence;
    this.#next = sequence;
    return sequence;
  }

  /** Two in a row show a sender that began anew; one alone is a stray. */
  #doubt(packet: Held): void {
    const before = this.#suspect;
    this.#suspect = packet;
    if (before === undefined || packet.sequence !== ((before.sequence + 1) & 0xffff)) return;
    this.begin();
    for (const { sequence, bytes, from, to, nowMs } of [before, packet])
      this.packet(sequence, bytes, from, to, nowMs);
  }

  #handOn(sequence: number, bytes: Buffer, from: number, to: number, nowMs: number): void {
    this.#next = (sequence + 1) & 0xffff;
    this.#taken[sequence % farthestBack] = sequence + 1;
    this.#deliver(bytes, from, to, nowMs);
  }

  #release(nowMs: number): void {
    while (this.#held.size > 0) {
      const packet = this.#held.get(this.#next ?? 0);
      if (packet === undefined) {
        if (this.#isWorthWaiting(nowMs)) return;
        this.#skip();
        continue;
      }
      this.#held.delete(packet.sequence);
      this.#handOn(packet.sequence, packet.bytes, packet.from, packet.to, packet.nowMs);
    }
  }

  #isWorthWaiting(nowMs: number): boolean {
    const span = (this.#highest - (this.#next ?? 0)) & 0xffff;
    if (span >= mostHeld) return false;
    let waitedMs = 0;
    for (const held of this.#held.values()) waitedMs = Math.max(waitedMs, nowMs - held.nowMs);
    return waitedMs <= holdMs;
  }

  /** What is missing before the next packet that is held is lost. */
  #skip(): void {
    let nearest = 0xffff;
    for (const sequence of this.#held.keys())
      nearest = Math.min(nearest, (sequence - (this.#next ?? 0)) & 0xffff);
    this.lost += nearest;
    this.#next = ((this.#next ?? 0) + nearest) & 0xffff;
    this.#onLoss();
  }
}
