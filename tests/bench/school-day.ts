import { HubClock } from '@tongtang/agent/clock';
import { LessonWindows } from '@tongtang/agent/lessons';
import { ByteBudget } from '@tongtang/agent/uplink/byte-budget';
import { exchangeBytes } from '@tongtang/agent/uplink/byte-cost';
import { commitAfterBatches, commitEveryS } from '@tongtang/agent/uplink/cadence';
import { dayOf, Pace } from '@tongtang/agent/uplink/pace';
import type { InventoryDocument } from '@tongtang/model/inventory';

/**
 * A school day in compressed time: when the agent's own pace and byte budget send, with what messages were measured to
 * cost.
 */

/** Eight lessons of 40 minutes, as a county school rings them: ten minutes in between, twenty for the exercises. */
export const periods: NonNullable<InventoryDocument['periods']> = [
  ['08:00', '08:40'],
  ['08:50', '09:30'],
  ['09:50', '10:30'],
  ['10:40', '11:20'],
  ['14:00', '14:40'],
  ['14:50', '15:30'],
  ['15:40', '16:20'],
  ['16:30', '17:10'],
].map(([start = '', end = ''], index) => ({ n: index + 1, start, end }));

/** The state of a link changes so often, day and night, and is told at once; not when a report is due anyway. Seconds. */
const changes = { everyS: 3600, atS: 23 } as const;

/** Messages of one kind, each with all that belongs to it: acknowledgements and commit. Means. */
export type MessageCost = Readonly<{
  /** Seconds of measuring that it carries. */
  coveredS: number;
  payloadBytes: number;
  /** At the IP layer, both directions. */
  wireBytes: number;
  /** The part of them that asked for a commit. */
  asking: number;
}>;

export type DayOfSending = Readonly<{
  messages: number;
  wireBytes: number;
  /** Seconds between messages in and shortly before lessons. */
  closeIntervalS: number;
}>;

/**
 * @param costs of messages in a lesson and at another time; between and beyond their payloads a straight line is drawn,
 *   which is a little too much beyond: longer texts compress better
 * @param startBytes what the connection of a day costs, configuration included
 * @param bytesPerDay the budget
 * @param estimateRatio what the agent takes bytes on the wire for: the budget knows nothing else
 */
export function dayOfSending(
  costs: readonly [MessageCost, MessageCost],
  startBytes: number,
  bytesPerDay: number,
  estimateRatio: number,
): DayOfSending {
  const midnightS = dayOf(1_790_000_000).endS;
  let nowMs = midnightS * 1000;
  const clock = new HubClock({
    originMs: 0,
    monotonicMs: () => nowMs,
    bootMs: () => nowMs,
    wallMs: () => nowMs,
  });
  clock.learnOffset(0, 0);
  const lessons = new LessonWindows(
    periods.map(({ start, end }) => [midnightS + secondsOf(start), midnightS + secondsOf(end)]),
  );
  const budget = new ByteBudget();
  budget.bytesPerDay = bytesPerDay;
  const pace = new Pace(clock, budget, () => lessons);
  const closeS = lessons.secondsWithin(midnightS, midnightS + 86_400);

  const { messageBytes, commitBytes } = overheads(costs);
  let [lastSentMs, askedMs, waiting] = [nowMs, 0, 0];
  let [messages, closeMessages, wireBytes] = [0, 0, startBytes];
  for (;;) {
    const calls = { lastSentMs, changedMs: undefined, liveUntilMs: 0 };
    const dueMs = Math.max(nowMs + 1, pace.nextSendMs(calls));
    const changedMs = nextChangeMs(lastSentMs);
    nowMs = Math.min(dueMs, changedMs);
    if (changedMs < dueMs) nowMs = Math.max(nowMs, pace.nextSendMs({ ...calls, changedMs }));
    if (nowMs >= (midnightS + 86_400) * 1000) break;
    const coveredS = (nowMs - lastSentMs) / 1000;
    const payloadBytes = payloadOf(costs, coveredS);
    const asks = waiting + 1 >= commitAfterBatches || nowMs - askedMs >= (commitEveryS - 5) * 1000;
    waiting = asks ? 0 : waiting + 1;
    if (asks) askedMs = nowMs;
    const commit = asks ? commitBytes : 0;
    const wire = payloadBytes + messageBytes + commit;
    if (messages === 0) budget.meter(startBytes);
    budget.meter(wire * estimateRatio);
    budget.observe({
      payloadBytes,
      messageBytes: (payloadBytes + messageBytes) * estimateRatio - payloadBytes,
      commitBytes: commit * estimateRatio,
      coveredS,
      follows: true,
    });
    wireBytes += wire;
    messages += 1;
    if (lessons.near(nowMs / 1000)) closeMessages += 1;
    lastSentMs = nowMs;
  }
  return { messages, wireBytes, closeIntervalS: closeS / closeMessages };
}

/**
 * What a message and what a commit cost beside payloads. One in three asks in lessons as at rest, so they cannot be told apart
 * by counting: a commit is what the agent takes it for, and the rest is the messages'.
 */
function overheads(costs: readonly MessageCost[]): { messageBytes: number; commitBytes: number } {
  const commitBytes = exchangeBytes('qos0', commitContentBytes, true);
  const others = costs.map(
    ({ wireBytes, payloadBytes, asking }) => wireBytes - payloadBytes - asking * commitBytes,
  );
  return { messageBytes: others.reduce((sum, bytes) => sum + bytes, 0) / others.length, commitBytes };
}

/** Topic, and outbox, one range, time and hub as JSON. */
const commitContentBytes = 140;

function payloadOf([a, b]: readonly [MessageCost, MessageCost], coveredS: number): number {
  const perS = (b.payloadBytes - a.payloadBytes) / (b.coveredS - a.coveredS);
  return a.payloadBytes + perS * (coveredS - a.coveredS);
}

function nextChangeMs(afterMs: number): number {
  const { everyS, atS } = changes;
  return ((Math.floor((afterMs / 1000 - atS) / everyS) + 1) * everyS + atS) * 1000;
}

function secondsOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  return hours * 3600 + minutes * 60;
}
