import { isSamePacket, packetBytes, pidCount } from './packet.ts';

/** A whole transponder has about a hundred PIDs. Of further ones in one stream only the packets are counted. */
export const mostPids = 512;
const noPid = -1;
/** More octets than a datagram has are not kept for the one packet in them. */
const mostKeptBytes = 2048;

/** How a packet follows the one before of its PID. */
export type Continuity = 'follows' | 'repeats' | 'breaks';

/** What the table knows of one PID, for reports. */
export type PidReport = Readonly<{ pid: number; packets: number; errors: number }>;

/**
 * Follows the continuity_counter of each PID (H.222.0, 2.4.3.3). Kept in arrays by slot, a slot for each PID that was
 * seen; a packet of a datagram costs no memory.
 */
export class ContinuityTable {
  readonly #slots = new Int16Array(pidCount).fill(noPid);
  readonly #pids = new Uint16Array(mostPids);
  #used = 0;
  readonly #counter = new Uint8Array(mostPids);
  readonly #repeated = new Uint8Array(mostPids);
  /** The counter is not known: nothing came yet, or a pause was so long that it says nothing. */
  readonly #fresh = new Uint8Array(mostPids);
  /** The last packet of each PID, where it was received or a copy: it is compared only where a counter stands still. */
  readonly #packets: (Uint8Array | undefined)[] = new Array(mostPids).fill(undefined);
  readonly #offsets = new Uint32Array(mostPids);
  readonly #counts = new Uint32Array(mostPids);
  readonly #errors = new Uint32Array(mostPids);
  /** Packets that the counters of the last one broken say are missing, at least. */
  missing = 0;

  /** The slot of a PID, taken now if it has none. @returns undefined where there are too many */
  slotOf(pid: number): number | undefined {
    const known = this.#slots[pid] ?? noPid;
    if (known !== noPid) return known;
    if (this.#used === mostPids) return undefined;
    const slot = this.#used++;
    this.#slots[pid] = slot;
    this.#pids[slot] = pid;
    this.#fresh[slot] = 1;
    this.#counts[slot] = 0;
    this.#errors[slot] = 0;
    return slot;
  }

  /** Whether a packet with this counter is the one that is due; undefined where the PID is not known. */
  isDue(pid: number, counter: number): boolean | undefined {
    const slot = this.#slots[pid] ?? noPid;
    if (slot === noPid || this.#fresh[slot] === 1) return undefined;
    return counter === (((this.#counter[slot] ?? 0) + 1) & 15);
  }

  /**
   * Takes a packet whose transport_error_indicator is not set.
   * @param bytes stay as they are afterwards
   * @param discontinuity whether the packet says that its counter jumps
   */
  follow(
    slot: number,
    bytes: Uint8Array,
    at: number,
    hasPayload: boolean,
    discontinuity: boolean,
  ): Continuity {
    const counter = (bytes[at + 3] ?? 0) & 15;
    const last = this.#counter[slot] ?? 0;
    const known = this.#fresh[slot] === 0 && !discontinuity;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#fresh[slot] = 0;
    this.missing = 0;
    if (known && hasPayload && counter === last && this.#isRepeat(slot, bytes, at)) {
      this.#repeated[slot] = 1;
      return 'repeats';
    }
    const stays = counter === last;
    const breaks = known && (hasPayload ? counter !== ((last + 1) & 15) : !stays);
    if (breaks && hasPayload && !stays) this.missing = (counter - last - 1) & 15;
    // A packet that occurs three times is one too many each time; one without payload is no occurrence.
    if (!stays || !known) this.#repeated[slot] = 0;
    this.#counter[slot] = counter;
    if (hasPayload) this.#keep(slot, bytes, at);
    if (!breaks) return 'follows';
    this.#errors[slot] = (this.#errors[slot] ?? 0) + 1;
    return 'breaks';
  }

  #keep(slot: number, bytes: Uint8Array, at: number): void {
    const fits = bytes.length <= mostKeptBytes;
    this.#packets[slot] = fits ? bytes : new Uint8Array(bytes.subarray(at, at + packetBytes));
    this.#offsets[slot] = fits ? at : 0;
  }

  #isRepeat(slot: number, bytes: Uint8Array, at: number): boolean {
    const packet = this.#packets[slot];
    if (packet === undefined || this.#repeated[slot] === 1) return false;
    return isSamePacket(packet, this.#offsets[slot] ?? 0, bytes, at);
  }

  /** From here on nothing is compared with what was before: the stream was away. */
  interrupt(): void {
    this.#fresh.fill(1);
    this.#packets.fill(undefined);
  }

  get isFull(): boolean {
    return this.#used === mostPids;
  }

  /** Forgets all PIDs: another stream may have come. */
  begin(): void {
    this.#slots.fill(noPid);
    this.#used = 0;
    this.interrupt();
  }

  /** What was counted since the last call. */
  read(): PidReport[] {
    const reports = Array.from({ length: this.#used }, (_, slot) => ({
      pid: this.#pids[slot] ?? 0,
      packets: this.#counts[slot] ?? 0,
      errors: this.#errors[slot] ?? 0,
    }));
    this.#counts.fill(0);
    this.#errors.fill(0);
    return reports;
  }
}
