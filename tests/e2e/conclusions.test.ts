import { join } from 'node:path';
import { dayOf, plusDays, secondsAt } from '@tongtang/lessons/plain-date';
import { createLog } from '@tongtang/runtime/log';
import { validate } from '@tongtang/runtime/validation';
import { InfluxQueries } from '@tongtang/store/influx/ask';
import { parseInfluxLocation } from '@tongtang/store/influx/location';
import { openRegistry } from '@tongtang/store/registry/open';
import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { tidily } from '../bench/tidily.ts';
import { eventually } from '../services/eventually.ts';
import { startInfluxd } from '../services/influxd.ts';
import { keepDays } from '../services/kept-minutes.ts';
import { county, settleTaughtCounty } from '../services/taught-county.ts';
import { dataFolder, startTestHub } from '../services/tongtang.ts';

const Outcomes = Type.Object({
  outcomes: Type.Array(
    Type.Object({ class: Type.String(), start: Type.Number(), state: Type.String(), school: Type.String() }),
  ),
});

it('Grafana finds what the hub concluded, although hub and InfluxDB are killed with -9 meanwhile', async () => {
  await tidily(async (atEnd) => {
    const data = dataFolder();
    atEnd(data.remove);
    settleTaughtCounty(data.path, { hb3z: 2, ebao: 1 }, 'empty');
    const registry = openRegistry(join(data.path, 'hub', 'registry.db'), createLog('error'));
    const [inventory] = registry.inventories();
    registry.close();
    if (inventory === undefined) throw new Error('no county');
    const today = dayOf(Date.now() / 1000, 'Asia/Shanghai');
    const dates = [-3, -2, -1].map((days) => plusDays(today, days));
    const [, day = ''] = dates;
    keepDays(data.path, inventory, dates, [{ school: 'ebao', date: day, from: '14:00', to: '16:30' }]);

    const influxd = await startInfluxd();
    atEnd(() => influxd.stop());
    const store = `${influxd.url}/tongtang`;
    const queries = new InfluxQueries(parseInfluxLocation(store));
    atEnd(() => queries.close());
    const count = async (measurement: string, where = ''): Promise<number> => {
      for await (const { values } of queries.rows(
        `SELECT count("gone") FROM "concluded"."${measurement}" WHERE "gone" = false ${where}`,
      ))
        return Number(values[0]?.[1]);
      return 0;
    };

    const hub = await startTestHub(data.path, { TONGTANG_STORE: store });
    atEnd(() => hub.process().stop());
    await eventually(
      'the first conclusions',
      async () => ((await count('place')) > 0 ? true : undefined),
      60_000,
    );
    await hub.process().kill9();
    await influxd.kill9();
    await influxd.startAgain();
    await hub.start();

    // Three days of three classes with two lessons each. Those of today are there as well, whichever day that is by now.
    const over = `AND time < ${secondsAt(today, '00:00', 'Asia/Shanghai')}s`;
    await eventually(
      'all lessons',
      async () => ((await count('lesson', over)) >= 18 ? true : undefined),
      60_000,
    );
    expect(await count('lesson', over)).toBe(18);
    expect(await count('incident')).toBe(1);
    const answer = validate(Outcomes, await hub.get(`/api/v1/lessons/outcomes?county=${county}&date=${day}`));
    if (!answer.ok) throw new Error(answer.problems.join());
    const { outcomes } = answer.value;
    expect(outcomes).toHaveLength(6);
    for (const { school, class: of, start, state } of outcomes)
      expect([
        school,
        state,
        await count(
          'lesson',
          `AND "school" = '${school}' AND "class" = '${of}' AND "state" = '${state}' AND time = ${start}s`,
        ),
      ]).toEqual([school, state, 1]);
    expect(outcomes.map(({ state }) => state)).toContain('degraded');
  });
});
