import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { damage, meddle } from '../meddle.fixture.ts';
import { base, hour, ping, samplesOf } from '../plain-answers.contract.ts';
import { place, query, raw, write } from '../store-in-test.contract.ts';
import { describeTelemetryStore } from '../telemetry.contract.ts';
import { retention, type TelemetryStore } from '../telemetry.ts';
import { openSqliteStore } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'tongtang-sqlite-'));
const log = createLog('error');
let files = 0;

function newFile(): string {
  files += 1;
  return join(folder, `file-${files}`, 'telemetry.db');
}

async function using<T>(
  path: string,
  work: (store: TelemetryStore) => Promise<T>,
  nowS: () => number = () => Date.now() / 1000,
): Promise<T> {
  const store = openSqliteStore(path, { log, nowS });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const long = { from: base, to: base + 8 * 3600, every: 3600, agg: 'sum' } as const;

describe('SQLite', () => {
  describeTelemetryStore(() => ({
    open: async (name, clock) => openSqliteStore(join(folder, `${name}.db`), { log, nowS: () => clock.nowS }),
  }));

  it('gets the tables and columns that are new in the catalogue, and keeps what it has', async () => {
    const path = newFile();
    await using(path, (store) => write(store, ping(base, 'rtt_ms=1,sent=1i')));
    meddle(
      path,
      'ALTER TABLE raw_ping DROP COLUMN rtt_ms; ALTER TABLE minute_ping DROP COLUMN rtt_ms_sum; DROP TABLE raw_dns; DROP TABLE minute_dns',
    );
    await using(path, async (store) => {
      await write(store, ping(base, 'rtt_ms=2'), `dns,link=lan,target=resolver answers=1i ${base}`);
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([[base, 2]]);
      expect(await raw(store, 'ping', 'sent')).toEqual([[base, 1]]);
      await store.maintain(hour + 3600);
      expect((await store.series(query('rtt_ms', long))).series[0]?.values[0]).toBe(2);
    });
  });

  it('that turns out to be damaged while in use is set aside, and the next write goes into a new file', async () => {
    const path = newFile();
    await using(path, async (store) => {
      await store.write([
        {
          place,
          samples: samplesOf(...Array.from({ length: 5000 }, (_, at) => ping(base + at, 'rtt_ms=1'))),
        },
      ]);
      damage(path);
      await expect(raw(store, 'ping', 'rtt_ms')).rejects.toThrow(/malformed/);
      await write(store, ping(base, 'rtt_ms=2'));
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([[base, 2]]);
      expect(
        readdirSync(join(path, '..')).filter((name) => /^telemetry\.db\.damaged-[^.]+$/.test(name)),
      ).toHaveLength(1);
    });
  });

  it('takes points while rollups are being made', async () => {
    await using(newFile(), async (store) => {
      for (let agent = 0; agent < 40; agent += 1)
        await store.write([
          {
            place: { ...place, agent: `agent-${agent}` },
            samples: samplesOf(
              ...Array.from({ length: 500 }, (_, at) => ping(base + at * 10, `rtt_ms=${at}`)),
            ),
          },
        ]);
      const order: string[] = [];
      const maintained = store.maintain(hour + 3600).then(() => order.push('maintained'));
      for (let at = 0; at < 3; at += 1) {
        await new Promise(setImmediate);
        await write(store, ping(base + 5, `sent=${at}i`));
        order.push('written');
      }
      await maintained;
      expect(order).toEqual(['written', 'written', 'written', 'maintained']);
    });
  });

  it('never makes a minute again from raw points that have partly gone', async () => {
    const path = newFile();
    await using(path, async (store) => {
      await write(store, ping(base, 'rtt_ms=1'));
      await store.maintain(hour + 3600);
      await write(store, ping(base + 5, 'rtt_ms=2'));
    });
    meddle(
      path,
      `INSERT OR REPLACE INTO progress VALUES ('expired', ${base + 600}); DELETE FROM raw_ping WHERE time = ${base}`,
    );
    await using(path, async (store) => {
      await store.maintain(base + 600 + retention.rawS);
      expect((await store.series(query('rtt_ms', long))).series[0]?.values[0]).toBe(1);
    });
  });

  it('forgets minutes and series after their retention, and begins them anew', async () => {
    const path = newFile();
    const clock = { nowS: hour };
    await using(
      path,
      async (store) => {
        await write(store, ping(base, 'rtt_ms=1'));
        clock.nowS += retention.minuteS + 86_400;
        await store.maintain(clock.nowS);
        expect(await raw(store, 'ping', 'rtt_ms')).toEqual([]);
        const again = Math.floor(clock.nowS) - 5;
        await write(store, ping(again, 'rtt_ms=2'));
        const { times } = await store.series(query('rtt_ms', { to: again + 1 }));
        expect(times).toEqual([again]);
      },
      () => clock.nowS,
    );
    const database = new DatabaseSync(path);
    expect(database.prepare('SELECT count(*) AS n FROM series').get()).toEqual({ n: 1 });
    expect(database.prepare('SELECT count(*) AS n FROM minute_ping').get()).toEqual({ n: 0 });
    database.close();
  });

  it('a write that fails leaves nothing behind, and can be tried again', async () => {
    const path = newFile();
    await using(path, async (store) => {
      meddle(
        path,
        "CREATE TRIGGER full BEFORE INSERT ON raw_dns BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
      );
      const dns = `dns,link=lan,target=resolver answers=1i ${base}`;
      const both = [{ place, samples: samplesOf(ping(base, 'rtt_ms=1'), dns) }];
      await expect(store.write(both)).rejects.toThrow('disk is full');
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([]);
      meddle(path, 'DROP TRIGGER full');
      await store.write(both);
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([[base, 1]]);
      expect(await raw(store, 'dns', 'answers')).toEqual([[base, 1]]);
    });
  });

  it('has every point that it said it has, after being killed in the middle of writing and rolling up', async () => {
    const path = newFile();
    let next = 0;
    for (const delayMs of [400, 150, 250]) {
      const writer = spawn(
        process.execPath,
        [join(import.meta.dirname, 'write-forever.fixture.ts'), path, `${next}`],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const gone = once(writer, 'exit');
      let said = '';
      writer.stdout.on('data', (chunk: Buffer) => {
        if (said === '') setTimeout(() => writer.kill('SIGKILL'), delayMs);
        said += chunk.toString();
      });
      await gone;
      const acknowledged = said.split('\n').filter((line) => line !== '');
      expect(acknowledged.length).toBeGreaterThan(1);
      next = Number(acknowledged.at(-1)) + 1;
    }
    await using(path, async (store) => {
      const from = hour - 21 * 86_400;
      const { series } = await store.series({
        measurement: 'ping',
        field: 'sent',
        tags: {},
        from,
        to: hour,
        agg: 'last',
      });
      expect(series).toHaveLength(5);
      for (const { values } of series) {
        const groups = new Set(values.filter((value) => value !== null));
        for (let group = 0; group < next; group += 1) expect(groups.has(group), `group ${group}`).toBe(true);
      }
    });
  });
});
