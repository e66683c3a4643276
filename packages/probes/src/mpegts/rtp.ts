import { syncByte } from './packet.ts';

/** RFC 3550, 5.1. */
const fixedHeaderBytes = 12;
/** MPEG-2 transport streams (RFC 3551, table 5; RFC 2250); others may be agreed on (96 to 127). */
export const typeOfTransportStream = 33;
const firstDynamicType = 96;

/** What the header of an RTP packet says, and where its payload is. Filled anew for each packet. */
export type RtpHeader = { type: number; sequence: number; ssrc: number; from: number; to: number };

/** Reads a header into another. @returns whether it is one, and its lengths fit the datagram */
export function readRtp(bytes: Buffer, header: RtpHeader): boolean {
  const first = bytes[0] ?? 0;
  if (bytes.length < fixedHeaderBytes || first >> 6 !== 2) return false;
  let from = fixedHeaderBytes + (first & 0x0f) * 4;
  let to = bytes.length;
  if ((first & 0x10) !== 0) {
    if (from + 4 > to) return false;
    from += 4 + bytes.readUInt16BE(from + 2) * 4;
  }
  if ((first & 0x20) !== 0) {
    const padding = bytes[to - 1] ?? 0;
    if (padding === 0) return false;
    to -= padding;
  }
  if (from > to) return false;
  header.type = (bytes[1] ?? 0) & 0x7f;
  header.sequence = bytes.readUInt16BE(2);
  header.ssrc = bytes.readUInt32BE(8);
  header.from = from;
  header.to = to;
  return true;
}

/** Whether a packet of this type may carry a transport stream. */
export function mayCarryTransportStream(type: number): boolean {
  return type === typeOfTransportStream || type >= firstDynamicType;
}

/** Whether a range holds whole packets of a size, each with its sync byte. */
export function holdsPackets(bytes: Uint8Array, from: number, to: number, size: number): boolean {
  if (to <= from || (to - from) % size !== 0) return false;
  for (let at = from; at < to; at += size) if (bytes[at] !== syncByte) return false;
  return true;
}
