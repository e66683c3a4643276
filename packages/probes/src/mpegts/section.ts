/** A section with its header: PSI may have 1024 octets, the tables of DVB 4096 (H.222.0, 2.4.4; EN 300 468, 5.1.1). */
const longestSection = 4096;
const headerBytes = 3;
/** Fills a packet behind the last section. */
const stuffing = 0xff;

/**
 * Puts the sections of one PID together from its payloads (H.222.0, 2.4.4). A section with a missing piece, and one that
 * lies about its length, is dropped; the next one is found again at the pointer_field.
 */
export class SectionAssembler {
  readonly #section = new Uint8Array(longestSection);
  /** Octets there are; undefined while no section is under way. */
  #length: number | undefined;
  readonly #onSection: (section: Uint8Array, length: number) => void;

  /** @param onSection is given a section and its length; the octets are its own only until it returns */
  constructor(onSection: (section: Uint8Array, length: number) => void) {
    this.#onSection = onSection;
  }

  /** Something is missing: what was begun is dropped. */
  reset(): void {
    this.#length = undefined;
  }

  /** @param starts payload_unit_start_indicator: the first octet is a pointer_field */
  payload(bytes: Uint8Array, from: number, to: number, starts: boolean): void {
    if (!starts) {
      if (this.#length !== undefined) this.#collect(bytes, from, to);
      return;
    }
    const first = from + 1 + (bytes[from] ?? 0);
    if (from >= to || first > to) {
      this.reset();
      return;
    }
    if (this.#length !== undefined) this.#collect(bytes, from + 1, first);
    let at = first;
    while (at < to && bytes[at] !== stuffing) {
      this.#length = 0;
      at = this.#collect(bytes, at, to);
    }
    // What ended in front of the pointer's section without being whole is not continued.
    if (at === first) this.reset();
  }

  /** @returns where the section ended, or `to` */
  #collect(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    let length = this.#length ?? 0;
    while (at < to && length < headerBytes) this.#section[length++] = bytes[at++] ?? 0;
    this.#length = length;
    if (length < headerBytes) return at;
    const whole = headerBytes + ((((this.#section[1] ?? 0) & 0x0f) << 8) | (this.#section[2] ?? 0));
    if (whole > longestSection) {
      this.reset();
      return to;
    }
    const take = Math.min(whole - length, to - at);
    for (let octet = 0; octet < take; octet += 1) this.#section[length + octet] = bytes[at + octet] ?? 0;
    this.#length = length + take;
    if (this.#length < whole) return to;
    this.reset();
    this.#onSection(this.#section, whole);
    return at + take;
  }
}
