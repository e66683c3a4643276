/** A datagram as SAT>IP servers send it: the application-defined packet alone (specification 1.2.2, section 3.5.7). */
export function rtcpWith(status: string): Buffer {
  const octets = Buffer.from(status, 'latin1');
  const datagram = Buffer.alloc(16 + Math.ceil(octets.length / 4) * 4);
  datagram.set([0x80, 204]);
  datagram.writeUInt16BE(datagram.length / 4 - 1, 2);
  datagram.writeUInt32BE(1, 4);
  datagram.write('SES1', 8);
  datagram.writeUInt16BE(octets.length, 14);
  octets.copy(datagram, 16);
  return datagram;
}
