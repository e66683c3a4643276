import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSample, bridge, nearestKnown, presentOf, silences, slideTable, tableOf } from './table.ts';

const grid = { from: 100, every: 10, count: 5 };
const hub = { link: 'broadband', target: 'hub' };
const answer = {
  times: [100, 110, 120, 130, 140],
  series: [{ tags: hub, values: [1, null, 3, null, null] }],
};
const valuesOf = (table: ReturnType<typeof tableOf>) => table.lines.map(({ values }) => values);

describe('a table', () => {
  it('lays what the hub answered on its grid, whatever the axis of the answer', () => {
    expect(valuesOf(tableOf(answer, grid))).toEqual([[1, null, 3, null, null]]);
    const sparse = { times: [120, 999], series: [{ tags: hub, values: [true, 5] }] };
    expect(valuesOf(tableOf(sparse, grid))).toEqual([[null, null, 1, null, null]]);
  });

  it('appends a live sample, and lets a late one fill in its own past', () => {
    const table = tableOf(answer, grid);
    const live = addSample(table, { tags: hub, time: 141, value: 9 }, 'mean');
    const late = addSample(live, { tags: hub, time: 112, value: 7 }, 'mean');
    expect(valuesOf(late)).toEqual([[1, 7, 3, null, 9]]);
    expect(valuesOf(table)).toEqual([[1, null, 3, null, null]]);
  });

  it('knows the agent’s own tags from those that the hub adds', () => {
    const placed = { ...answer, series: [{ tags: { ...hub, school: 'arou' }, values: [1, 2, 3, 4, null] }] };
    expect(addSample(tableOf(placed, grid), { tags: hub, time: 140, value: 5 }, 'mean').lines).toHaveLength(
      1,
    );
  });

  it('begins a line for a series that was not there', () => {
    const table = addSample(tableOf(answer, grid), { tags: { target: 'new' }, time: 100, value: 2 }, 'mean');
    expect(valuesOf(table)[1]).toEqual([2, null, null, null, null]);
  });

  it('gives the same mean as if all samples of a bucket had come at once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }), (samples) => {
        const empty = tableOf({ times: [], series: [] }, grid);
        const table = samples.reduce(
          (sum, value) => addSample(sum, { tags: hub, time: 105, value }, 'mean'),
          empty,
        );
        const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
        expect(table.lines[0]?.values[0]).toBeCloseTo(mean, 6);
      }),
    );
  });

  it('aggregates as asked', () => {
    const once = (agg: 'max' | 'min' | 'sum' | 'last') =>
      addSample(tableOf(answer, grid), { tags: hub, time: 125, value: 2 }, agg).lines[0]?.values[2];
    expect([once('max'), once('min'), once('sum'), once('last')]).toEqual([3, 2, 5, 2]);
  });

  it('ignores what does not lie on the grid or is a text', () => {
    const table = tableOf(answer, grid);
    expect(addSample(table, { tags: hub, time: 99, value: 1 }, 'mean')).toBe(table);
    expect(addSample(table, { tags: hub, time: 150, value: 1 }, 'mean')).toBe(table);
    expect(addSample(table, { tags: hub, time: 140, value: 'refused' }, 'mean')).toBe(table);
  });

  it('slides: the past leaves, the present has room', () => {
    expect(valuesOf(slideTable(tableOf(answer, grid), { ...grid, from: 120 }))).toEqual([
      [3, null, null, null, null],
    ]);
  });
});

describe('gaps', () => {
  it('are not the empty buckets between two runs of a slow probe', () => {
    expect(bridge([1, null, null, 2, null, null, 3])).toEqual([
      1,
      undefined,
      undefined,
      2,
      undefined,
      undefined,
      3,
    ]);
  });

  it('are where three usual intervals and more are empty', () => {
    const values = [1, 2, 3, null, null, null, 4, 5];
    expect(bridge(values)).toEqual(values);
  });

  it('never lose or invent a value', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer())), (values) => {
        expect(bridge(values).map((value) => value ?? null)).toEqual(values);
      }),
    );
  });

  it('are told as spans, a short one at the end left out: its values are on their way', () => {
    const line = [null, null, 1, 2, undefined, 3, null, null];
    expect(silences([line], 8, 3)).toEqual([[0, 1]]);
    expect(silences([line], 8, 1)).toEqual([
      [0, 1],
      [6, 7],
    ]);
    expect(silences([line, [5, 5, null, null, null, null, null, 5]], 8, 1)).toEqual([[6, 6]]);
  });
});

describe('the value under the cursor', () => {
  it('is the nearest one within reach', () => {
    const values = [1, undefined, undefined, 4];
    expect(nearestKnown(values, 1, 3)).toBe(0);
    expect(nearestKnown(values, 2, 3)).toBe(3);
    expect(nearestKnown([null, null, 5], 0, 1)).toBeUndefined();
  });

  it('is the present one where there is no cursor, unless the line ended long ago', () => {
    expect(presentOf([1, 2, null], 1)).toBe(2);
    expect(presentOf([1, 2, null, null], 1)).toBeUndefined();
  });
});
