import { median } from '../median.ts';
import { voiceRating } from './voice-rating.ts';

/**
 * What a session of test packets says about the path. Pure; times are milliseconds, counts are packets.
 */

/** A request as it was sent; sequence numbers count from 0 without a gap. */
export type SentPacket = Readonly<{ sequence: number; sentMs: number }>;

/** A reply as it arrived, in the order of arrival. */
export type ReceivedReply = Readonly<{
  /** The reflector's own number. */
  sequence: number;
  senderSequence: number;
  /** T4, on the clock of `sentMs`. */
  receivedMs: number;
  /** T3 − T2, the time that the reflector held it. */
  heldMs: number;
  /** Reflector's clock minus sender's, ((T2 − T1) + (T3 − T4)) / 2; absent where T2 and T3 are not UTC. */
  offsetMs?: number;
  /** Requests that the reflector had received when it answered this one, as Direct Measurement says it. */
  reached?: number;
}>;

/** Fields of the catalogue's `stamp`; without any reply only the counts. */
export type SessionMetrics = Readonly<{
  sent: number;
  received: number;
  loss_ratio: number;
  rtt_min_ms?: number;
  rtt_ms?: number;
  rtt_max_ms?: number;
  jitter_ms?: number;
  loss_up?: number;
  loss_down?: number;
  loss_unattributed?: number;
  reordered?: number;
  duplicates?: number;
  offset_ms?: number;
  r_factor?: number;
}>;

/** Replies to packets that were not sent are not counted. */
export function sessionMetrics(
  sent: readonly SentPacket[],
  arrived: readonly ReceivedReply[],
): SessionMetrics {
  const sentMs = new Map(sent.map((packet) => [packet.sequence, packet.sentMs]));
  const replies = arrived.filter((reply) => sentMs.has(reply.senderSequence));
  const answers = firstAnswers(sentMs, replies);
  const counts = {
    sent: sent.length,
    received: answers.length,
    loss_ratio: sent.length === 0 ? 0 : 1 - answers.length / sent.length,
  };
  const [first, ...rest] = answers;
  if (first === undefined) return counts;
  const delays = answers.map(({ rttMs }) => rttMs);
  const fastest = rest.reduce((least, answer) => (answer.rttMs < least.rttMs ? answer : least), first);
  const jitterMs = jitterOf(answers);
  const loss = directionalLoss(sent, replies);
  const rating = voiceRating({
    sent: sent.length,
    roundTripsMs: delays,
    lost: { up: loss.loss_up ?? 0, down: loss.loss_down ?? 0, unattributed: loss.loss_unattributed },
  });
  return {
    ...counts,
    rtt_min_ms: fastest.rttMs,
    rtt_ms: median(delays),
    rtt_max_ms: Math.max(...delays),
    ...(jitterMs !== undefined && { jitter_ms: jitterMs }),
    ...loss,
    reordered: countReordered(answers),
    duplicates: replies.length - answers.length,
    // Queues only ever add delay: the fastest exchange is the most symmetric one (RFC 5905 section 10).
    ...(fastest.reply.offsetMs !== undefined && { offset_ms: fastest.reply.offsetMs }),
    // Whole numbers, as RFC 3611 section 4.7.5 has them: listeners do not agree as far as that.
    ...(rating !== undefined && { r_factor: Math.round(rating) }),
  };
}

type Answer = Readonly<{ reply: ReceivedReply; sentMs: number; rttMs: number }>;

/** The first reply to each packet in order of arrival, with its round-trip delay (T4 − T1) − (T3 − T2). */
function firstAnswers(sentMs: ReadonlyMap<number, number>, replies: readonly ReceivedReply[]): Answer[] {
  const answers = new Map<number, Answer>();
  for (const reply of replies) {
    const start = sentMs.get(reply.senderSequence);
    if (start === undefined || answers.has(reply.senderSequence)) continue;
    const wholeMs = reply.receivedMs - start;
    // A reflector without a receive time, or whose clock stepped meanwhile, says nothing of how long it held it.
    const heldMs = reply.heldMs >= 0 && reply.heldMs <= wholeMs ? reply.heldMs : 0;
    answers.set(reply.senderSequence, { reply, sentMs: start, rttMs: wholeMs - heldMs });
  }
  return [...answers.values()];
}

/** A packet does not overtake one that was sent so much earlier. Milliseconds. */
const settledMs = 1000;

/**
 * Losses by direction. The reflector's count of requests (Direct Measurement), or else its own numbering of replies,
 * says how many of the first packets reached it; what else is missing of these was lost on the way back. Losses behind
 * them, and all losses where the reflector tells neither, have no known direction. Nor have they where the count came so
 * soon that a packet which seems lost may have been overtaken and have come after it.
 */
function directionalLoss(
  packets: readonly SentPacket[],
  replies: readonly ReceivedReply[],
): Readonly<{ loss_up?: number; loss_down?: number; loss_unattributed: number }> {
  const sent = packets.length;
  const answered = new Set(replies.map((reply) => reply.senderSequence));
  const lost = sent - answered.size;
  if (lost === 0) return { loss_up: 0, loss_down: 0, loss_unattributed: 0 };
  const evidence = countedArrivals(replies) ?? numberedArrivals(replies);
  if (evidence === undefined) return { loss_unattributed: lost };
  const { of, reached } = evidence;
  if (!isSettled(packets, of)) return { loss_up: 0, loss_down: 0, loss_unattributed: lost };
  const lostAmong = of - [...answered].filter((sequence) => sequence < of).length;
  // A request that the network doubled reaches the reflector twice and is answered under two numbers.
  const doubled = new Set(replies.map((reply) => reply.sequence)).size - answered.size;
  const up = Math.min(Math.max(of - (reached - Math.max(doubled, 0)), 0), lostAmong);
  return { loss_up: up, loss_down: lostAmong - up, loss_unattributed: lost - lostAmong };
}

/** How many of the first `of` packets reached the reflector. */
type Arrivals = Readonly<{ of: number; reached: number }>;

function countedArrivals(replies: readonly ReceivedReply[]): Arrivals | undefined {
  let last: Arrivals | undefined;
  for (const { senderSequence, reached } of replies)
    if (reached !== undefined && senderSequence + 1 > (last?.of ?? 0))
      last = { of: senderSequence + 1, reached };
  return last;
}

/** Whether the last of the first `of` packets was sent so late that it cannot have overtaken one of them. */
function isSettled(packets: readonly SentPacket[], of: number): boolean {
  const [before, last] = [packets[of - 2], packets[of - 1]];
  return before === undefined || last === undefined || last.sentMs - before.sentMs >= settledMs;
}

/** A reflector whose every number is a copy of the sender's counts nothing (RFC 8762 section 4, stateless). */
function numberedArrivals(replies: readonly ReceivedReply[]): Arrivals | undefined {
  if (replies.every((reply) => reply.sequence === reply.senderSequence)) return undefined;
  return {
    of: Math.max(...replies.map((reply) => reply.senderSequence)) + 1,
    reached: Math.max(...replies.map((reply) => reply.sequence)) + 1,
  };
}

/** Packets that left together meet the same path, and say nothing of how it varies. Milliseconds. */
const togetherMs = 5;

/**
 * The mean difference between successive round trips, which is what J of RFC 3550 section 6.4.1 comes to in the long run: a
 * session is too short for its smoothing by sixteenths. Of packets that left together the first answer counts.
 */
function jitterOf(answers: readonly Answer[]): number | undefined {
  const apart: Answer[] = [];
  for (const answer of answers)
    if (!apart.some(({ sentMs }) => Math.abs(answer.sentMs - sentMs) < togetherMs)) apart.push(answer);
  const differences = apart
    .slice(1)
    .map(({ rttMs }, index) => Math.abs(rttMs - (apart[index]?.rttMs ?? rttMs)));
  if (differences.length === 0) return undefined;
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
}

/** Replies whose packet was sent before one that was answered earlier (RFC 4737 section 3). */
function countReordered(answers: readonly Answer[]): number {
  let highest = -1;
  let reordered = 0;
  for (const { reply } of answers) {
    if (reply.senderSequence < highest) reordered += 1;
    highest = Math.max(highest, reply.senderSequence);
  }
  return reordered;
}
