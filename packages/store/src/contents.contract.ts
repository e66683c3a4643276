import { measurementNames } from '@tongtang/model/catalogue';
import { describe, expect, it } from 'vitest';
import { type Layer, layers, type Piece, type Span } from './contents.ts';
import { base, hour, ping, samplesOf, scatter } from './plain-answers.contract.ts';
import { place, type Subject, starter, write } from './store-in-test.contract.ts';
import type { TelemetryStore } from './telemetry.ts';

/** What every telemetry store promises of all that it holds, taken out of it and put into another one. */
export function describeContents(subject: () => Subject): void {
  const start = starter(subject);

  describe('contents', () => {
    const stream = `mpegts,link=stream,target=lesson ok=true,packets=12i,score_from="rtp",loss_ratio=0 ${base}`;

    it('are all that was written and all minutes of it, and another store holds the same', async () => {
      const [from, to] = [await start(), await start()];
      const { cluster: _, ...alone } = { ...place, agent: 'agent-2', classroom: 'c 2,=' };
      await from.store.write([
        { place, samples: [...scatter(), ...samplesOf(stream)] },
        { place: alone, samples: samplesOf(ping(base, 'ok=false,error="said \\"no\\" \\\\o/ 超时"')) },
      ]);
      await from.store.maintain(hour + 3600);
      for (const layer of layers) {
        const held = await contentsOf(from.store, layer);
        expect(held.map(({ measurement, tags }) => `${measurement} ${tags.agent}`)).toEqual([
          'ping agent-1',
          'ping agent-2',
          'mpegts agent-1',
        ]);
        await to.store.restore(held);
        expect(await contentsOf(to.store, layer)).toEqual(held);
        // Twice is once.
        await to.store.restore(held);
        expect(await contentsOf(to.store, layer)).toEqual(held);
      }
      const [first] = await contentsOf(to.store, 'raw');
      expect(first?.rows.map(({ time }) => time)).toEqual(scatter().map(({ time }) => time));
    });

    it('are those of the span alone, from its start to before its end', async () => {
      const { store } = await start();
      await write(store, ...[0, 60, 120].map((second) => ping(base + second, 'sent=1i')));
      await store.maintain(hour + 3600);
      for (const layer of layers) {
        const [piece] = await contentsOf(store, layer, { from: base + 60, to: base + 120 });
        expect(piece?.rows.map(({ time }) => time)).toEqual([base + 60]);
      }
    });

    it('of old minutes are taken, and points that were put in make none of their own', async () => {
      const [from, to] = [await start(), await start()];
      await write(from.store, ping(base, 'rtt_ms=1'), ping(base + 10, 'rtt_ms=3'));
      await from.store.maintain(hour + 3600);
      const yearS = 365 * 86_400;
      const old = (await contentsOf(from.store, 'minute')).map(
        (piece): Piece =>
          piece.layer === 'minute'
            ? { ...piece, rows: piece.rows.map((minute) => ({ ...minute, time: minute.time - yearS })) }
            : piece,
      );
      await to.store.restore(await contentsOf(from.store, 'raw'));
      await to.store.restore(old);
      await to.store.maintain(hour + 3600);
      expect(await contentsOf(to.store, 'minute', { from: 0, to: base - 86_400 })).toEqual(old);
      expect(await contentsOf(to.store, 'minute', { from: base - 86_400, to: hour })).toEqual([]);
    });
  });
}

/** Every series whole, in the order of the catalogue and of their tags. */
export async function contentsOf(
  store: TelemetryStore,
  layer: Layer,
  span: Span = { from: 0, to: hour + 2 * 86_400 },
): Promise<Piece[]> {
  const series = new Map<string, Piece>();
  for (const measurement of measurementNames)
    for await (const piece of store.contents(layer, measurement, span)) {
      const tags = Object.fromEntries(Object.entries(piece.tags).sort(([a], [b]) => (a < b ? -1 : 1)));
      const key = `${measurementNames.indexOf(measurement).toString().padStart(3)} ${JSON.stringify(tags)}`;
      series.set(key, joined(series.get(key), { ...piece, tags }));
    }
  return [...series].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, piece]) => piece);
}

function joined(before: Piece | undefined, piece: Piece): Piece {
  if (before?.layer === 'raw' && piece.layer === 'raw')
    return { ...piece, rows: [...before.rows, ...piece.rows] };
  if (before?.layer === 'minute' && piece.layer === 'minute')
    return { ...piece, rows: [...before.rows, ...piece.rows] };
  return piece;
}
