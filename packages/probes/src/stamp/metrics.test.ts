import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReceivedReply, sessionMetrics } from './metrics.ts';

/** Packets 0 … n−1, one each 20 ms. */
function sent(n: number) {
  return Array.from({ length: n }, (_, sequence) => ({ sequence, sentMs: 20 * sequence }));
}

/** A reply with the reflector's number `sequence` to packet `senderSequence`, after `rttMs`. */
function reply(sequence: number, senderSequence: number, rttMs = 5): ReceivedReply {
  return { sequence, senderSequence, receivedMs: 20 * senderSequence + rttMs, heldMs: 0 };
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

  it('varies by the jitter of RFC 3550, begun with the first difference', () => {
    const replies = [reply(0, 0, 10), reply(1, 1, 26), reply(2, 2, 26)];
    expect(sessionMetrics(sent(3), replies).jitter_ms).toBe(15);
    expect(sessionMetrics(sent(3), replies.slice(0, 1))).not.toHaveProperty('jitter_ms');
  });

  it('takes the clock offset from the fastest exchange', () => {
    const replies = [
      { ...reply(0, 0, 9), offsetMs: 3 },
      { ...reply(1, 1, 5), offsetMs: 1 },
    ];
    expect(sessionMetrics(sent(2), replies).offset_ms).toBe(1);
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
