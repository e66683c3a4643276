/** RFC 3550 section 6.7: application-defined. */
const applicationDefined = 204;
/** Version, type, length, SSRC, name, identifier and the length of the string. */
const headOctets = 16;

/**
 * The status string in a compound RTCP packet of a SAT>IP server: in the application-defined packet with the name `SES1`
 * (SAT>IP specification 1.2.2, section 3.5.7). Its length is taken from the string's own field and the datagram: old minisatip
 * has a word too many in the packet's.
 * @returns undefined where there is none, or the datagram is no RTCP
 */
export function statusInRtcp(datagram: Uint8Array): string | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  // Liveness: each packet is four octets or more.
  for (let at = 0; at + headOctets <= view.byteLength; at += (view.getUint16(at + 2) + 1) * 4) {
    if (view.getUint8(at) >> 6 !== 2) return undefined;
    if (view.getUint8(at + 1) !== applicationDefined || latin1(datagram, at + 8, at + 12) !== 'SES1')
      continue;
    const end = at + headOctets + view.getUint16(at + 14);
    return end > view.byteLength ? undefined : latin1(datagram, at + headOctets, end);
  }
  return undefined;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
