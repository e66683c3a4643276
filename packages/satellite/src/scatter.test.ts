import { seeded } from '@tongtang/probes/stamp/seeded.fixture';
import { describe, expect, it } from 'vitest';
import { median, scatter, smoothed } from './scatter.ts';

describe('median', () => {
  it.each([
    [[3], 3],
    [[1, 9, 2], 2],
    [[4, 1, 3, 2], 2],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe('smoothed', () => {
  it('takes out single outliers and leaves steps where they are', () => {
    expect(smoothed([5, 5, 9, 5, 5])).toEqual([5, 5, 5, 5, 5]);
    expect(smoothed([5, 5, 5, 2, 2, 2])).toEqual([5, 5, 5, 2, 2, 2]);
  });
});

describe('scatter', () => {
  // Twelve even ones together are near enough to normal, with a standard deviation of 1.
  const random = seeded(1);
  const noise = Array.from({ length: 400 }, () =>
    Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6),
  );

  it.each([
    ['a level', (): number => 12],
    ['a slope', (index: number): number => 12 - 2 * index],
    ['steps', (index: number): number => 12 - 9 * Math.floor(index / 100)],
  ])('about %s is found', (_, course) => {
    const found = scatter(
      noise.map((value, index) => course(index) + value),
      0.1,
    );
    expect(found).toBeGreaterThan(0.9);
    expect(found).toBeLessThan(1.1);
  });

  it('is not below what a display rounds away', () => {
    expect(scatter([12, 12, 12, 12], 0.1)).toBe(0.1);
    expect(scatter([12], 0.1)).toBe(0.1);
  });
});
