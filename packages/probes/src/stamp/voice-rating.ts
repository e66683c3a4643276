import { type Codec, transmissionRating } from './e-model.ts';

/**
 * How a telephone call over the measured path would have been. No voice is sent: it is a reference call, of the codec
 * named here and over a jitter buffer as simple ones are. Pure.
 */

/** What a session of test packets found. Counts are packets. */
export type CallPath = Readonly<{
  sent: number;
  /** Of each answered packet, in milliseconds. */
  roundTripsMs: readonly number[];
  /** Adds up with those answered to those sent. */
  lost: Readonly<{ up: number; down: number; unattributed: number }>;
}>;

/** G.711 with the concealment of its Appendix I, in packets of 10 ms: ITU-T G.113, table I.4. */
const codec: Codec = { impairment: 0, lossRobustness: 25.1 };
/** A packet of voice is sent when it is full; the concealment holds back 30 samples of 8 kHz (G.711, Appendix I). */
const codecDelayMs = 10 + 3.75;
/** A buffer as long as the delays vary, 95 of 100 packets, but no shorter and no longer than usual ones. */
const buffer = { share: 0.95, leastMs: 20, mostMs: 120 } as const;
/**
 * Losses as if random, the default of G.107 (table 3). Ten packets, each some 35 ms behind the last, do not show how
 * losses of voice packets 10 ms apart would follow each other.
 */
const burstRatio = 1;

/**
 * Where the figure ends. Delay and loss: permitted ranges of G.107, table 3; behind them nothing was ever asked of
 * listeners. Packets: a whole session; one lost of fewer would weigh more than half of the loss that is permitted.
 */
const limits = { delayMs: 500, lossPercent: 20, leastPackets: 10 } as const;

/** R of the reference call (ITU-T G.107), from 20 to 93.2; undefined where too little is known, or beyond the limits. */
export function voiceRating({ sent, roundTripsMs, lost }: CallPath): number | undefined {
  if (sent < limits.leastPackets || roundTripsMs.length === 0) return undefined;
  const fastestMs = Math.min(...roundTripsMs);
  const variationsMs = roundTripsMs.map((ms) => ms - fastestMs);
  const bufferMs = Math.min(Math.max(nearestRank(variationsMs, buffer.share), buffer.leastMs), buffer.mostMs);
  const late = variationsMs.filter((ms) => ms > bufferMs).length / variationsMs.length;
  // Half the round trip is the mean of both ways, and that is what a conversation feels. The buffer counts from the
  // fastest packet, as the variation does (RFC 5481); it is that of the round trip, since one way may have all of it.
  const delayMs = fastestMs / 2 + bufferMs + codecDelayMs;
  const lossPercent = 100 * (1 - (1 - worseLoss(sent, lost)) * (1 - late));
  if (delayMs > limits.delayMs || lossPercent > limits.lossPercent) return undefined;
  return transmissionRating({ delayMs, lossPercent, burstRatio }, codec);
}

/** Voice goes one way: loss of the worse one. Losses of unknown direction may all have been there. */
function worseLoss(sent: number, { up, down, unattributed }: CallPath['lost']): number {
  return Math.max((up + unattributed) / sent, (down + unattributed) / (sent - up));
}

/** The smallest of the values that so large a share of them does not exceed. */
function nearestRank(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
