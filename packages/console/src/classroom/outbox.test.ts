import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from '../api/answers.ts';
import { countOf, deliveryOf, spellRanges, without } from './outbox.ts';

const outbox = (received: Range[], missing: Range[], lost: Range[]) => ({
  id: 'a',
  received,
  unknownBefore: 1,
  missing,
  lost,
  firstSeen: 0,
  lastSeen: 0,
});

describe('the delivery of measurements', () => {
  it('tells what is on its way from what is lost, over all outboxes', () => {
    const delivery = deliveryOf({
      outboxes: [outbox([[1, 10]], [[11, 20]], [[11, 12]]), outbox([[1, 5]], [], [])],
      earlier: 7,
    });
    expect(delivery).toEqual({
      received: 15,
      missing: [[13, 20]],
      lost: [[11, 12]],
      unknownBefore: 1,
      earlier: 8,
    });
  });

  it('is complete where nothing is missing', () => {
    expect(deliveryOf({ outboxes: [], earlier: 0 })).toEqual({
      received: 0,
      missing: [],
      lost: [],
      unknownBefore: 1,
      earlier: 0,
    });
  });
});

describe('ranges', () => {
  it('without others hold exactly the numbers that the others do not', () => {
    const ranges = fc
      .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 8 })
      .map((ends) => ends.sort((a, b) => a - b))
      .map((ends): Range[] =>
        ends.flatMap((end, index) => (index % 2 === 1 ? [[ends[index - 1] ?? end, end] as const] : [])),
      );
    const numbers = (set: readonly Range[]) =>
      set.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
    fc.assert(
      fc.property(ranges, ranges, (all, taken) => {
        const gone = new Set(numbers(taken));
        const left = without(all, taken);
        expect(numbers(left)).toEqual(numbers(all).filter((number) => !gone.has(number)));
        expect(countOf(left)).toBe(numbers(left).length);
      }),
    );
  });

  it('are spelled in words, a few of many', () => {
    expect(
      spellRanges(
        [
          [1, 3],
          [7, 7],
          [9, 12],
        ],
        2,
      ),
    ).toEqual({ text: '1–3, 7', leftOut: 1 });
  });
});
