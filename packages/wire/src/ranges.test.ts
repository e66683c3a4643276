import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from './messages.ts';
import { count, gaps, unite } from './ranges.ts';

const top = 60;
const range = fc
  .tuple(fc.integer({ min: 1, max: top }), fc.integer({ min: 0, max: 12 }))
  .map(([from, length]): Range => [from, Math.min(top, from + length)]);
const ranges = fc.array(range, { maxLength: 12 });

function numbersOf(set: readonly Range[]): Set<number> {
  const numbers = new Set<number>();
  for (const [from, to] of set) for (let number = from; number <= to; number += 1) numbers.add(number);
  return numbers;
}

describe('unite', () => {
  it('holds the numbers of all sets, in order, disjoint and not touching', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const united = unite(a, b);
        expect(numbersOf(united)).toEqual(new Set([...numbersOf(a), ...numbersOf(b)].sort((x, y) => x - y)));
        for (const [index, [from]] of united.entries())
          if (index > 0) expect(from).toBeGreaterThan((united[index - 1]?.[1] ?? 0) + 1);
      }),
    );
  });

  it('leaves its input as it was', () => {
    const input: Range[] = [[1, 2]];
    unite(input, [[3, 9]]);
    expect(input).toEqual([[1, 2]]);
  });

  it('C-4: a range whose end is below its start holds nothing', () => {
    expect(unite([[5, 3]], [[1, 2]])).toEqual([[1, 2]]);
  });
});

describe('gaps', () => {
  it('are the numbers that the set does not hold', () => {
    fc.assert(
      fc.property(ranges, range, (some, [from, to]) => {
        const set = unite(some);
        const missing = numbersOf(gaps(set, from, to));
        const held = numbersOf(set);
        for (let number = from; number <= to; number += 1)
          expect(missing.has(number)).toBe(!held.has(number));
      }),
    );
  });
});

describe('count', () => {
  it('counts numbers, not ranges', () => {
    fc.assert(
      fc.property(ranges, (set) => {
        expect(count(unite(set))).toBe(numbersOf(set).size);
      }),
    );
  });
});
