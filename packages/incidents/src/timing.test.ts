import { describe, expect, it } from 'vitest';
import { Timing } from './timing.ts';

const reports = { closeReportS: 10, restReportS: 60 };
const lesson = (start: number, end: number) => ({ school: 's1', start, end });

describe('when a school has lessons', () => {
  const timing = new Timing({ ...reports, lessons: [lesson(10_000, 12_000), lesson(12_600, 15_000)] });

  it.each([
    [9000, false, false],
    [9100, true, false],
    [9180, true, true],
    [12_300, true, true],
    [14_975, true, false],
    [15_000, false, false],
  ])('is near at %s: %s, and reports come as in lessons: %s', (time, isNear, isClose) => {
    expect(timing.isNear('s1', time)).toBe(isNear);
    expect(timing.isClose('s1', time)).toBe(isClose);
    expect(timing.reportS('s1', time)).toBe(isClose ? 10 : 60);
    expect(timing.isNear('s2', time)).toBe(false);
  });

  it('is not known where nobody has said so: machines are wanted at all times', () => {
    const unknown = new Timing({ ...reports, lessons: undefined });
    expect(unknown.isWanted('s1', 11_000, 11_000)).toBe(true);
    expect(unknown.isClose('s1', 11_000)).toBe(false);
  });

  it('is what was known when it counted', () => {
    const changed = new Timing({
      ...reports,
      lessons: [lesson(20_000, 22_000)],
      formerLessons: [
        { until: 5000, lessons: undefined },
        { until: 21_000, lessons: [lesson(10_000, 12_000), lesson(20_800, 21_800)] },
      ],
    });
    expect(changed.isClose('s1', 11_000)).toBe(true);
    // Near by the one that counted then, and by the one that counts now.
    expect([19_500, 20_400, 21_500].map((time) => changed.isNear('s1', time))).toEqual([false, true, true]);
    // What was over before an import, and what goes on after it.
    expect(changed.isWanted('s1', 4000, 4500)).toBe(true);
    expect(changed.isWanted('s1', 4000, 5500)).toBe(false);
    expect(changed.isWanted('s1', 11_000, 20_999)).toBe(true);
    expect(changed.isWanted('s1', 11_000, 21_000)).toBe(false);
  });
});
