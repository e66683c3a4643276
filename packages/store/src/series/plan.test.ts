import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesQuery } from '../telemetry.ts';
import { planSeries } from './plan.ts';

const day = 86_400;

function query(from: number, to: number, every?: number): SeriesQuery {
  const question = { measurement: 'ping', field: 'rtt_ms', tags: {}, from, to, agg: 'mean' } as const;
  return every === undefined ? question : { ...question, every };
}

describe('the plan of a series', () => {
  const reach = { rawFrom: 10 * day, minutesTo: 40 * day };

  it.each([
    ['a short range', query(39 * day, 39 * day + 3600, 60), [['raw', 39 * day, 39 * day + 3600]]],
    ['seconds', query(39 * day, 39 * day + 18_000, 1), [['raw', 39 * day, 39 * day + 18_000]]],
    [
      'a long range: minutes within, raw points at its edges',
      query(38 * day + 7, 40 * day + 61, 300),
      [
        ['raw', 38 * day + 7, 38 * day + 60],
        ['minute', 38 * day + 60, 40 * day],
        ['raw', 40 * day, 40 * day + 61],
      ],
    ],
    [
      'buckets that are no whole minutes, as far as there are raw points',
      query(9 * day, 11 * day, 90),
      [
        ['minute', 9 * day, 10 * day],
        ['raw', 10 * day, 11 * day],
      ],
    ],
    ['what only minutes have', query(day, 2 * day), [['minute', day, 2 * day]]],
  ])('reads %s', (_, question, segments) => {
    expect(planSeries(question, reach).segments.map(({ layer, from, to }) => [layer, from, to])).toEqual(
      segments,
    );
  });

  it('reads each second once at most, and leaves out none that there are raw points of', () => {
    const minute = fc.integer({ min: 0, max: 3000 }).map((value) => value * 60);
    fc.assert(
      fc.property(
        fc.record({ rawFrom: minute, rolledLater: minute }),
        fc.integer({ min: 0, max: 200_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.constantFrom(undefined, 60, 90, 300, 3600),
        ({ rawFrom, rolledLater }, from, length, every) => {
          const to = from + length;
          const { segments } = planSeries(query(from, to, every), {
            rawFrom,
            minutesTo: rawFrom + rolledLater,
          });
          let reached = from;
          for (const segment of segments) {
            expect(segment.from).toBeGreaterThanOrEqual(reached);
            expect(segment.to).toBeGreaterThan(segment.from);
            if (segment.from > reached)
              expect(segment.from).toBeLessThanOrEqual(Math.max(rawFrom, reached + 59));
            if (segment.layer === 'raw') expect(segment.from).toBeGreaterThanOrEqual(rawFrom);
            else expect(segment.from % 60).toBe(0);
            reached = segment.to;
          }
          expect(reached >= to || to <= rawFrom).toBe(true);
        },
      ),
    );
  });
});
