import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalBetween, integerBetween } from './decimal-option.ts';

const latitude = decimalBetween(-90, 90, 'degrees, south negative');
const year = integerBetween(1970, 2100, 'a year');

describe('a flag with a number', () => {
  it.each([
    ['38.18', 38.18],
    ['-90', -90],
    ['+7', 7],
    ['0', 0],
  ])('takes %j', (text, value) => {
    expect(latitude(text)).toBe(value);
  });

  it.each(['', ' ', '90.01', '-91', '38,18', '38.18N', '0x10', '1e1', 'NaN', 'Infinity', '--lon', '３８'])(
    'refuses %j and names the range',
    (text) => {
      expect(() => latitude(text)).toThrow('It must be a number from -90 to 90: degrees, south negative');
    },
  );

  it('takes all that is within its limits, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 20_000 }), (hundredths) => {
        const value = hundredths / 100;
        if (Math.abs(value) <= 90) expect(latitude(String(value))).toBe(value);
        else expect(() => latitude(String(value))).toThrow();
      }),
    );
  });
});

describe('a flag with a whole number', () => {
  it('takes no other', () => {
    expect(year('2028')).toBe(2028);
    expect(() => year('2028.5')).toThrow('It must be a whole number from 1970 to 2100: a year');
    expect(() => year('1969')).toThrow('from 1970 to 2100');
  });
});
