import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Influxd, startInfluxd } from '../../../../tests/services/influxd.ts';
import { contentsOf } from '../contents.contract.ts';
import type { Piece } from '../contents.ts';
import { openTelemetryStore } from '../open.ts';
import { ping, samplesOf } from '../plain-answers.contract.ts';
import { place, write } from '../store-in-test.contract.ts';
import type { TelemetryStore } from '../telemetry.ts';
import { MigrationJournal } from './journal.ts';
import { type Migration, migrate } from './migrate.ts';

const dayS = 86_400;
/** A clock that stands: nothing of what is compared grows too old meanwhile. */
const now = Math.floor(Date.now() / 1000);
const noon = now - (now % dayS) - dayS / 2;

let influxd: Influxd;
const folder = mkdtempSync(join(tmpdir(), 'tongtang-migrate-'));
const opened: TelemetryStore[] = [];
beforeAll(async () => {
  influxd = await startInfluxd({ inMemory: true });
});
afterAll(async () => {
  for (const store of opened) await store.close();
  await influxd.stop();
  rmSync(folder, { recursive: true });
});

let stores = 0;

async function newStore(kind: 'sqlite' | 'influx', nowS = (): number => now): Promise<TelemetryStore> {
  stores += 1;
  const own = join(folder, `store-${stores}`);
  const location = kind === 'sqlite' ? 'sqlite:' : `${influxd.url}/store${stores}`;
  const store = await openTelemetryStore(location, { dataFolder: own, log: createLog('error'), nowS });
  opened.push(store);
  return store;
}

function migrationOf(source: TelemetryStore, target: TelemetryStore): Migration & { path: string } {
  const path = join(folder, `journal-${stores}`);
  const journal = new MigrationJournal(path);
  return {
    source: { store: source, shown: 'the one' },
    target: { store: target, shown: 'the other' },
    journal,
    nowS: () => now,
    path,
  };
}

/** Two agents with points of four days, of which the last hour is not rolled up; and a minute of last year. */
async function fullStore(kind: 'sqlite' | 'influx'): Promise<TelemetryStore> {
  let clock = noon - 4 * dayS;
  const store = await newStore(kind, () => clock);
  const lines = (from: number, to: number): string[] =>
    Array.from({ length: Math.floor((to - from) / 600) }, (_, at) => {
      const time = from + at * 600;
      return at % 5 === 0
        ? ping(time, `ok=false,failure="path",error="超时 ${at}"`)
        : ping(time, `ok=true,rtt_ms=${10 + (at % 7) / 3},sent=4i,received=4i,loss_ratio=0`);
    });
  const batch = (from: number, to: number) =>
    ['agent-1', 'agent-2'].map((agent) => ({
      place: { ...place, agent },
      samples: samplesOf(...lines(from, to)),
    }));
  for (let from = clock; from < noon; from += dayS) {
    clock = from + dayS;
    expect(await store.write(batch(from, clock))).toEqual({ refused: [] });
    await store.maintain(clock);
  }
  clock = now;
  expect(await store.write(batch(now - 3000, now))).toEqual({ refused: [] });
  const [piece] = (await contentsOf(store, 'minute')).map(
    (held): Piece =>
      held.layer === 'minute'
        ? {
            ...held,
            rows: held.rows.slice(0, 1).map((minute) => ({ ...minute, time: minute.time - 365 * dayS })),
          }
        : held,
  );
  if (piece !== undefined) await store.restore([piece]);
  return store;
}

describe('a migration', () => {
  it('from SQLite to InfluxDB and back leaves all as it was, and both stores with the same', async () => {
    const first = await fullStore('sqlite');
    const [influx, second] = [await newStore('influx'), await newStore('sqlite')];
    const there = await migrate(migrationOf(first, influx));
    expect(there.raw).toBe(2 * (4 * 144 + 5));
    expect(there.minute).toBeGreaterThan(2 * 4 * 144);
    const [raw, minutes] = [await contentsOf(first, 'raw'), await contentsOf(first, 'minute')];
    expect(await contentsOf(influx, 'raw')).toEqual(raw);
    expect(await contentsOf(influx, 'minute')).toEqual(minutes);
    expect(minutes[0]?.rows[0]?.time).toBeLessThan(now - 300 * dayS);

    const back = await migrate(migrationOf(influx, second));
    expect(back).toEqual(there);
    expect(await contentsOf(second, 'raw')).toEqual(raw);
    expect(await contentsOf(second, 'minute')).toEqual(minutes);
  });

  it.each(['sqlite', 'influx'] as const)('to %s leaves nothing that is never rolled up', async (kind) => {
    const source = await newStore('sqlite');
    const target = await newStore(kind);
    await write(source, ping(now - 100, 'rtt_ms=1'), ping(now - 60, 'rtt_ms=3'));
    await migrate(migrationOf(source, target));
    expect(await contentsOf(target, 'minute')).toEqual([]);
    await source.maintain(now + 1800);
    await target.maintain(now + 1800);
    const minutes = await contentsOf(target, 'minute');
    expect(minutes.flatMap(({ rows }) => [...rows]).length).toBeGreaterThan(0);
    expect(minutes).toEqual(await contentsOf(source, 'minute'));
  });

  it('tells how far it has come, the newest day first', async () => {
    const migration = migrationOf(await fullStore('sqlite'), await newStore('sqlite'));
    const days: string[] = [];
    let share = 0;
    await migrate({
      ...migration,
      onDay: (done) => {
        expect(done.share).toBeGreaterThanOrEqual(share);
        share = done.share;
        days.push(`${done.layer} ${done.day}`);
      },
    });
    const raw = days.filter((day) => day.startsWith('raw'));
    expect(raw.length).toBeGreaterThan(4);
    expect(raw).toEqual([...raw].sort().reverse());
    expect(share).toBeLessThanOrEqual(1);
  });

  it('that broke off goes on with the day that it was at, and copies no day twice that is done', async () => {
    const source = await fullStore('sqlite');
    const target = await newStore('influx');
    const migration = migrationOf(source, target);
    let left = 3;
    const breaking = insteadOf(target, {
      restore: async (pieces) => {
        // A part of the day is in when it breaks.
        await target.restore(pieces);
        if (pieces.length > 0) left -= 1;
        if (left === 0) throw new Error('the line is cut');
      },
    });
    await expect(migrate({ ...migration, target: { ...migration.target, store: breaking } })).rejects.toThrow(
      'the line is cut',
    );
    const days: number[] = [];
    const migrated = await migrate({
      ...migration,
      onDay: ({ layer, day }) => {
        if (layer === 'raw') days.push(day);
      },
    });
    expect(days.length).toBeGreaterThan(1);
    expect(days).not.toContain(noon - dayS / 2 + dayS);
    expect(migrated.raw).toBe(2 * (4 * 144 + 5));
    expect(await contentsOf(target, 'raw')).toEqual(await contentsOf(source, 'raw'));
    expect(await contentsOf(target, 'minute')).toEqual(await contentsOf(source, 'minute'));
    expect(existsSync(migration.path)).toBe(false);
  });

  it('notices a point that was lost, and a value that was changed', async () => {
    const source = await fullStore('sqlite');
    const meddling = async (change: (piece: Piece) => Piece): Promise<void> => {
      const target = await newStore('sqlite');
      const store = insteadOf(target, { restore: (pieces) => target.restore(pieces.map(change)) });
      const migration = migrationOf(source, target);
      await migrate({ ...migration, target: { ...migration.target, store } });
    };
    const lost = (piece: Piece): Piece =>
      piece.layer === 'minute' ? { ...piece, rows: piece.rows.slice(1) } : piece;
    await expect(meddling(lost)).rejects.toThrow(
      /^\d{4}-\d\d-\d\d, minute: \d+ points, .* in the one, \d+ points/,
    );
    const changed = (piece: Piece): Piece =>
      piece.layer === 'raw'
        ? {
            ...piece,
            rows: piece.rows.map(({ time, values }) => ({
              time,
              values: values.map((value) => (value === 4 ? 5 : value)),
            })),
          }
        : piece;
    await expect(meddling(changed)).rejects.toThrow(/, raw: .*sum/);
  });

  it('is refused where the target holds something, and the journal of another is not taken for its own', async () => {
    const [source, target] = [await newStore('sqlite'), await newStore('influx')];
    await write(target, ping(now - 60, 'rtt_ms=1'));
    const migration = migrationOf(source, target);
    await expect(migrate(migration)).rejects.toThrow('the other holds telemetry already: name an empty one');
    migration.journal.write({ from: 'a third', to: 'the other', began: now, rolled: now, done: [] });
    await expect(migrate(migration)).rejects.toThrow('a migration from a third to the other is under way');
  });
});

/** A store in which some of what it does is done otherwise. */
function insteadOf(store: TelemetryStore, other: Partial<TelemetryStore>): TelemetryStore {
  return {
    write: (batches) => store.write(batches),
    series: (query) => store.series(query),
    samples: (query) => store.samples(query),
    contents: (layer, measurement, span) => store.contents(layer, measurement, span),
    restore: (pieces) => store.restore(pieces),
    maintain: (nowS) => store.maintain(nowS),
    check: () => store.check(),
    close: () => store.close(),
    ...other,
  };
}
