import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from './bits.ts';

const word = fc.oneof(
  fc.record({
    kind: fc.constant('bits' as const),
    count: fc.integer({ min: 1, max: 53 }),
    part: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('golomb' as const),
    value: fc.integer({ min: 0, max: 2 ** 50 }),
    order: fc.integer({ min: 0, max: 40 }),
  }),
  fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 20 }) }),
);

describe('bits', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(word), fc.nat(7), (words, shift) => {
        const inner = new BitWriter();
        for (const one of words) {
          if (one.kind === 'bits') inner.put(Math.floor(one.part * 2 ** one.count), one.count);
          else if (one.kind === 'golomb') inner.putGolomb(one.value, one.order);
          else inner.putBytes(one.bytes);
        }
        const outer = new BitWriter();
        outer.put(0, shift);
        outer.putBits(inner);
        const reader = new BitReader(outer.bytes());
        expect(reader.get(shift)).toBe(0);
        for (const one of words) {
          if (one.kind === 'bits') expect(reader.get(one.count)).toBe(Math.floor(one.part * 2 ** one.count));
          else if (one.kind === 'golomb') expect(reader.getGolomb(one.order)).toBe(one.value);
          else expect(reader.getBytes(100)).toEqual(Buffer.from(one.bytes));
        }
        expect(reader.ended).toBe(true);
      }),
    );
  });

  it.each([
    [0, 0, '1'],
    [1, 0, '010'],
    [2, 0, '011'],
    [3, 0, '00100'],
    [3, 2, '111'],
    [4, 2, '01000'],
  ])('%i with order %i is %s', (value, order, expected) => {
    const bits = new BitWriter();
    bits.putGolomb(value, order);
    const byte = bits.bytes()[0] ?? 0;
    expect(byte.toString(2).padStart(8, '0').slice(0, expected.length)).toBe(expected);
  });

  it('behind their end are zeros, and it is told', () => {
    const reader = new BitReader(Buffer.from([0xff]));
    expect(reader.get(9)).toBe(0);
    expect(reader.broken).toBe(true);
    expect(reader.getGolomb(3)).toBe(0);
    expect(reader.getBytes(5)).toHaveLength(0);
    expect(reader.ended).toBe(false);
  });

  it('that promise more bytes than are there, are broken', () => {
    const bits = new BitWriter();
    bits.putGolomb(1000, 7);
    const reader = new BitReader(bits.bytes());
    expect(reader.getBytes(10_000)).toHaveLength(0);
    expect(reader.broken).toBe(true);
  });
});
