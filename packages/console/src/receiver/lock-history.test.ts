import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue, Series } from '../api/answers.ts';
import { bucketOfChange, changeIn, firstIn, type Lock, lockOf, spansOf, stripOf } from './lock-history.ts';

const series = (start: number, every: number, values: readonly (FieldValue | null)[]): Series => ({
  times: values.map((_, index) => start + index * every),
  series: [{ tags: {}, values }],
});
const none: Series = { times: [], series: [] };

describe('the strip of a receiver', () => {
  it('shows the worst of each bucket, and tells silence of the receiver from the lack of readings', () => {
    expect(stripOf([1, 0, 1, null, null], [1, 1, 0, 0, null])).toEqual([
      'locked',
      'unlocked',
      'unanswered',
      'unanswered',
      undefined,
    ]);
  });

  it('joins what is alike over the pauses between readings, not over gaps', () => {
    const strip = ['locked', undefined, 'locked', undefined, undefined, 'locked', 'unlocked'] as const;
    expect(spansOf(strip, 1)).toEqual([
      { lock: 'locked', from: 0, to: 2 },
      { lock: 'locked', from: 5, to: 5 },
      { lock: 'unlocked', from: 6, to: 6 },
    ]);
  });
});

describe('since when a receiver is as it is', () => {
  it('is looked for in the newest bucket in which something was otherwise', () => {
    const coarse = {
      lowest: series(0, 100, [1, 0, 1, 1]),
      highest: series(0, 100, [1, 1, 1, 1]),
      ok: series(0, 100, [1, 1, 1, 1]),
    };
    expect(bucketOfChange(coarse, 'locked')).toBe(100);
    expect(bucketOfChange({ ...coarse, lowest: coarse.highest }, 'locked')).toBeUndefined();
    expect(bucketOfChange({ ...coarse, ok: series(0, 100, [1, 1, 0, 1]) }, 'locked')).toBe(200);
    expect(bucketOfChange(coarse, 'unlocked')).toBe(300);
    expect(bucketOfChange({ lowest: none, highest: none, ok: series(0, 100, [0]) }, 'unanswered')).toBe(
      undefined,
    );
  });

  it('is the first reading after the last that was otherwise; without one it is not known', () => {
    const locked = series(0, 10, [true, false, null, true, true]);
    const ok = series(0, 10, [true, true, false, true, true]);
    expect(changeIn(locked, ok, 'locked')).toBe(30);
    expect(changeIn(series(0, 10, [true, true]), ok, 'locked')).toBe(undefined);
    expect(changeIn(series(0, 10, [1, 0, 1]), none, 'locked')).toBe(20);
  });

  it('is the same whether it is looked for in all readings or by way of the buckets', () => {
    const reading = fc.constantFrom<Lock>('locked', 'unlocked', 'unanswered');
    fc.assert(
      fc.property(fc.array(reading, { minLength: 2, maxLength: 60 }), (readings) => {
        const now = readings.at(-1);
        if (now === undefined) return;
        const lockedOf = (all: readonly Lock[]): (boolean | null)[] =>
          all.map((lock) => (lock === 'unanswered' ? null : lock === 'locked'));
        const okOf = (all: readonly Lock[]): boolean[] => all.map((lock) => lock !== 'unanswered');
        const whole = changeIn(series(0, 1, lockedOf(readings)), series(0, 1, okOf(readings)), now);

        const buckets = Array.from({ length: Math.ceil(readings.length / 10) }, (_, index) =>
          readings.slice(index * 10, index * 10 + 10),
        );
        const fold = (pick: (...values: number[]) => number, of: typeof lockedOf): Series =>
          series(
            0,
            10,
            buckets.map((bucket) => {
              const values = of(bucket).flatMap((value) => (value === null ? [] : [Number(value)]));
              return values.length === 0 ? null : pick(...values);
            }),
          );
        const bucket = bucketOfChange(
          { lowest: fold(Math.min, lockedOf), highest: fold(Math.max, lockedOf), ok: fold(Math.min, okOf) },
          now,
        );
        if (bucket === undefined) {
          expect(whole).toBeUndefined();
          return;
        }
        const near = readings.slice(bucket, bucket + 20);
        expect(changeIn(series(bucket, 1, lockedOf(near)), series(bucket, 1, okOf(near)), now)).toBe(whole);
      }),
    );
  });

  it('is at least since the first reading there is', () => {
    expect(firstIn(series(50, 10, [null, true]))).toBe(60);
    expect(firstIn(none)).toBeUndefined();
  });

  it('reads lock from yes and no, and from the ones and noughts of minutes', () => {
    expect([lockOf(true, true), lockOf(0, 1), lockOf(null, false), lockOf(undefined, true)]).toEqual([
      'locked',
      'unlocked',
      'unanswered',
      undefined,
    ]);
  });
});
