/**
 * What MQTT exchanges cost at the IP layer, beside topic and payload: headers of TCP/IPv4, TLS 1.3 records, MQTT 3.1.1
 * headers and the acknowledgements. Captured with tcpdump on Linux, whose TCP adds 12 bytes of timestamps a segment;
 * Windows does not. One QoS 1 publish is three segments.
 */
const linuxCosts = {
  plain: { publish: 167, ping: 160, connect: 423 },
  tls: { publish: 213, ping: 204, connect: 4068 },
} as const;
const timestamps = { publish: 36, ping: 36, connect: 84 } as const;

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
