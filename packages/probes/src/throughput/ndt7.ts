/**
 * What client and server of ndt7 agree on (m-lab/ndt-server, spec/ndt7-protocol.md, version 0.11.0; the numbers that
 * it leaves open are those of the reference server, ndt7/spec/spec.go).
 */

export type Direction = 'download' | 'upload';

/** Sec-WebSocket-Protocol, without which there is no test. */
export const subprotocol = 'net.measurementlab.ndt.v7';

export const pathOf: Readonly<Record<Direction, string>> = {
  download: '/ndt/v7/download',
  upload: '/ndt/v7/upload',
};

/** How long a test runs, from the end of the handshake. Milliseconds. */
export const nominalMs = 10_000;
/** From then on either side may drop the connection. Milliseconds. */
export const longestMs = 13_000;

/** For name, connection, TLS and the handshake together; it is no part of the test. Milliseconds. */
export const openingMs = 10_000;

/** Sizes of binary messages: the first, and the largest that anybody may send. Octets. */
export const firstMessage = 2 ** 13;
export const largestMessage = 2 ** 24;

/**
 * Doubles when it is no more than a sixteenth of what was sent (the specification's appendix).
 * @param most where growth ends; a power of two
 */
export function nextSize(size: number, sent: number, most: number): number {
  return size < most && size <= sent / 16 ? size * 2 : size;
}
