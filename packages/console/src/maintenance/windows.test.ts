import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow } from '../api/answers.ts';
import { grouped } from './windows.ts';

const once = (start: number, now: number): MaintenanceWindow => ({
  id: `w-${start}`,
  note: '',
  kind: 'once',
  start,
  end: start + 10,
  ...(start + 10 > now && { next: { start, end: start + 10 } }),
});
const weekly: MaintenanceWindow = {
  id: 'weekly',
  note: '',
  kind: 'weekly',
  weekdays: [1],
  at: '02:00',
  minutes: 60,
  next: { start: 120, end: 130 },
};

describe('maintenance windows', () => {
  it('are those that are on, those that come, the next first, and those that are over, the latest first', () => {
    const windows = [once(10, 100), once(150, 100), weekly, once(95, 100), once(40, 100), once(110, 100)];
    const { running, coming, past } = grouped(windows, 100);
    const ids = (group: readonly MaintenanceWindow[]): string[] => group.map(({ id }) => id);
    expect([ids(running), ids(coming), ids(past)]).toEqual([
      ['w-95'],
      ['w-110', 'weekly', 'w-150'],
      ['w-40', 'w-10'],
    ]);
  });

  it('one that ended while the page was open is over', () => {
    expect(grouped([once(95, 100)], 106).past).toHaveLength(1);
  });

  it('one of each week never is', () => {
    expect(grouped([weekly], 200).past).toEqual([]);
  });
});
