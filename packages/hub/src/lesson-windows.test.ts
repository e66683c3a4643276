import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lessonWindows } from './lesson-windows.ts';

const periods = [
  { n: 1, start: '08:30', end: '09:10' },
  { n: 2, start: '17:10', end: '17:50' },
];
const seconds = (text: string): number => Date.parse(text) / 1000;

describe('lesson windows', () => {
  it("are the county's own hours, Monday to Friday", () => {
    // A Thursday, 06:00 in Qinghai.
    const windows = lessonWindows(periods, 'Asia/Shanghai', seconds('2026-11-26T06:00:00+08:00'), 8);
    const starts = windows.map(([start]) => new Date(start * 1000).toISOString());
    expect(starts).toEqual([
      '2026-11-26T00:30:00.000Z',
      '2026-11-26T09:10:00.000Z',
      '2026-11-27T00:30:00.000Z',
      '2026-11-27T09:10:00.000Z',
      '2026-11-30T00:30:00.000Z',
      '2026-11-30T09:10:00.000Z',
      '2026-12-01T00:30:00.000Z',
      '2026-12-01T09:10:00.000Z',
      '2026-12-02T00:30:00.000Z',
      '2026-12-02T09:10:00.000Z',
      '2026-12-03T00:30:00.000Z',
      '2026-12-03T09:10:00.000Z',
    ]);
    expect(windows[0]?.[1]).toBe(seconds('2026-11-26T09:10:00+08:00'));
  });

  it('belong to the day that it is in the county, not in London', () => {
    // Sunday evening in London is Monday morning in Qinghai.
    const windows = lessonWindows(periods, 'Asia/Shanghai', seconds('2026-11-29T23:00:00Z'), 1);
    expect(windows).toHaveLength(2);
  });

  it('stay the same from morning to night', () => {
    const at = (time: string) =>
      lessonWindows(periods, 'Asia/Shanghai', seconds(`2026-11-26T${time}+08:00`), 8);
    expect(at('23:59:59')).toEqual(at('00:00:00'));
  });

  it('keep their clock time over a change to summer time', () => {
    const windows = lessonWindows(periods, 'Europe/Berlin', seconds('2026-03-27T00:00:00Z'), 4);
    expect(windows.map(([start]) => new Date(start * 1000).toISOString())).toEqual([
      '2026-03-27T07:30:00.000Z',
      '2026-03-27T16:10:00.000Z',
      '2026-03-30T06:30:00.000Z',
      '2026-03-30T15:10:00.000Z',
    ]);
  });

  it('are in order and end after they start, in every zone and at every moment', () => {
    const zone = fc.constantFrom(
      'Asia/Shanghai',
      'Asia/Urumqi',
      'Europe/Berlin',
      'America/St_Johns',
      'Pacific/Apia',
    );
    fc.assert(
      fc.property(zone, fc.integer({ min: 1e9, max: 4e9 }), (timezone, now) => {
        const windows = lessonWindows(periods, timezone, now, 8);
        for (const [index, [start, end]] of windows.entries()) {
          expect(end).toBeGreaterThan(start);
          expect(start).toBeGreaterThanOrEqual(windows[index - 1]?.[1] ?? 0);
        }
      }),
      { numRuns: 50 },
    );
  });
});
