/**
 * Timestamps as test packets carry them: 64 bits, either NTP (32 bits of seconds since 1900, 32 bits of fraction;
 * RFC 5905 section 6) or truncated PTP (32 bits of seconds since 1970, 32 bits of nanoseconds; RFC 8186 section 2.1).
 * In the program a time is milliseconds since 1970 as a number, which resolves 0.25 µs.
 */

/** Seconds from 1900 to 1970. */
const ntpToUnixS = 2_208_988_800;
const eraS = 2 ** 32;

/** The NTP timestamp of a time; eras wrap as the format has it. The fraction is rounded down. */
export function ntpFromUnixMs(unixMs: number): bigint {
  const seconds = Math.floor(unixMs / 1000);
  const fraction = Math.floor((unixMs - seconds * 1000) * 4_294_967.296);
  return (BigInt((seconds + ntpToUnixS) % eraS) << 32n) | BigInt(fraction);
}

/** The time of an NTP timestamp, in the era that puts it nearest to `nearUnixMs`, in milliseconds since 1970. */
export function unixMsFromNtp(timestamp: bigint, nearUnixMs: number): number {
  const inEraS = Number(timestamp >> 32n) - ntpToUnixS;
  const eras = Math.round((Math.floor(nearUnixMs / 1000) - inEraS) / eraS);
  const fraction = Number(timestamp & 0xffffffffn) / 4_294_967.296;
  return (inEraS + eras * eraS) * 1000 + fraction;
}

/** The time of a truncated PTP timestamp in milliseconds since the PTP epoch; its time scale may be TAI. */
export function msFromPtp(timestamp: bigint): number {
  return Number(timestamp >> 32n) * 1000 + Number(timestamp & 0xffffffffn) / 1e6;
}

/** S = 0, Z = 0, the largest error that can be written: how well a clock keeps to UTC is not known to the program. */
export const unknownErrorEstimate = 0x3fff;

/** Whether the Z flag says that the timestamps are PTP (RFC 8186 section 2.3). */
export function usesPtp(errorEstimate: number): boolean {
  return (errorEstimate & 0x4000) !== 0;
}
