import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '@tongtang/runtime/folder-lock';
import { createLog } from '@tongtang/runtime/log';
import type { Piece } from '@tongtang/store/contents';
import { openTelemetryStore } from '@tongtang/store/open';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { type Influxd, startInfluxd } from '../services/influxd.ts';
import { dataFolder, launch, tongtang } from '../services/tongtang.ts';

const dayS = 86_400;
const days = 12;
const agents = 40;
const perDay = 144;

let influxd: Influxd;
const data = dataFolder();
const environment = { TONGTANG_DATA: data.path };
const influx = (): string => influxd.url.replace('//', '//tongtang:a-secret-of-tests@');

beforeAll(async () => {
  influxd = await startInfluxd({ inMemory: true });
  await fill();
});
afterAll(async () => {
  await influxd.stop();
  data.remove();
});

/** Twelve days of forty agents, in the SQLite file of the hub. */
async function fill(): Promise<void> {
  const start = Math.floor(Date.now() / 1000 / dayS - days) * dayS;
  const store = await openTelemetryStore('sqlite:', { dataFolder: data.path, log: createLog('error') });
  const pieces = Array.from({ length: agents }, (_, agent): Piece => {
    const tags = { county: 'local', school: 'school', classroom: `c${agent}`, agent: `a-${agent}` };
    const rows = Array.from({ length: days * perDay }, (_, at) => ({
      time: start + at * 600,
      values: [0.25 * (at % 4), 0.5, 8_000_000_000, 1_000_000 * at, 0.5, at * 600, null],
    }));
    return { layer: 'raw', measurement: 'host', tags, rows };
  });
  await store.restore(pieces);
  await store.close();
}

const migrate = (...words: readonly string[]) => tongtang(['store', 'migrate', ...words], environment);

describe('tongtang store migrate', () => {
  it('killed in the middle goes on where it was, and ends with all of it in the other store', async () => {
    const to = `${influx()}/migrated`;
    const killed = launch(['store', 'migrate', '--to', to], environment);
    await eventually(
      'a day that is done',
      () => (/ raw /.test(killed.output()) ? true : undefined),
      60_000,
      5,
    );
    await killed.kill9();
    expect(existsSync(join(data.path, 'hub', 'migration.json'))).toBe(true);
    expect(killed.output()).not.toContain('samples and');

    const { code, output } = await migrate('--to', to);
    expect([code, output]).toEqual([
      0,
      expect.stringContaining(`${days * agents * perDay} samples and 0 minutes`),
    ]);
    expect(output).not.toContain('a-secret-of-tests');
    expect(output.match(/ raw /g)?.length).toBeLessThan(days);
    expect(existsSync(join(data.path, 'hub', 'migration.json'))).toBe(false);
    const counted = await fetch(
      `${influxd.url}/query?${new URLSearchParams({ db: 'migrated', q: 'SELECT count("uptime_s"), sum("uptime_s") FROM "raw"."host"' })}`,
      { method: 'POST' },
    );
    const each = days * perDay;
    expect(await counted.text()).toContain(`,${agents * each},${(agents * 600 * (each * (each - 1))) / 2}]`);
  });

  it('and back, into another file', async () => {
    const file = join(data.path, 'back.db');
    const { code, output } = await migrate('--from', `${influx()}/migrated`, '--to', `sqlite:${file}`);
    expect([code, output]).toEqual([0, expect.stringContaining(`${days * agents * perDay} samples`)]);
  });

  it('waits for no hub: one that runs is named', async () => {
    const unlock = lockFolder(join(data.path, 'hub'));
    const { code, output } = await migrate('--to', `${influx()}/another`);
    unlock?.();
    expect([code, output]).toEqual([1, expect.stringMatching(/^A hub runs on .*: stop it first/)]);
  });

  it.each([
    [[], 'Name one side with --from or --to'],
    [['--from', 'sqlite:'], 'Both sides are "sqlite:"'],
    [['--to', 'ftp://example'], 'store: want sqlite:'],
    [['--to', 'http://127.0.0.1:1/db'], 'InfluxDB: connect ECONNREFUSED'],
    [['--to', 'http://127.0.0.1:1'], 'names no database'],
  ])('says in one line what is wrong: %j', async (words, said) => {
    const { code, output } = await migrate(...words);
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain(said);
  });

  it('leaves a store that holds something alone', async () => {
    const { code, output } = await migrate('--to', `${influx()}/migrated`);
    expect([code, output]).toEqual([1, expect.stringContaining('/migrated holds telemetry already')]);
  });
});
