import { secondsAt, weekdayOf } from '@tongtang/lessons/plain-date';
import { countVisits, targetsOf } from '@tongtang/lessons/visits/count-visits';
import { spansOf } from '@tongtang/lessons/visits/spans';
import { visitKinds } from '@tongtang/model/visit';
import { qilian } from '@tongtang/simulator/county/qilian';
import { describe, expect, it } from 'vitest';
import { demoTimetable } from './demo-timetable.ts';
import { demoVisits } from './demo-visits.ts';

const inventory = qilian();
const on = (today: string) => {
  const shownAtS = secondsAt(today, '10:00', inventory.county.timezone);
  const timetable = demoTimetable(inventory, shownAtS);
  return { timetable, visits: demoVisits(inventory, timetable, shownAtS) };
};

describe('the register of the demonstration', () => {
  it.each(['2026-11-29', '2026-03-02', '2026-08-01', '2027-01-31'])(
    'has on %s nothing that is still to come, and nothing on a weekend',
    (today) => {
      const { visits } = on(today);
      expect(visits.length).toBeGreaterThan(0);
      expect(visits.filter(({ date }) => date > today || weekdayOf(date) > 5)).toEqual([]);
      expect(new Set(visits.map((visit) => JSON.stringify(visit))).size).toBe(visits.length);
    },
  );

  it('has late in a term some of every kind, and schools that are behind beside some that are not', () => {
    const { visits, timetable } = on('2027-07-12');
    const period = { from: '2027-07-12', to: '2027-07-12' };
    const spans = spansOf(period, timetable.terms);
    const { spans: told, schools } = countVisits(visits, targetsOf(inventory), spans, inventory.schools);
    expect(told.map(({ kind }) => kind)).toEqual(visitKinds);
    expect(told.every(({ done }) => done > 0)).toBe(true);
    const behind = schools.filter(({ kinds }) => visitKinds.some((kind) => kinds[kind].missing > 0));
    expect(behind.length).toBeGreaterThan(2);
    expect(behind.length).toBeLessThan(schools.length - 2);
  });
});
