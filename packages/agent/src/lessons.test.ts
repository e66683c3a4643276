import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LessonWindows } from './lessons.ts';

const minute = 60;
const lesson = (startMin: number, endMin: number) => [startMin * minute, endMin * minute] as const;

describe('lesson windows', () => {
  it('begin 15 minutes before the lesson and end with it', () => {
    const windows = new LessonWindows([lesson(60, 100)]);
    const near = (min: number) => windows.near(min * minute);
    expect([44, 45, 60, 99, 100].map(near)).toEqual([false, true, true, true, false]);
  });

  it('tell until when it is quiet: 20 minutes before a lesson, also while two overlap', () => {
    const windows = new LessonWindows([lesson(60, 100), lesson(90, 95), lesson(200, 240)]);
    const quietUntil = (min: number) => {
      const untilS = windows.quietUntil(min * minute);
      return untilS === undefined ? undefined : untilS / minute;
    };
    expect([0, 39, 40, 60, 99].map(quietUntil)).toEqual([40, 40, undefined, undefined, undefined]);
    expect([100, 179, 180, 240].map(quietUntil)).toEqual([180, 180, undefined, Number.POSITIVE_INFINITY]);
  });

  it('tell when the next one begins, also while one is on', () => {
    const windows = new LessonWindows([lesson(200, 240), lesson(60, 100)]);
    expect(windows.nextStart(0)).toBe(45 * minute);
    expect(windows.nextStart(45 * minute)).toBe(185 * minute);
    expect(windows.nextStart(185 * minute)).toBeUndefined();
  });

  it('without lessons are never near', () => {
    const none = new LessonWindows([]);
    expect([none.near(0), none.nextStart(0), none.secondsWithin(0, 1e9)]).toEqual([false, undefined, 0]);
  });

  it('count each second once, however lessons overlap', () => {
    const lessons = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 60 })), {
      maxLength: 8,
    });
    const span = fc.tuple(fc.integer({ min: -50, max: 400 }), fc.integer({ min: 0, max: 300 }));
    fc.assert(
      fc.property(lessons, span, (drawn, [from, length]) => {
        const windows = new LessonWindows(drawn.map(([start, long]) => [start, start + long]));
        let seconds = 0;
        for (let at = from; at < from + length; at += 1) if (windows.near(at)) seconds += 1;
        expect(windows.secondsWithin(from, from + length)).toBe(seconds);
      }),
    );
  });
});
