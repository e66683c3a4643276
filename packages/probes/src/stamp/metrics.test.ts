import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReceivedReply, type SentPacket, sessionMetrics } from './metrics.ts';
import { seeded } from './seeded.fixture.ts';

type BadPath = Readonly<{ loss: Readonly<{ up: number; down: number }>; jitterMs: number; seed: number }>;

/** Milliseconds: so far apart that none overtakes another. */
const apartMs = 1000;

/** Packets 0 … n−1. */
function sent(n: number): SentPacket[] {
  return Array.from({ length: n }, (_, sequence) => ({ sequence, sentMs: apartMs * sequence }));
}

/** A reply with the reflector's number `sequence` to packet `senderSequence`, after `rttMs`. */
function reply(sequence: number, senderSequence: number, rttMs = 5): ReceivedReply {
  return { sequence, senderSequence, receivedMs: apartMs * senderSequence + rttMs, heldMs: 0 };
}

/**
 * A session as the sender runs it over a path that drops and delays: ten packets, counts asked of the last one, and
 * where something is missing up to three closing ones, each long after all before it.
 */
function badPath({ loss, jitterMs, seed }: BadPath) {
  const random = seeded(seed);
  const sent: SentPacket[] = [];
  const replies: ReceivedReply[] = [];
  const lost = { up: 0, down: 0 };
  let reached = 0;
  const pass = (packets: readonly SentPacket[]): void => {
    const arrivals = packets
      .map((packet) => ({ packet, atMs: packet.sentMs + random() * jitterMs, arrives: random() >= loss.up }))
      .filter(({ arrives }) => arrives)
      .sort((a, b) => a.atMs - b.atMs);
    lost.up += packets.length - arrivals.length;
    const answers: ReceivedReply[] = [];
    for (const { packet, atMs } of arrivals) {
      const { sequence } = packet;
      const answer = { ...reply(reached, sequence), receivedMs: atMs + random() * jitterMs };
      reached += 1;
      if (random() < loss.down) lost.down += 1;
      else answers.push(sequence >= 9 ? counted(answer, reached) : answer);
    }
    replies.push(...answers.sort((a, b) => a.receivedMs - b.receivedMs));
    sent.push(...packets);
  };
  pass(Array.from({ length: 10 }, (_, sequence) => ({ sequence, sentMs: sequence * 35 })));
  for (let closing = 10; closing < 13 && replies.length > 0 && replies.length < sent.length; closing += 1) {
    pass([{ sequence: closing, sentMs: 3500 + (closing - 10) * 1500 }]);
    if (replies.at(-1)?.senderSequence === closing) break;
  }
  return { sent, replies, lost };
}

const counted = (answer: ReceivedReply, reached: number): ReceivedReply => ({ ...answer, reached });

describe('loss by direction', () => {
  it('is what the vector of the reference expects', () => {
    const replies = [reply(0, 0), reply(1, 1), reply(3, 4), reply(4, 5), reply(6, 8)];
    expect(sessionMetrics(sent(10), replies)).toMatchObject({
      sent: 10,
      received: 5,
      loss_ratio: 0.5,
      loss_up: 2,
      loss_down: 2,
      loss_unattributed: 1,
    });
  });

  it('has no direction with a stateless reflector', () => {
    const metrics = sessionMetrics(sent(4), [reply(0, 0), reply(2, 2), reply(3, 3)]);
    expect(metrics).toMatchObject({ loss_unattributed: 1 });
    expect(metrics).not.toHaveProperty('loss_up');
    expect(metrics).not.toHaveProperty('loss_down');
  });

  it('is none in either direction where nothing is missing, whatever the reflector', () => {
    const metrics = sessionMetrics(sent(2), [reply(0, 0), reply(1, 1)]);
    expect(metrics).toMatchObject({ loss_up: 0, loss_down: 0, loss_unattributed: 0 });
  });

  it('all on the way back, which looks like a stateless reflector, is known from Direct Measurement', () => {
    const replies = [reply(0, 0), reply(2, 2), counted(reply(3, 3), 4)];
    expect(sessionMetrics(sent(4), replies)).toMatchObject({
      loss_up: 0,
      loss_down: 1,
      loss_unattributed: 0,
    });
  });

  it('counts a request that the network doubled once', () => {
    // 1 was lost on the way up, 2 arrived twice.
    const replies = [reply(0, 0), reply(1, 2), reply(2, 2), counted(reply(3, 3), 4)];
    expect(sessionMetrics(sent(4), replies)).toMatchObject({ loss_up: 1, loss_down: 0, duplicates: 1 });
  });

  it('is right for whatever is lost in between, once the last packet is answered', () => {
    const fates = fc.array(fc.constantFrom('answered', 'lost up', 'lost down'), { maxLength: 40 });
    fc.assert(
      fc.property(fates, (before) => {
        const replies: ReceivedReply[] = [];
        let reached = 0;
        for (const [sequence, fate] of [...before, 'answered'].entries()) {
          if (fate === 'lost up') continue;
          if (fate === 'answered') replies.push(counted(reply(reached, sequence), reached + 1));
          reached += 1;
        }
        expect(sessionMetrics(sent(before.length + 1), replies)).toMatchObject({
          loss_up: before.filter((fate) => fate === 'lost up').length,
          loss_down: before.filter((fate) => fate === 'lost down').length,
          loss_unattributed: 0,
        });
      }),
    );
  });

  it('is not told by a count that came so soon that packets may have come after it', () => {
    const soon = sent(3).map(({ sequence }) => ({ sequence, sentMs: 35 * sequence }));
    // 1 was overtaken by 2, and its answer was lost.
    const replies = [reply(0, 0), counted(reply(1, 2), 2)];
    const unknown = { loss_up: 0, loss_down: 0, loss_unattributed: 1 };
    expect(sessionMetrics(soon, replies)).toMatchObject(unknown);
    const closing = { sequence: 3, sentMs: 3500 };
    expect(sessionMetrics([...soon, closing], [...replies, counted(reply(3, 3), 4)])).toMatchObject({
      loss_up: 0,
      loss_down: 1,
      loss_unattributed: 0,
    });
  });

  it('is never told wrong, whatever is lost and overtaken', () => {
    const loss = fc.double({ min: 0, max: 0.7, noNaN: true });
    const path = fc.record({
      loss: fc.record({ up: loss, down: loss }),
      jitterMs: fc.constantFrom(0, 30, 150, 400),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(path, (bad) => {
        const { sent, replies, lost } = badPath(bad);
        const told = sessionMetrics(sent, replies);
        expect(told.loss_up ?? 0).toBeLessThanOrEqual(lost.up);
        expect(told.loss_down ?? 0).toBeLessThanOrEqual(lost.down);
      }),
      { numRuns: 20_000 },
    );
  });

  it('always adds up, however senseless the replies', () => {
    const number = fc.integer({ min: 0, max: 12 });
    const senseless = fc.record({
      sequence: number,
      senderSequence: number,
      receivedMs: fc.double({ min: -1e3, max: 1e4, noNaN: true }),
      heldMs: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      reached: number,
    });
    fc.assert(
      fc.property(fc.array(senseless), (replies) => {
        const metrics = sessionMetrics(sent(10), replies);
        const { loss_up: up = 0, loss_down: down = 0, loss_unattributed: unknown = 0 } = metrics;
        expect(Math.min(up, down, unknown)).toBeGreaterThanOrEqual(0);
        if (metrics.received > 0) expect(up + down + unknown).toBe(10 - metrics.received);
      }),
    );
  });
});

describe('delay', () => {
  it('leaves out the time that the reflector held the packet', () => {
    // Vector R1 of the reference: (T4 − T1) − (T3 − T2).
    const replies = [{ sequence: 0, senderSequence: 0, receivedMs: 541.265, heldMs: 0.04 }];
    expect(sessionMetrics(sent(1), replies).rtt_ms).toBeCloseTo(541.225, 9);
  });

  it('is minimum, median and maximum of the first replies', () => {
    const replies = [reply(0, 0, 9), reply(1, 1, 5), reply(2, 1, 500), reply(3, 2, 7), reply(4, 3, 6)];
    expect(sessionMetrics(sent(4), replies)).toMatchObject({ rtt_min_ms: 5, rtt_ms: 6.5, rtt_max_ms: 9 });
  });

  it('varies by the mean difference of successive round trips', () => {
    const replies = [reply(0, 0, 10), reply(1, 1, 26), reply(2, 2, 26)];
    expect(sessionMetrics(sent(3), replies).jitter_ms).toBe(8);
    expect(sessionMetrics(sent(3), replies.slice(0, 1))).not.toHaveProperty('jitter_ms');
  });

  it('does not look steadier for packets that left together', () => {
    const together = [0, 1, 2, 3].map((sequence) => ({ sequence, sentMs: sequence < 2 ? 0 : 50 }));
    const at = (sequence: number, rttMs: number) => ({
      ...reply(sequence, sequence, rttMs),
      receivedMs: (together[sequence]?.sentMs ?? 0) + rttMs,
    });
    const replies = [at(0, 10), at(1, 10), at(2, 26), at(3, 26)];
    expect(sessionMetrics(together, replies).jitter_ms).toBe(16);
  });

  it('takes the clock offset from the fastest exchange', () => {
    const replies = [
      { ...reply(0, 0, 9), offsetMs: 3 },
      { ...reply(1, 1, 5), offsetMs: 1 },
    ];
    expect(sessionMetrics(sent(2), replies).offset_ms).toBe(1);
  });
});

describe('voice quality', () => {
  const answers = (count: number) => Array.from({ length: count }, (_, at) => reply(at, at, 40));

  it('is a whole number: 93 where nothing is wrong, 68 where one of ten is lost and a closing one answered', () => {
    expect(sessionMetrics(sent(10), answers(10)).r_factor).toBe(93);
    const closed = [...answers(9), counted(reply(9, 10, 40), 10)];
    expect(sessionMetrics(sent(11), closed)).toMatchObject({ loss_up: 1, r_factor: 68 });
  });

  it('is absent where a session was broken off or lost more than the model knows', () => {
    expect(sessionMetrics(sent(9), answers(9))).not.toHaveProperty('r_factor');
    expect(sessionMetrics(sent(10), answers(7))).not.toHaveProperty('r_factor');
    expect(sessionMetrics(sent(10), answers(8))).toHaveProperty('r_factor');
  });
});

it('counts duplicates and reordered replies apart', () => {
  const replies = [reply(0, 1), reply(1, 0), reply(1, 0), reply(2, 2)];
  expect(sessionMetrics(sent(3), replies)).toMatchObject({ received: 3, reordered: 1, duplicates: 1 });
});

it('says nothing of the path without a reply, and ignores replies to packets never sent', () => {
  const expected = { sent: 2, received: 0, loss_ratio: 1 };
  expect(sessionMetrics(sent(2), [])).toEqual(expected);
  expect(sessionMetrics(sent(2), [reply(0, 7)])).toEqual(expected);
});
