/** Rec. ITU-T H.222.0 (08/2023), 2.4.3: the transport packet. */

export const packetBytes = 188;
/** With the 16 octets of Reed-Solomon parity that DVB modulators add (EN 300 429); they are not looked at. */
export const packetBytesWithParity = 204;
export const syncByte = 0x47;
export const nullPid = 0x1fff;
/** PIDs have 13 bits. */
export const pidCount = 0x2000;

/** Of the system clock, and its modulus: 33 bits of 300 ticks, 26.5 hours. */
export const ticksPerMs = 27_000;
export const pcrModulus = 2 ** 33 * 300;

/** @param at of the first of the six octets of a PCR @returns ticks of 27 MHz (2.4.3.5) */
export function readPcr(bytes: Uint8Array, at: number): number {
  const b4 = bytes[at + 4] ?? 0;
  const high = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const base = high * 512 + (bytes[at + 3] ?? 0) * 2 + (b4 >> 7);
  return base * 300 + ((b4 & 1) << 8) + (bytes[at + 5] ?? 0);
}

/** How far a PCR is from the one before, in ticks, over the wrap as well; negative where it went back. */
export function pcrStep(from: number, to: number): number {
  const step = (to - from + pcrModulus) % pcrModulus;
  return step > pcrModulus / 2 ? step - pcrModulus : step;
}

/** Whether a PES packet that begins here has a PTS (2.4.3.6). @param end of the octets that may be looked at */
export function hasPts(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 14 > end) return false;
  const starts = bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1;
  return starts && ((bytes[at + 6] ?? 0) & 0xc0) === 0x80 && ((bytes[at + 7] ?? 0) & 0x80) !== 0;
}

/** Whether the packet has an adaptation field with a PCR in it. */
export function hasPcr(bytes: Uint8Array, at: number): boolean {
  return (
    ((bytes[at + 3] ?? 0) & 0x20) !== 0 && (bytes[at + 4] ?? 0) >= 7 && ((bytes[at + 5] ?? 0) & 0x10) !== 0
  );
}

/** Whether two packets are one sent twice: every octet alike, but for a PCR (2.4.3.3). */
export function isSamePacket(a: Uint8Array, atA: number, b: Uint8Array, atB: number): boolean {
  const clock = hasPcr(a, atA);
  for (let octet = 0; octet < packetBytes; octet += 1) {
    if (clock && octet >= 6 && octet < 12) continue;
    if (a[atA + octet] !== b[atB + octet]) return false;
  }
  return true;
}
