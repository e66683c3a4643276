import { describe, expect, it } from 'vitest';
import { firstOutside, isWithin, wallTime } from './day-time.ts';

const zone = 'Asia/Shanghai';
/** Seconds of a wall time in September 2026, whose first is a Tuesday, in UTC+8. */
const at = (day: number, time: string) =>
  Date.parse(`2026-09-${String(day).padStart(2, '0')}T${time}:00+08:00`) / 1000;
const wall = (day: number, time: string) => wallTime(at(day, time), zone);

describe('the clock on the wall', () => {
  it('is that of the county', () => {
    expect(wall(1, '10:02')).toEqual({ date: '2026-09-01', weekday: 'tue', time: '10:02' });
    expect(wallTime(at(1, '02:00'), 'UTC')).toEqual({ date: '2026-08-31', weekday: 'mon', time: '18:00' });
  });
});

describe('hours', () => {
  it.each([
    [{ from: '08:00', to: '18:00' }, '08:00', true],
    [{ from: '08:00', to: '18:00' }, '17:59', true],
    [{ from: '08:00', to: '18:00' }, '18:00', false],
    [{ days: ['tue' as const] }, '23:59', true],
    [{ days: ['wed' as const] }, '12:00', false],
    [{ from: '20:00' }, '23:59', true],
    [{}, '00:00', true],
  ])('%j have %s on a Tuesday: %s', (hours, time, expected) => {
    expect(isWithin(hours, wall(1, time))).toBe(expected);
  });

  it('that go past midnight belong to the day on which they begin', () => {
    const mondayNight = { days: ['mon' as const], from: '20:00', to: '07:30' };
    expect(isWithin(mondayNight, wall(7, '21:00'))).toBe(true);
    expect(isWithin(mondayNight, wall(8, '07:29'))).toBe(true);
    expect(isWithin(mondayNight, wall(8, '21:00'))).toBe(false);
    expect(isWithin(mondayNight, wall(7, '06:00'))).toBe(false);
  });
});

describe('the end of quiet hours', () => {
  const night = { from: '20:00', to: '07:30' };
  const weekend = { days: ['sat' as const, 'sun' as const] };

  it('is now where it is not quiet', () => {
    expect(firstOutside([night], at(1, '10:02'), zone)).toBe(at(1, '10:02'));
    expect(firstOutside([], at(1, '22:00'), zone)).toBe(at(1, '22:00'));
  });

  it('is the next morning, and after a weekend that of Monday', () => {
    expect(firstOutside([night, weekend], at(1, '22:00'), zone)).toBe(at(2, '07:30'));
    expect(firstOutside([night, weekend], at(4, '21:00'), zone)).toBe(at(7, '07:30'));
  });

  it('never comes where all of the week is quiet', () => {
    expect(firstOutside([{}], at(1, '10:02'), zone)).toBeUndefined();
  });
});
