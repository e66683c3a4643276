import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatDuration,
  formatMinute,
  formatMoment,
  formatSince,
  momentIn,
  wallClock,
} from './time.ts';

const noon = Date.UTC(2026, 10, 24, 4, 0, 0) / 1000;

describe('a moment for people', () => {
  it('is told in the county’s time zone, with the zone, in both languages', () => {
    expect(formatMoment(noon, 'Asia/Shanghai', 'zh-CN')).toBe('2026年11月24日 12:00:00 GMT+8');
    expect(formatMoment(noon, 'Asia/Shanghai', 'en')).toBe('Nov 24, 2026, 12:00:00 GMT+8');
  });

  it('has its year where it is kept for years', () => {
    expect(formatMinute(noon, 'Asia/Shanghai', 'zh-CN')).toBe('2026年11月24日 12:00');
    expect(formatMinute(noon, 'Asia/Shanghai', 'en')).toBe('Nov 24, 2026, 12:00');
  });

  it('is only a time of day on the same day of the county', () => {
    expect(formatSince(noon, noon + 3600, 'Asia/Shanghai', 'zh-CN')).toBe('12:00');
    // 23:59 UTC is already the next day in Shanghai.
    expect(formatSince(noon, noon + 12 * 3600, 'Asia/Shanghai', 'zh-CN')).toBe('11月24日 12:00');
  });

  it('is so long ago in the largest unit that fits', () => {
    expect(formatAgo(noon - 3, noon, 'zh-CN')).toBe('刚刚');
    expect(formatAgo(noon + 30, noon, 'en')).toBe('just now');
    expect(formatAgo(noon - 200, noon, 'en')).toBe('3 min. ago');
    expect(formatAgo(noon - 200, noon, 'zh-CN')).toBe('3分钟前');
    expect(formatAgo(noon - 9400, noon, 'zh-CN')).toBe('2小时前');
  });
});

describe('a length of time', () => {
  it('has its two largest units, without zeros', () => {
    expect(formatDuration(7500, 'en')).toBe('2 hr 5 min');
    expect(formatDuration(7500, 'zh-CN')).toBe('2小时5分钟');
    expect(formatDuration(3600, 'en')).toBe('1 hr');
    expect(formatDuration(0, 'en')).toBe('0 sec');
  });
});

describe('a wall clock in a time zone', () => {
  it('reads back as the moment that it was set to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e7 }),
        fc.constantFrom('Asia/Shanghai', 'Asia/Urumqi', 'UTC', 'Asia/Kolkata'),
        (minute, zone) => {
          expect(momentIn(wallClock(minute * 60, zone), zone)).toBe(minute * 60);
        },
      ),
    );
  });

  it('survives a change of clocks', () => {
    expect(momentIn('2026-03-29T03:30', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30) / 1000);
    expect(momentIn('2026-03-29T01:30', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 0, 30) / 1000);
  });

  it('is undefined for what is no time', () => {
    expect(momentIn('', 'UTC')).toBeUndefined();
  });
});
