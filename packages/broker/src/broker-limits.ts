import { limits as batchLimits } from '@tongtang/wire/batch';
import type { FrameLimits } from './frame-meter.ts';

/** What the embedded broker allows a client, beside {@link FrameLimits}. */
export type BrokerLimits = FrameLimits &
  Readonly<{
    /** Bytes of a packet before its sender has signed in: room for CONNECT with a will. */
    strangerBytes: number;
    /** From the TCP connection to a complete CONNECT. */
    connectTimeoutMs: number;
    /** Connections that have not signed in: from one address, and of all. */
    strangersPerAddress: number;
    strangers: number;
    /** Seconds between two signs of life of a client, at most. */
    keepaliveS: number;
    /** Bytes waiting for a client that does not read. */
    unreadBytes: number;
  }>;

/**
 * An agent sends a few batches a minute; after an outage its backlog comes at a rate that it bounds itself. A whole
 * county may sit behind one address and come back in the same minute; over a satellite, an agent's CONNECT is complete
 * within three seconds.
 */
export const defaultLimits: BrokerLimits = {
  packetBytes: batchLimits.payloadBytes + 512,
  packets: { perSecond: 50, burst: 500 },
  bytes: { perSecond: 1024 * 1024, burst: 8 * 1024 * 1024 },
  strangerBytes: 8 * 1024,
  connectTimeoutMs: 15_000,
  strangersPerAddress: 2000,
  strangers: 5000,
  keepaliveS: 300,
  unreadBytes: 1024 * 1024,
};
