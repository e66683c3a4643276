import { describe, expect, it } from 'vitest';
import type { Evidence } from '../api/answers.ts';
import { timelineOf } from './timeline.ts';

const day = 86_400 * 20_000;
const nine = day + 9 * 3600;
const lost = (classroom: string, from: number, to?: number): Evidence => ({
  title: { zh: '连不上中心', en: 'does not reach the hub' },
  school: 's1',
  classroom,
  agent: `a-${classroom}`,
  from,
  ...(to !== undefined && { to }),
});
const inSchool = { county: 'c', school: 's1' };
const lesson = (start: number) => ({ school: 's1', class: 'c', classroom: 'c', start, end: start + 2400 });

describe('the time of an incident', () => {
  it('begins a little before it and ends a little after; what went and came back is one row', () => {
    const evidence = [
      lost('c1', nine, nine + 300),
      lost('c2', nine, nine + 1000),
      lost('c1', nine + 500, nine + 1000),
    ];
    const { rows, now } = timelineOf(
      { place: inSchool, evidence, lessons: [], from: nine, to: nine + 1000 },
      nine + 9000,
      day,
    );
    // Five minutes either side: 1600 s in all.
    expect(rows.map(({ bars }) => bars)).toEqual([
      [
        { left: 18.75, width: 18.75, from: nine, to: nine + 300 },
        { left: 50, width: 31.25, from: nine + 500, to: nine + 1000 },
      ],
      [{ left: 18.75, width: 62.5, from: nine, to: nine + 1000 }],
    ]);
    expect(now).toBeUndefined();
  });

  it('goes to the present while it goes on', () => {
    const evidence = [lost('c1', nine)];
    const { rows, now } = timelineOf({ place: inSchool, evidence, lessons: [], from: nine }, nine + 600, day);
    expect(rows[0]?.bars).toEqual([{ left: 25, width: 50, from: nine }]);
    expect(now).toBe(75);
  });

  it('has the lessons that it hit behind it, those at the same time as one, as far as they are on the axis', () => {
    const lessons = [lesson(nine - 1800), lesson(nine - 1800), lesson(nine + 7200)];
    const { lessons: drawn } = timelineOf(
      { place: inSchool, evidence: [], lessons, from: nine, to: nine + 600 },
      nine + 9000,
      day,
    );
    expect(drawn).toEqual([{ left: 0, width: 75, start: nine - 1800, end: nine + 600 }]);
  });

  it.each([
    [10, 2 * 60],
    [40 * 60, 10 * 60],
    [5 * 3600, 2 * 3600],
    [3 * 86_400, 86_400],
    [60 * 86_400, 14 * 86_400],
  ])('of %s s has a mark every %s s, counted from midnight', (length, step) => {
    const span = { place: inSchool, evidence: [], lessons: [], from: nine + 7, to: nine + 7 + length };
    const { ticks } = timelineOf(span, nine + 1e8, day);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThan(7);
    expect(ticks.every(({ at }) => (at - day) % step === 0)).toBe(true);
    expect((ticks[1]?.at ?? 0) - (ticks[0]?.at ?? 0)).toBe(step);
  });

  it('draws forty rows of a wide one, and says how many more there are', () => {
    const evidence = Array.from({ length: 100 }, (_, index) => lost(`c${index}`, nine));
    const timeline = timelineOf({ place: inSchool, evidence, lessons: [], from: nine }, nine + 60, day);
    expect([timeline.rows.length, timeline.more]).toEqual([40, 60]);
  });

  it('takes the machines of a school together where it is wider than that: from the first to the last', () => {
    const other: Evidence = { ...lost('c1', nine + 60, nine + 400), school: 's2' };
    const evidence = [
      lost('c1', nine, nine + 300),
      other,
      lost('c2', nine + 100, nine + 500),
      lost('c2', nine + 700, nine + 800),
      lost('c3', nine + 750),
    ];
    const { rows } = timelineOf(
      { place: { county: 'c' }, evidence, lessons: [], from: nine },
      nine + 1000,
      day,
    );
    const times = rows.map(({ evidence: { school }, rooms, bars }) => ({
      school,
      rooms,
      bars: bars.map(({ from, to }) => [from - nine, to && to - nine]),
    }));
    expect(times).toEqual([
      {
        school: 's1',
        rooms: 3,
        bars: [
          [0, 500],
          [700, undefined],
        ],
      },
      { school: 's2', rooms: 1, bars: [[60, 400]] },
    ]);
  });
});
