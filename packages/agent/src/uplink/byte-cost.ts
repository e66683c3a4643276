/**
 * What MQTT exchanges cost at the IP layer, beside topic and payload: headers of TCP/IPv4, TLS 1.3 records, MQTT 3.1.1
 * headers and the acknowledgements. Counted with nftables on Linux, whose TCP adds 12 bytes of timestamps a segment;
 * Windows does not. Messages ten seconds apart are acknowledged at once, so each way of MQTT is a segment and a bare
 * acknowledgement of 52 bytes: a message with QoS 1 is four of them, one with QoS 0 two, whichever way it goes. A TLS record adds 22.
 */
const linuxCosts = {
  plain: { qos1: 219, qos0: 109, ping: 212, connect: 423 },
  tls: { qos1: 263, qos0: 131, ping: 256, connect: 4068 },
} as const;
const timestamps = { qos1: 48, qos0: 24, ping: 48, connect: 84 } as const;

export type Exchange = keyof typeof timestamps;

/**
 * Estimated bytes of one exchange, both directions.
 * @param contentBytes topic and payload
 */
export function exchangeBytes(
  exchange: Exchange,
  contentBytes: number,
  tls: boolean,
  platform: NodeJS.Platform = process.platform,
): number {
  const fixed = linuxCosts[tls ? 'tls' : 'plain'][exchange];
  return fixed - (platform === 'win32' ? timestamps[exchange] : 0) + contentBytes;
}
