/**
 * Extensions behind the base packet (RFC 8972 section 4): flags, type, length of the value, value. Of the types only
 * Extra Padding and Direct Measurement are understood; the others are handed back as unrecognised.
 */
const header = 4;
const flags = { unrecognised: 0x80, malformed: 0x40, integrityFailed: 0x20 } as const;
const types = { extraPadding: 1, directMeasurement: 5 } as const;
const directMeasurementLength = 12;

/** Counts of one session (RFC 8972 section 4.5), the packet that carries them included. */
export type DirectMeasurement = Readonly<{
  /** S_TxC: requests that the sender has sent. */
  sent: number;
  /** R_RxC: requests that the reflector has received. */
  received: number;
  /** R_TxC: replies that the reflector has sent. */
  replied: number;
}>;

/** The TLV of a request, to be filled in by the reflector. @param sent packets sent in the session, this one included */
export function encodeDirectMeasurement(sent: number): Buffer {
  const tlv = Buffer.alloc(header + directMeasurementLength);
  tlv.writeUInt8(flags.unrecognised, 0);
  tlv.writeUInt8(types.directMeasurement, 1);
  tlv.writeUInt16BE(directMeasurementLength, 2);
  tlv.writeUInt32BE(sent, header);
  return tlv;
}

/**
 * The counts that a reply brings, or undefined where it has none or the reflector did not fill them in.
 * @param reply what follows the base packet
 */
export function decodeDirectMeasurement(reply: Buffer): DirectMeasurement | undefined {
  for (const at of tlvOffsets(reply)) {
    const state = reply.readUInt8(at);
    // RFC 8972 section 4: skip what was not recognised, stop at what is malformed, trust nothing that was altered.
    if (state & (flags.malformed | flags.integrityFailed)) return undefined;
    if (state & flags.unrecognised || reply.readUInt8(at + 1) !== types.directMeasurement) continue;
    if (valueEnd(reply, at) !== at + header + directMeasurementLength) return undefined;
    return {
      sent: reply.readUInt32BE(at + 4),
      received: reply.readUInt32BE(at + 8),
      replied: reply.readUInt32BE(at + 12),
    };
  }
  return undefined;
}

/**
 * The TLVs of the reply to a request's: U is cleared where the type is understood, and the counts are filled in; U is
 * set where it is not known; M is set at the first malformed one and the rest stays as it is.
 * @param request what follows the base packet
 */
export function reflectTlvs(
  request: Buffer,
  counts: Readonly<{ received: number; replied: number }>,
): Buffer {
  const reply = Buffer.from(request);
  for (const at of tlvOffsets(reply)) {
    const end = valueEnd(reply, at);
    const type = end === undefined ? undefined : reply.readUInt8(at + 1);
    const wrongLength = type === types.directMeasurement && end !== at + header + directMeasurementLength;
    if (type === undefined || wrongLength) {
      reply.writeUInt8(reply.readUInt8(at) | flags.malformed, at);
      return reply;
    }
    if (type === types.directMeasurement) {
      reply.writeUInt8(0, at);
      reply.writeUInt32BE(counts.received >>> 0, at + 8);
      reply.writeUInt32BE(counts.replied >>> 0, at + 12);
    } else reply.writeUInt8(type === types.extraPadding ? 0 : flags.unrecognised, at);
  }
  return reply;
}

/** Where each TLV begins; the last may run past the end. Every step moves on by at least a header. */
function* tlvOffsets(tlvs: Buffer): Generator<number> {
  let at: number | undefined = 0;
  while (at !== undefined && at < tlvs.length) {
    yield at;
    at = valueEnd(tlvs, at);
  }
}

/** The first octet behind a TLV, or undefined where it runs past the end. */
function valueEnd(tlvs: Buffer, at: number): number | undefined {
  if (at + header > tlvs.length) return undefined;
  const end = at + header + tlvs.readUInt16BE(at + 2);
  return end > tlvs.length ? undefined : end;
}
