import { describe, expect, it } from 'vitest';
import { describeContents } from './contents.contract.ts';
import { base, ping, samplesOf } from './plain-answers.contract.ts';
import { describeRollups } from './rollup.contract.ts';
import { place, query, raw, type Subject, starter, write } from './store-in-test.contract.ts';
import {
  retention,
  type SamplesQuery,
  type SeriesQuery,
  seriesPerAgent,
  type TelemetryStore,
  tooManySeries,
  UnfitQuery,
  UnknownSeries,
} from './telemetry.ts';

/** What every telemetry store promises. */
export function describeTelemetryStore(subject: () => Subject): void {
  const start = starter(subject);

  describe('points', () => {
    it('come back as they were written, each type of field', async () => {
      const { store } = await start();
      await write(
        store,
        ping(base, 'ok=true,rtt_ms=12.5,sent=10i'),
        ping(base + 10, 'ok=false,failure="path",error="said \\"no\\" \\\\o/ 超时"'),
      );
      expect(await raw(store, 'ping', 'ok')).toEqual([
        [base, true],
        [base + 10, false],
      ]);
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([[base, 12.5]]);
      expect(await raw(store, 'ping', 'sent')).toEqual([[base, 10]]);
      expect(await raw(store, 'ping', 'error')).toEqual([[base + 10, 'said "no" \\o/ 超时']]);
      expect(await raw(store, 'ping', 'rtt_max_ms')).toEqual([]);
    });

    it('written again overwrite, and fields merge', async () => {
      const { store } = await start();
      await write(store, ping(base, 'rtt_ms=1,sent=1i'));
      await write(store, ping(base, 'rtt_ms=2,received=3i'), ping(base, 'received=4i'));
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([[base, 2]]);
      expect(await raw(store, 'ping', 'sent')).toEqual([[base, 1]]);
      expect(await raw(store, 'ping', 'received')).toEqual([[base, 4]]);
    });

    it('are there from the start of a range to before its end', async () => {
      const { store } = await start();
      await write(store, ...[0, 1, 2, 3].map((second) => ping(base + second, `sent=${second}i`)));
      const { times } = await store.series(query('sent', { from: base + 1, to: base + 3 }));
      expect(times).toEqual([base + 1, base + 2]);
    });

    it('are there after a restart', async () => {
      const { store, again } = await start();
      await write(store, ping(base, 'rtt_ms=1'));
      const reopened = await again();
      expect(await raw(reopened, 'ping', 'rtt_ms')).toEqual([[base, 1]]);
      await write(reopened, ping(base, 'rtt_ms=2'));
      expect(await raw(reopened, 'ping', 'rtt_ms')).toEqual([[base, 2]]);
    });

    it('older than their retention are refused, and the rest is kept', async () => {
      const { store, clock } = await start();
      const old = ping(Math.floor(clock.nowS) - retention.rawS - 60, 'rtt_ms=1');
      const written = await store.write([{ place, samples: samplesOf(old, ping(base, 'rtt_ms=2')) }]);
      expect(written).toEqual({ refused: [{ agent: 'agent-1', line: old, reason: 'older than 30 days' }] });
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([[base, 2]]);
    });
  });

  describe('samples', () => {
    const of = (more: Partial<SamplesQuery> = {}): SamplesQuery => ({
      agent: 'agent-1',
      measurement: 'ping',
      fields: ['ok', 'rtt_ms', 'failure'],
      from: base,
      to: base + 100,
      most: 10,
      ...more,
    });

    it('are read as they were measured, with their own tags and the fields that were asked for', async () => {
      const { store } = await start();
      await write(
        store,
        ping(base, 'ok=true,rtt_ms=12.5,sent=10i'),
        ping(base + 10, 'ok=false,failure="path",sent=10i'),
        ping(base + 20, 'sent=10i'),
        ping(base + 100, 'ok=true'),
      );
      const samples = await store.samples(of());
      const tags = samples[0]?.tags ?? {};
      expect(tags.target).toBeDefined();
      expect(tags.agent).toBeUndefined();
      expect(samples).toEqual([
        { measurement: 'ping', tags, time: base, fields: { ok: true, rtt_ms: 12.5 } },
        { measurement: 'ping', tags, time: base + 10, fields: { ok: false, failure: 'path' } },
      ]);
    });

    it('are those of one agent, each series in the order of time', async () => {
      const { store } = await start();
      await write(
        store,
        ping(base + 20, 'rtt_ms=3'),
        ping(base, 'rtt_ms=1'),
        ping(base + 10, 'rtt_ms=2', 'b'),
      );
      const elsewhere = { place: { ...place, agent: 'agent-2' }, samples: samplesOf(ping(base, 'rtt_ms=9')) };
      await store.write([elsewhere]);
      const samples = await store.samples(of());
      const bySeries = Map.groupBy(samples, ({ tags }) => tags.target);
      expect([...bySeries.values()].map((own) => own.map(({ fields }) => fields.rtt_ms)).sort()).toEqual([
        [1, 3],
        [2],
      ]);
      expect(await store.samples(of({ agent: 'agent-3' }))).toEqual([]);
    });

    it('are refused where all series have more of them than who asks has room for', async () => {
      const { store } = await start();
      const lines = ['a', 'b', 'c'].flatMap((target) => [
        ping(base, 'ok=true', target),
        ping(base + 1, 'ok=true', target),
      ]);
      await write(store, ...lines);
      expect(await store.samples(of({ most: 6 }))).toHaveLength(6);
      await expect(store.samples(of({ most: 5 }))).rejects.toThrow(UnfitQuery);
      await expect(store.samples(of({ most: 0 }))).rejects.toThrow('more than 0 samples of ping of agent-1');
      expect(await store.samples(of({ most: 0, from: base + 2 }))).toEqual([]);
    });

    it('of what the catalogue does not have are refused', async () => {
      const { store } = await start();
      await expect(store.samples(of({ measurement: 'weather' }))).rejects.toThrow(UnknownSeries);
      await expect(store.samples(of({ fields: ['ok', 'rain_mm'] }))).rejects.toThrow(UnknownSeries);
    });
  });

  describe('an agent with more series than anybody measures', () => {
    const many = (from: number, to: number, time: number): string[] =>
      Array.from({ length: to - from }, (_, at) => ping(time, 'sent=1i', `t${from + at}`));

    it('has the further ones refused, now and after a restart, and its known ones go on', async () => {
      const { store, again } = await start();
      await write(store, ...many(0, seriesPerAgent, base));
      const further = many(5000, 5001, base + 10);
      const refused = [{ agent: 'agent-1', line: further[0], reason: tooManySeries }];
      const write2 = (to: TelemetryStore) =>
        to.write([{ place, samples: samplesOf(...further, ...many(0, 1, base + 10)) }]);
      expect(await write2(store)).toEqual({ refused });
      const reopened = await again();
      expect(await write2(reopened)).toEqual({ refused });
      const { series } = await reopened.series(query('sent', { tags: { target: 't0' } }));
      expect(series[0]?.values).toEqual([1, 1]);
      expect((await reopened.series(query('sent', { tags: { target: 't5000' } }))).series).toEqual([]);
    });

    it('has room for its own where it is moved to, however often, and no more than elsewhere', async () => {
      const { store } = await start();
      await write(store, ...many(0, seriesPerAgent, base));
      for (const moved of [
        { ...place, classroom: 'c9' },
        { ...place, cluster: 'west' },
        { ...place, school: 'no9' },
      ]) {
        const own = { place: moved, samples: samplesOf(...many(0, seriesPerAgent, base)) };
        expect(await store.write([own])).toEqual({ refused: [] });
        const further = { place: moved, samples: samplesOf(...many(5000, 5001, base)) };
        expect((await store.write([further])).refused).toHaveLength(1);
      }
    });

    it('takes nothing from others', async () => {
      const { store } = await start();
      await store.write([{ place, samples: samplesOf(...many(0, seriesPerAgent + 1, base)) }]);
      const other = { place: { ...place, agent: 'agent-2' }, samples: samplesOf(...many(0, 2, base)) };
      expect(await store.write([other])).toEqual({ refused: [] });
    });
  });

  describe('series', () => {
    it('carry the place and their own tags, and are chosen by any of them', async () => {
      const { store } = await start();
      const { cluster: _, ...alone } = { ...place, agent: 'agent-2', classroom: 'c2' };
      const school = '祁连县\\ 第二小学\\,\\ a\\=b';
      await store.write([
        { place, samples: samplesOf(ping(base, 'sent=1i', 'hub'), ping(base, 'sent=2i', school)) },
        { place: alone, samples: samplesOf(ping(base + 1, 'sent=3i', "o'hub\\x")) },
      ]);
      const chosen = async (tags: SeriesQuery['tags']): Promise<unknown[]> =>
        (await store.series(query('sent', { tags }))).series.map(
          ({ tags: { agent, target, cluster }, values }) => [agent, target, cluster, values],
        );
      const chinese = '祁连县 第二小学, a=b';
      expect(await chosen({ agent: 'agent-1', target: chinese })).toEqual([
        ['agent-1', chinese, 'east', [2]],
      ]);
      expect(await chosen({ target: "o'hub\\x" })).toEqual([['agent-2', "o'hub\\x", undefined, [3]]]);
      expect(await chosen({ school: 'no2-primary', link: 'lan' })).toEqual([]);
      expect((await chosen({ school: 'no2-primary' })).sort()).toEqual([
        ['agent-1', 'hub', 'east', [1, null]],
        ['agent-1', chinese, 'east', [2, null]],
        ['agent-2', "o'hub\\x", undefined, [null, 3]],
      ]);
    });

    it('that the catalogue has not are refused by name', async () => {
      const { store } = await start();
      const refusal = (more: Partial<SeriesQuery>): Promise<unknown> => store.series(query('rtt_ms', more));
      await expect(refusal({ measurement: 'pong' })).rejects.toThrow(
        new UnknownSeries('no measurement "pong"'),
      );
      await expect(refusal({ field: 'x' })).rejects.toThrow(new UnknownSeries('ping has no field "x"'));
      await expect(refusal({ tags: { interface: 'a' } })).rejects.toThrow(
        new UnknownSeries('ping has no tag "interface"'),
      );
    });

    it('of unfit ranges, buckets and aggregations are refused with the reason', async () => {
      const { store } = await start();
      const unfit = async (field: string, more: Partial<SeriesQuery>): Promise<unknown> => {
        const error = await store.series(query(field, more)).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(UnfitQuery);
        return error;
      };
      expect(await unfit('rtt_ms', { from: base, to: base })).toMatchObject({
        message: `from ${base} is not before to ${base}`,
      });
      expect(await unfit('rtt_ms', { every: 0.5 })).toMatchObject({
        message: 'every is 0.5, not a whole number of seconds',
      });
      expect(await unfit('rtt_ms', { every: 1, from: base - 20_000, to: base + 1 })).toMatchObject({
        message: 'more than 20000 values a series: widen "every" or shorten the range',
      });
      expect(await unfit('error', { every: 60, agg: 'mean' })).toMatchObject({
        message: 'ping.error is a text: it has last and count, not mean',
      });
    });

    it('of more raw points than anyone can look at are refused', async () => {
      const { store } = await start();
      const from = base - 86_400;
      await write(store, ...Array.from({ length: 20_001 }, (_, index) => ping(from + index, 'sent=1i')));
      await expect(store.series(query('sent', { from, to: base }))).rejects.toThrow(/more than 20000 values/);
      expect((await store.series(query('sent', { from, to: from + 20_000 }))).times).toHaveLength(20_000);
    });

    it('that are too many together for one answer are refused with a word about what to narrow', async () => {
      const { store } = await start();
      const from = base - 7200;
      const agents = Array.from({ length: 150 }, (_, at) => ({ ...place, agent: `agent-${at}` }));
      const sample = (second: number) => samplesOf(ping(from + second, 'sent=1i'));
      await store.write(agents.map((one, at) => ({ place: one, samples: sample(at) })));
      const refused = /more than 1000000 values in all: name an agent or a school, shorten the range/;
      const buckets = { from, to: from + 7000, every: 1, agg: 'count' } as const;
      await expect(store.series(query('sent', buckets))).rejects.toThrow(refused);
      await expect(store.series(query('sent', buckets))).rejects.toBeInstanceOf(UnfitQuery);
      const narrowed = await store.series(query('sent', { ...buckets, tags: { agent: 'agent-7' } }));
      expect([narrowed.times.length, narrowed.series.length]).toEqual([7000, 1]);
      const wider = await store.series(query('sent', { ...buckets, every: 60 }));
      expect(wider.series).toHaveLength(150);
    });

    it('whose times have nothing in common are refused before their table fills the memory', async () => {
      const { store } = await start();
      const from = base - 7200;
      const points = (agent: number) =>
        Array.from({ length: 40 }, (_, at) => ping(from + agent * 40 + at, 'sent=1i'));
      await store.write(
        Array.from({ length: 160 }, (_, at) => ({
          place: { ...place, agent: `agent-${at}` },
          samples: samplesOf(...points(at)),
        })),
      );
      await expect(store.series(query('sent', { from, to: base }))).rejects.toThrow(/values in all/);
    });
  });

  it('says that it can be used', async () => {
    const { store } = await start();
    await expect(store.check()).resolves.toBeUndefined();
  });

  describeRollups(subject);
  describeContents(subject);
}
