import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { automaticWidth, lengthOf, parseTime } from './time.ts';

describe('times in requests', () => {
  it.each([
    ['now', 1000],
    ['-90s', 910],
    ['-15m', 100],
    ['2026-03-02T08:30:00+08:00', 1_772_411_400],
    ['2026-03-02T00:30:00Z', 1_772_411_400],
    ['2026-03-02T00:30Z', 1_772_411_400],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-03-02T25:00:00Z', undefined],
  ])('%s', (text, seconds) => {
    expect(parseTime(text, 1000)).toBe(seconds);
  });

  it('every point in time survives being written and read', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
        (date) => parseTime(date.toISOString(), 0) === date.getTime() / 1000,
      ),
    );
  });
});

describe('widths of buckets', () => {
  it.each([
    ['30', 30],
    ['10s', 10],
    ['5m', 300],
    ['1h', 3600],
    ['2d', 172_800],
  ])('%s', (text, seconds) => {
    expect(lengthOf(text)).toBe(seconds);
  });

  it('auto never gives more than 600 points, and not far fewer than it could', () => {
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 2 * 365 * 86_400 }), (span) => {
        const points = span / automaticWidth(span);
        return points <= 600 && points >= 100;
      }),
    );
  });
});
