import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, mostDigits, textOfDecimal } from './decimal.ts';

describe('a number in a line', () => {
  it.each([
    ['0', 0, 0],
    ['12', 12, 0],
    ['-0.05', -5, -2],
    ['38.2', 382, -1],
    ['84380000000', 8438, 7],
    ['100', 1, 2],
  ])('%s is digits and a power of ten', (text, digits, exponent) => {
    expect(decimalOf(text)).toEqual({ digits, exponent });
  });

  it.each([
    '',
    '-',
    '-0',
    '1.50',
    '01',
    '.5',
    '5.',
    '1e-7',
    '0x10',
    '1 ',
    String(2 ** 60),
    '0.0000000000000000001',
  ])('"%s" is not one that can be put together again as it was', (text) => {
    expect(decimalOf(text)).toBeUndefined();
  });

  it('is put together as it was', () => {
    const any = fc.oneof(
      fc.integer({ min: -mostDigits, max: mostDigits }).map(String),
      fc
        .double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 })
        .map((value) => String(value)),
      fc.integer({ min: -1e6, max: 1e6 }).map((value) => String(value / 100)),
    );
    fc.assert(
      fc.property(any, (text) => {
        const decimal = decimalOf(text);
        if (decimal !== undefined) expect(textOfDecimal(decimal)).toBe(text);
      }),
    );
  });

  it('as our own samples write them, is always one', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 4 }), (digits, places) => {
        expect(decimalOf(String(digits / 10 ** places))).toBeDefined();
      }),
    );
  });
});
