/** One step of the polynomial 0x04C11DB7 for each value of an octet. */
const table = Int32Array.from({ length: 256 }, (_, octet) => {
  let crc = octet << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc;
});

/**
 * CRC-32/MPEG-2 (Rec. ITU-T H.222.0, Annex A): begins with all ones, nothing reflected, nothing inverted at the end. Over
 * a section with its own CRC it is 0.
 * @returns an unsigned number of 32 bits
 */
export function crc32(bytes: Uint8Array, length: number = bytes.length): number {
  let crc = -1;
  for (let at = 0; at < length; at += 1) crc = (crc << 8) ^ (table[(crc >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
  return crc >>> 0;
}
