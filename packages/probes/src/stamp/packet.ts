/**
 * Unauthenticated test packets of STAMP (RFC 8762 sections 4.2.1 and 4.3.1), with the SSID of RFC 8972 section 3 and
 * what TWAMP Light sends and answers (RFC 8762 section 4.6). All fields are big-endian; fields that must be zero are
 * written as zero and not read.
 */

/** Octets of a base packet, request or reply. */
export const baseLength = 44;
/** A TWAMP Light request is sequence number, timestamp and error estimate (RFC 5357 section 4.1.2). */
const shortestRequest = 14;
/** A TWAMP Light reply ends with the sender's TTL (RFC 5357 section 4.2.1). */
const shortestReply = 41;

export type Request = Readonly<{
  sequence: number;
  /** T1, when the sender sent it. */
  timestamp: bigint;
  errorEstimate: number;
  /** Tells sessions of one pair of addresses and ports apart; 0 where unused. */
  ssid: number;
}>;

export type Reply = Readonly<{
  /** The reflector's own count of replies, or a copy of `senderSequence` where it is stateless. */
  sequence: number;
  /** T3, when the reflector sent it. */
  timestamp: bigint;
  errorEstimate: number;
  ssid: number;
  /** T2, when the reflector received the request. */
  receiveTimestamp: bigint;
  senderSequence: number;
  senderTimestamp: bigint;
  senderErrorEstimate: number;
  /** TTL of the request as it arrived; 0 and 255 say that it was not observed. */
  senderTtl: number;
}>;

/** @param tlvs what follows the base packet (tlv.ts) */
export function encodeRequest(request: Request, tlvs: Buffer = Buffer.alloc(0)): Buffer {
  const packet = Buffer.alloc(baseLength + tlvs.length);
  packet.writeUInt32BE(request.sequence, 0);
  packet.writeBigUInt64BE(request.timestamp, 4);
  packet.writeUInt16BE(request.errorEstimate, 12);
  packet.writeUInt16BE(request.ssid, 14);
  packet.set(tlvs, baseLength);
  return packet;
}

/**
 * Reads a request of STAMP or TWAMP Light; octets that a short one lacks count as zero.
 * @returns undefined where it is too short to be either
 */
export function decodeRequest(packet: Buffer): Request | undefined {
  if (packet.length < shortestRequest) return undefined;
  return {
    sequence: packet.readUInt32BE(0),
    timestamp: packet.readBigUInt64BE(4),
    errorEstimate: packet.readUInt16BE(12),
    ssid: packet.length < 16 ? 0 : packet.readUInt16BE(14),
  };
}

/**
 * Writes a reply, which has the size of its request, at least a base packet (RFC 8762 section 4.3.1).
 * @param rest what followed the base packet of the request (tlv.ts)
 */
export function encodeReply(reply: Reply, rest: Buffer): Buffer {
  const packet = Buffer.alloc(baseLength + rest.length);
  packet.writeUInt32BE(reply.sequence, 0);
  packet.writeBigUInt64BE(reply.timestamp, 4);
  packet.writeUInt16BE(reply.errorEstimate, 12);
  packet.writeUInt16BE(reply.ssid, 14);
  packet.writeBigUInt64BE(reply.receiveTimestamp, 16);
  packet.writeUInt32BE(reply.senderSequence, 24);
  packet.writeBigUInt64BE(reply.senderTimestamp, 28);
  packet.writeUInt16BE(reply.senderErrorEstimate, 36);
  packet.writeUInt8(reply.senderTtl, 40);
  packet.set(rest, baseLength);
  return packet;
}

/**
 * Reads a reply of a STAMP or TWAMP Light reflector.
 * @returns undefined where it is too short to be either
 */
export function decodeReply(packet: Buffer): Reply | undefined {
  if (packet.length < shortestReply) return undefined;
  return {
    sequence: packet.readUInt32BE(0),
    timestamp: packet.readBigUInt64BE(4),
    errorEstimate: packet.readUInt16BE(12),
    ssid: packet.readUInt16BE(14),
    receiveTimestamp: packet.readBigUInt64BE(16),
    senderSequence: packet.readUInt32BE(24),
    senderTimestamp: packet.readBigUInt64BE(28),
    senderErrorEstimate: packet.readUInt16BE(36),
    senderTtl: packet.readUInt8(40),
  };
}
