/**
 * What MQTT exchanges cost at the IP layer, beside topic and payload: headers of TCP/IPv4, TLS 1.3 records, MQTT 3.1.1
 * headers and the acknowledgements. Counted with nftables on Linux, whose TCP adds 12 bytes of timestamps a segment;
 * Windows does not. Messages ten seconds apart are acknowledged at once, so each way of MQTT is a segment and a bare
 * acknowledgement of 52 bytes: a message with QoS 1 is four of them, one with QoS 0 two. A TLS record adds 22.
 */
const linuxCosts = {
  plain: { publish: 219, deliver: 109, ping: 212, connect: 423 },
  tls: { publish: 263, deliver: 131, ping: 256, connect: 4068 },
} as const;
const timestamps = { publish: 48, deliver: 24, ping: 48, connect: 84 } as const;

/** `publish`: a message with QoS 1, either way; `deliver`: one with QoS 0. */
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
