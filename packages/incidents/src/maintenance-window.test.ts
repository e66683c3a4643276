import { describe, expect, it } from 'vitest';
import { exclusionsOf } from './maintenance-window.ts';
import { monday } from './testing/county.ts';

describe('announced work', () => {
  it('recurs on its weekdays, by the clock of the county', () => {
    const window = { id: 'w', note: '', kind: 'weekly', weekdays: [1, 3], at: '02:00', minutes: 90 } as const;
    const found = exclusionsOf([window], 'Asia/Shanghai', monday, monday + 7 * 86_400 - 1);
    expect(found.map(({ start, end }) => [start - monday, end - start])).toEqual([
      [7200, 5400],
      [2 * 86_400 + 7200, 5400],
    ]);
  });

  it('counts where it began the day before', () => {
    const window = { id: 'w', note: '', kind: 'weekly', weekdays: [7], at: '23:30', minutes: 60 } as const;
    expect(exclusionsOf([window], 'Asia/Shanghai', monday + 60, monday + 600)).toHaveLength(1);
  });

  it('is left out where it lies elsewhere', () => {
    const window = { id: 'w', note: '', kind: 'once', start: 0, end: 100 } as const;
    expect(exclusionsOf([window], 'Asia/Shanghai', 100, 200)).toEqual([]);
  });
});
