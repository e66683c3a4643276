import type { FieldValue } from '@tongtang/model/sample';
import type { DecodedSample } from '@tongtang/wire/line-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base, hour, model, ping, rounded, scatter } from './plain-answers.contract.ts';
import { place, query, raw, type Subject, starter, write } from './store-in-test.contract.ts';
import { aggregations, type SeriesQuery, type SeriesResult, type TelemetryStore } from './telemetry.ts';

/** What every telemetry store promises of buckets and of the minutes behind them. */
export function describeRollups(subject: () => Subject): void {
  const start = starter(subject);

  describe('buckets', () => {
    it('start at multiples of their width, and an empty one is seen', async () => {
      const { store } = await start();
      await write(store, ping(base + 5, 'sent=1i'), ping(base + 250, 'sent=2i'));
      const answer = await store.series(
        query('sent', { from: base + 5, to: base + 251, every: 60, agg: 'sum' }),
      );
      expect(answer.times).toEqual([0, 60, 120, 180, 240].map((second) => base + second));
      expect(answer.series[0]?.values).toEqual([1, null, null, null, 2]);
    });

    const points = scatter();
    it.each(aggregations)('hold the %s of their points, from raw points', async (agg) => {
      const { store } = await start();
      await store.write([{ place, samples: points }]);
      for (const field of ['rtt_ms', 'sent', 'ok'])
        await expectModel(store, points, field, { every: 90, agg, from: base, to: base + 5 * 3600 });
    });

    it('hold the last text and the count of texts', async () => {
      const { store } = await start();
      await store.write([{ place, samples: points }]);
      for (const agg of ['last', 'count'] as const) {
        await expectModel(store, points, 'error', { every: 90, agg, from: base, to: base + 5 * 3600 });
        await store.maintain(hour + 3600);
        await expectModel(store, points, 'error', { every: 600, agg, from: base, to: base + 8 * 3600 });
      }
    });

    it('hold the same from minutes as from raw points, at the edges too', async () => {
      const { store } = await start();
      await store.write([{ place, samples: points }]);
      await store.maintain(hour + 3600);
      for (const agg of aggregations)
        for (const field of ['rtt_ms', 'sent', 'ok'])
          await expectModel(store, points, field, {
            every: 600,
            agg,
            from: base + 17,
            to: base + 7 * 3600 + 31,
          });
    });
  });

  describe('rollups', () => {
    it('are corrected by late points, however often they are made', async () => {
      const { store } = await start();
      await write(store, ping(base, 'rtt_ms=1'));
      await store.maintain(hour + 3600);
      await write(store, ping(base, 'rtt_ms=3'), ping(base + 30, 'rtt_ms=5'), ping(base + 7200, 'rtt_ms=7'));
      await store.maintain(hour + 3660);
      await store.maintain(hour + 3720);
      const long = { from: base, to: base + 8 * 3600, every: 3600 } as const;
      expect(
        (await store.series(query('rtt_ms', { ...long, agg: 'sum' }))).series[0]?.values.slice(0, 3),
      ).toEqual([8, null, 7]);
      expect((await store.series(query('rtt_ms', { ...long, agg: 'count' }))).series[0]?.values[0]).toBe(2);
    });

    it('go on after a restart where they stopped', async () => {
      const { store, again } = await start();
      await write(store, ping(base, 'rtt_ms=4'));
      const reopened = await again();
      await reopened.maintain(hour + 3600);
      const answer = await reopened.series(query('rtt_ms', { from: base, to: base + 8 * 3600, every: 3600 }));
      expect(answer.series[0]?.values[0]).toBe(4);
    });

    it('do not depend on the order or the number of times in which points came', async () => {
      const points = scatter().slice(0, 120);
      const expected = model(points, 'rtt_ms', 600, 'mean');
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray(points, { minLength: points.length }),
          fc.subarray(points),
          fc.array(fc.nat(points.length), { minLength: 1, maxLength: 3 }),
          async (order, repeated, cuts) => {
            const { store } = await start();
            const all = [...order, ...repeated];
            let from = 0;
            for (const cut of [...cuts.sort((a, b) => a - b), all.length]) {
              await store.write([{ place, samples: all.slice(from, cut) }]);
              await store.maintain(hour + 3600);
              from = cut;
            }
            const to = base + 8 * 3600;
            expect(toMap(await store.series(query('rtt_ms', { from: base, to, every: 600 })))).toEqual(
              rounded(expected),
            );
            expect(await raw(store, 'ping', 'rtt_ms')).toHaveLength(
              points.filter(({ fields }) => fields.rtt_ms !== undefined).length,
            );
          },
        ),
        { numRuns: 5 },
      );
    });

    it('and points are as they should be after a clock that was weeks ahead is set right', async () => {
      const { store, clock } = await start();
      const right = clock.nowS;
      await write(store, ping(base, 'rtt_ms=1'));
      // A store is maintained by a time that was believed; here it was wrong all the same.
      clock.nowS += 45 * 86_400;
      await store.maintain(clock.nowS);
      clock.nowS = right;
      await write(store, ping(base + 30, 'rtt_ms=3'));
      await store.maintain(right);
      await write(store, ping(base + 60, 'rtt_ms=5'));
      await store.maintain(right + 60);
      const recent = await store.series(query('rtt_ms', { from: base + 30, to: base + 120 }));
      expect(recent.series[0]?.values).toEqual([3, 5]);
      const minutes = { from: base, to: base + 8 * 3600, every: 3600, agg: 'max' } as const;
      expect((await store.series(query('rtt_ms', minutes))).series[0]?.values[0]).toBe(5);
    });

    it('outlive the raw points by far', async () => {
      const { store, clock } = await start();
      await write(store, ping(base, 'rtt_ms=1,ok=true'), ping(base + 10, 'rtt_ms=2,ok=false'));
      await store.maintain(hour + 3600);
      clock.nowS += 40 * 86_400;
      await store.maintain(clock.nowS);
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([[base, 1.5]]);
      const to = base + 3600;
      const ok = await store.series(query('ok', { from: base, to, every: 3600 }));
      expect(ok.series[0]?.values).toEqual([0.5]);
    });
  });
}

async function expectModel(
  store: TelemetryStore,
  points: readonly DecodedSample[],
  field: string,
  range: Required<Pick<SeriesQuery, 'every' | 'agg' | 'from' | 'to'>>,
): Promise<void> {
  const inRange = points.filter(({ time }) => time >= range.from && time < range.to);
  const expected = model(inRange, field, range.every, range.agg);
  expect(expected.size).toBeGreaterThan(10);
  expect(toMap(await store.series(query(field, range)))).toEqual(rounded(expected));
}

function toMap({ times, series }: SeriesResult): Map<number, FieldValue> {
  const values = new Map<number, FieldValue>();
  for (const [index, time] of times.entries()) {
    const value = series[0]?.values[index];
    if (value !== null && value !== undefined) values.set(time, value);
  }
  return rounded(values);
}
