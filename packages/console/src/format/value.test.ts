import { describe, expect, it } from 'vitest';
import { formatCount, formatDelay, formatRating, formatValue, isShare } from './value.ts';

const en = (value: number, unit: string, share = false): string => formatValue(value, unit, share, 'en');

describe('a value for people', () => {
  it('has about three digits and a unit that keeps it short', () => {
    expect(en(1.4567, 'ms')).toBe('1.46 ms');
    expect(en(38.26, 'ms')).toBe('38.3 ms');
    expect(en(612.4, 'ms')).toBe('612 ms');
    expect(en(12_345, 'ms')).toBe('12.3 s');
    expect(en(3_100_000, 'bit/s')).toBe('3.1 Mbit/s');
    expect(en(81_000_000_000, 'bytes')).toBe('81 GB');
    expect(en(0, 'ms')).toBe('0 ms');
  });

  it('has its unit at the same place in a column of delays', () => {
    expect([0.04, 1.28, 9.96, 612.4, 12_345].map((ms) => formatDelay(ms, 'en'))).toEqual([
      '< 0.1 ms',
      '1.3 ms',
      '10 ms',
      '612 ms',
      '12.3 s',
    ]);
  });

  it('is a percentage where it is a share, told by the name of its field', () => {
    expect(isShare('loss_ratio', '1')).toBe(true);
    expect(isShare('processes', '1')).toBe(false);
    expect(en(0.0012, '1', true)).toBe('0.12 %');
    expect(en(140, '1')).toBe('140');
  });

  it('is exact enough to tune a receiver by, and as small as an error ratio is', () => {
    expect(en(11_740_500_000, 'Hz')).toBe('11,740.5 MHz');
    expect(en(27_500_000, 'Bd')).toBe('27.5 MBd');
    expect(en(0.000_000_21, '1')).toBe('2.1E-7');
    expect(en(0, '1')).toBe('0');
  });

  it('stands with its mean opinion score where it is an R factor', () => {
    expect(formatRating(93, 'en')).toBe('93 (MOS 4.4)');
    expect(formatRating(65.66, 'zh-CN')).toBe('65.7 (MOS 3.4)');
  });

  it('is a count with its thousands set apart', () => {
    expect(formatCount(4210, 'zh-CN')).toBe('4,210');
  });
});
