import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallPath, voiceRating } from './voice-rating.ts';

/** What packets wait for besides the path: 10 ms to fill one, 3.75 ms in the concealment, 20 ms in the shortest buffer. */
const ownDelayMs = 33.75;
const none = { up: 0, down: 0, unattributed: 0 };

/** Ten packets unless told otherwise, all as fast. */
function path(rttMs: number, lost: Partial<CallPath['lost']> = {}, sent = 10): CallPath {
  const losses = { ...none, ...lost };
  const answered = sent - losses.up - losses.down - losses.unattributed;
  return { sent, roundTripsMs: Array<number>(answered).fill(rttMs), lost: losses };
}

function rated(callPath: CallPath): number {
  const rating = voiceRating(callPath);
  if (rating === undefined) throw new Error('no figure');
  return rating;
}

describe('the rating of a reference call', () => {
  it.each([
    [0, 0, 93.2],
    [150, 1, 89.397],
    [280, 0, 80.692],
    [280, 2, 73.681],
  ])('over a path of %d ms from mouth to ear with %d %% of loss is %d', (delayMs, percent, expected) => {
    const rttMs = Math.max(2 * (delayMs - ownDelayMs), 0);
    expect(rated(path(rttMs, { down: percent * 10 }, 1000))).toBeCloseTo(expected, 2);
  });

  it('is that of the worse way, never of both ways together', () => {
    const both = rated(path(40, { up: 100, down: 100 }, 1000));
    // Of the 900 that came through upwards 100 were lost on the way back: 11.1 %.
    expect(both).toBeCloseTo(93.2 - (95 * (100 / 9)) / (100 / 9 + 25.1), 6);
    expect(both).toBeLessThan(rated(path(40, { up: 100 }, 1000)));
    expect(both).toBeGreaterThan(rated(path(40, { down: 200 }, 1000)));
  });

  it('counts losses of unknown direction against the worse way', () => {
    expect(rated(path(40, { up: 1, unattributed: 1 }, 20))).toBe(rated(path(40, { up: 2 }, 20)));
    expect(rated(path(40, { unattributed: 2 }, 20))).toBe(rated(path(40, { down: 2 }, 20)));
  });

  it('waits as long as delays vary, 20 ms at least', () => {
    const varying = (mostMs: number) =>
      rated({ ...path(300), roundTripsMs: [...Array(9).fill(300), 300 + mostMs] });
    expect(varying(20)).toBe(rated(path(300)));
    expect(varying(60)).toBeCloseTo(rated(path(300 + 2 * 40)), 9);
  });

  it('takes one packet of twenty that came far too late for lost', () => {
    const roundTripsMs = [...Array<number>(19).fill(100), 1000];
    expect(rated({ sent: 20, roundTripsMs, lost: none })).toBe(rated(path(100, { down: 1 }, 20)));
  });

  it('waits no longer than 120 ms; what is later is lost', () => {
    const roundTripsMs = [...Array<number>(9).fill(100), 400];
    expect(rated({ sent: 10, roundTripsMs, lost: none })).toBeCloseTo(rated(path(300, { down: 1 })), 9);
  });
});

describe('no figure', () => {
  it('is given for less than a whole session, or none that was answered', () => {
    expect(voiceRating(path(40, {}, 9))).toBeUndefined();
    expect(voiceRating({ sent: 0, roundTripsMs: [], lost: none })).toBeUndefined();
    expect(voiceRating(path(40, { up: 10 }))).toBeUndefined();
    expect(voiceRating(path(40))).toBeDefined();
  });

  it('is given beyond 20 % of loss', () => {
    expect(voiceRating(path(40, { up: 2 }))).toBeDefined();
    expect(voiceRating(path(40, { up: 3 }))).toBeUndefined();
    expect(voiceRating(path(40, { unattributed: 3 }))).toBeUndefined();
  });

  it('is given beyond 500 ms one way: two hops over a satellite each way', () => {
    const mostMs = 2 * (500 - ownDelayMs);
    expect(rated(path(mostMs))).toBeCloseTo(93.2 - 30.636, 2);
    expect(voiceRating(path(mostMs + 0.1))).toBeUndefined();
  });
});

describe('whatever a session finds', () => {
  const rtt = fc.double({ min: 0, max: 1200, noNaN: true });
  const count = fc.integer({ min: 0, max: 3 });
  const session = fc
    .record({ rtts: fc.array(rtt, { maxLength: 13 }), up: count, down: count, unattributed: count })
    .map(({ rtts, up, down, unattributed }) => ({
      sent: rtts.length + up + down + unattributed,
      roundTripsMs: rtts,
      lost: { up, down, unattributed },
    }));

  it('the figure lies from 20 to 93.2, and there is none outside the limits', () => {
    fc.assert(
      fc.property(session, (found) => {
        const rating = voiceRating(found);
        const { up, down, unattributed } = found.lost;
        const least = Math.max(up, down) + unattributed;
        const isOutside =
          found.sent < 10 ||
          found.roundTripsMs.length === 0 ||
          least / found.sent > 0.2 ||
          Math.min(...found.roundTripsMs) / 2 + ownDelayMs > 500;
        if (isOutside) expect(rating).toBeUndefined();
        if (rating === undefined) return;
        expect(rating).toBeGreaterThan(20);
        expect(rating).toBeLessThanOrEqual(93.2);
      }),
      { numRuns: 2000 },
    );
  });

  it('more delay or one more loss never makes it better', () => {
    const way = fc.constantFrom('up', 'down', 'unattributed');
    const later = fc.double({ min: 0, max: 300, noNaN: true });
    fc.assert(
      fc.property(session, later, way, (found, laterMs, way) => {
        const rating = voiceRating(found) ?? 0;
        const roundTripsMs = found.roundTripsMs.map((ms) => ms + laterMs);
        expect(voiceRating({ ...found, roundTripsMs }) ?? 0).toBeLessThanOrEqual(rating + 1e-9);
        // One that was answered is lost instead, and the buffer stays as it is.
        const [slowest = 0, ...others] = found.roundTripsMs.toSorted((a, b) => b - a);
        if (slowest - (others.at(-1) ?? 0) > 20) return;
        const lost = { ...found.lost, [way]: found.lost[way] + 1 };
        const after = voiceRating({ ...found, roundTripsMs: others, lost }) ?? 0;
        expect(after).toBeLessThanOrEqual(rating);
        // A loss on the better way alone is not heard.
        if (way === 'unattributed' && rating > 0) expect(after).toBeLessThan(rating);
      }),
      { numRuns: 2000 },
    );
  });
});
