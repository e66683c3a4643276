import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Influxd, startInfluxd } from '../../../../tests/services/influxd.ts';
import { base, hour, ping, samplesOf } from '../plain-answers.contract.ts';
import { place, query, raw, write } from '../store-in-test.contract.ts';
import { describeTelemetryStore } from '../telemetry.contract.ts';
import type { TelemetryStore } from '../telemetry.ts';
import { parseInfluxLocation } from './location.ts';
import { openInfluxStore } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'tongtang-influx-'));

function open(url: string, name: string, nowS = (): number => Date.now() / 1000): TelemetryStore {
  const journal = join(folder, `${name}.db`);
  return openInfluxStore(parseInfluxLocation(url), { journal, log: createLog('error'), nowS });
}

async function influxql(url: string, statement: string): Promise<string> {
  const answer = await fetch(`${url}/query?${new URLSearchParams({ q: statement })}`, { method: 'POST' });
  return await answer.text();
}

describe('InfluxDB', () => {
  let influxd: Influxd;
  beforeAll(async () => {
    influxd = await startInfluxd();
  });
  afterAll(() => influxd.stop());

  async function using<T>(name: string, work: (store: TelemetryStore) => Promise<T>): Promise<T> {
    const store = open(`${influxd.url}/${name}`, name);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  describeTelemetryStore(() => ({
    open: async (name, clock) => open(`${influxd.url}/${name}`, name, () => clock.nowS),
  }));

  it('gets its database and retention policies when it is first used', async () => {
    await using('fresh', (store) => store.check());
    const policies = await influxql(influxd.url, 'SHOW RETENTION POLICIES ON fresh');
    expect(policies).toContain('["raw","720h0m0s","24h0m0s",1,true]');
    expect(policies).toContain('["minute","17520h0m0s","168h0m0s",1,false]');
  });

  it('that has lost its database gets it again with the next write', async () => {
    await using('lost', async (store) => {
      await write(store, ping(base, 'rtt_ms=1'));
      await influxql(influxd.url, 'DROP DATABASE lost');
      await write(store, ping(base, 'rtt_ms=2'));
      expect(await raw(store, 'ping', 'rtt_ms')).toEqual([[base, 2]]);
      await influxql(influxd.url, 'DROP DATABASE lost');
      await expect(store.check()).resolves.toBeUndefined();
    });
  });

  it('names each line that it will never take, and keeps all others', async () => {
    await using('conflict', async (store) => {
      await store.check();
      const foreign = `ping,foreign=yes rtt_ms="a text" ${base}`;
      await fetch(`${influxd.url}/write?db=conflict&rp=raw&precision=s`, { method: 'POST', body: foreign });
      const lines = Array.from({ length: 300 }, (_, at) =>
        ping(base + at, at % 100 === 7 ? 'rtt_ms=1' : `sent=${at}i`),
      );
      const { refused } = await store.write([{ place, samples: samplesOf(...lines) }]);
      expect(refused.map(({ agent, line }) => [agent, line])).toEqual(
        [7, 107, 207].map((at) => ['agent-1', expect.stringMatching(` rtt_ms=1 ${base + at}$`)]),
      );
      expect(refused[0]?.reason).toContain('field type conflict: input field "rtt_ms"');
      expect(await raw(store, 'ping', 'sent')).toHaveLength(297);
    });
  });

  it('rolls up what was late also when the hub was restarted in between', async () => {
    const long = { from: base, to: base + 8 * 3600, every: 3600, agg: 'sum' } as const;
    await using('journal', async (store) => {
      await write(store, ping(base, 'rtt_ms=1'));
      await store.maintain(hour + 3600);
      await write(store, ping(base + 1200, 'rtt_ms=2'));
    });
    await using('journal', async (store) => {
      await store.maintain(hour + 3660);
      expect((await store.series(query('rtt_ms', long))).series[0]?.values[0]).toBe(3);
    });
  });
});

describe('an InfluxDB that dies', () => {
  it('loses nothing that was acknowledged, and doubles nothing that is written again', async () => {
    const influxd = await startInfluxd();
    const store = open(`${influxd.url}/dies`, 'dies');
    try {
      await store.check();
      let point = 0;
      for (let round = 0; round < 3; round += 1) {
        const killed = new Promise((resolve) => setTimeout(resolve, 150 + round * 60)).then(() =>
          influxd.kill9(),
        );
        for (let failed = false; !failed; ) {
          const lines = Array.from({ length: 20 }, (_, at) => ping(base + point + at, `sent=${point + at}i`));
          const batch = [{ place, samples: samplesOf(...lines) }];
          const outcome = await store.write(batch).catch((error: unknown) => error);
          failed = outcome instanceof Error;
          if (failed) {
            await killed;
            await expect(store.check()).rejects.toThrow(/InfluxDB: .*ECONNREFUSED/);
            await expect(store.maintain(hour)).rejects.toThrow();
            await influxd.startAgain();
            expect(await store.write(batch)).toEqual({ refused: [] });
          }
          point += 20;
        }
      }
      expect(await raw(store, 'ping', 'sent')).toEqual(
        Array.from({ length: point }, (_, at) => [base + at, at]),
      );
    } finally {
      await store.close();
      await influxd.stop();
    }
  });
});

describe('an InfluxDB with passwords', () => {
  it('lets the right one in, and says no to a wrong one without repeating it', async () => {
    const influxd = await startInfluxd({ auth: true });
    const withUser = (password: string): string =>
      `${influxd.url.replace('//', `//tong%40tang:${password}@`)}/kept`;
    const [right, wrong] = [open(withUser('s%3Acret%2F'), 'right'), open(withUser('guessed'), 'wrong')];
    try {
      await influxql(influxd.url, `CREATE USER "tong@tang" WITH PASSWORD 's:cret/' WITH ALL PRIVILEGES`);
      await write(right, ping(base, 'rtt_ms=1'));
      expect(await raw(right, 'ping', 'rtt_ms')).toEqual([[base, 1]]);
      for (const attempt of [
        wrong.check(),
        wrong.write([{ place, samples: samplesOf(ping(base, 'sent=1i')) }]),
      ]) {
        const error = await attempt.catch((reason: unknown) => String(reason));
        expect(error).toMatch(/InfluxDB: .*401.*authorization failed/);
        expect(error).not.toContain('guessed');
      }
    } finally {
      await right.close();
      await wrong.close();
      await influxd.stop();
    }
  });
});
