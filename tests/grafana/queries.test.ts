import type { Dashboard, Panel, RowPanel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { alertRules } from '@tongtang/dashboards/alerts';
import { dashboardOf } from '@tongtang/dashboards/board';
import { boards } from '@tongtang/dashboards/boards';
import type { Rows } from '@tongtang/store/influx/ask';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allValue, asGrafanaSends, type Chosen, type Span } from './as-grafana.ts';
import { beganAt, type CountyInInfluxdb, countyInInfluxdb, now, weekS, wrong } from './county-in-influxdb.ts';
import { fired, queryAt } from './fired.ts';

/** What the pages ask, asked of a real InfluxDB that the simulated county has filled. Both languages ask the same. */

let filled: CountyInInfluxdb;
const times: (readonly [ms: number, name: string])[] = [];

beforeAll(async () => {
  filled = await countyInInfluxdb();
}, 180_000);
afterAll(async () => {
  const slowest = times
    .toSorted(([a], [b]) => b - a)
    .slice(0, 5)
    .map(([ms, name]) => `  ${ms.toFixed(0).padStart(5)} ms  ${name}\n`);
  process.stdout.write(
    `\nSlowest of ${times.length} queries of the dashboards over 7 days:\n${slowest.join('')}`,
  );
  await filled.remove();
});

/** Much more than a page may take on a machine that does nothing else: InfluxDB's own answers, not the load of the tests. */
const muchTooLongMs = 10_000;

/** What is there only where something went wrong that does not go wrong in the simulated county. */
const neverThere: readonly string[] = ['throughput_download_cut_short', 'throughput_upload_cut_short'];

const isPanel = (panel: Panel | RowPanel): panel is Panel => panel.type !== 'row';
const variablesOf = (page: Dashboard): VariableModel[] =>
  (page.templating.list ?? []).filter(({ type }) => type === 'query');

type Target = Readonly<{ query: string; format: string; alias: string }>;

function targetsOf({ targets = [] }: Panel): Target[] {
  return targets.map((target) => {
    const read = (name: string): string =>
      String(Object.entries(target).find(([key]) => key === name)?.[1] ?? '');
    return { query: read('query'), format: read('resultFormat'), alias: read('alias') };
  });
}

/** What a page has chosen when it opens: all, or the first that its variable finds. */
async function chosenOn(page: Dashboard): Promise<Chosen> {
  const chosen: Record<string, string> = {};
  for (const { name, query, includeAll } of variablesOf(page)) {
    const values = await valuesOf(String(query), chosen);
    chosen[name] = includeAll === true ? allValue : (values[0] ?? '');
  }
  return chosen;
}

async function valuesOf(query: string, chosen: Chosen): Promise<string[]> {
  const sent = asGrafanaSends(query, { from: now, to: now }, { maxDataPoints: 1, least: '1s' }, chosen);
  const found = await filled.ask(sent);
  return found.flatMap(({ values }) => values.map(([, value]) => String(value))).sort();
}

const daysBack = (text: string): number => {
  const [, count = '', unit] = /^now-(\d+)([hd])$/.exec(text) ?? [];
  return Number(count) * (unit === 'd' ? 86_400 : 3600);
};

function spanOf({ timeFrom }: Panel, range: number): Span {
  const minutes = /^(\d+)m$/.exec(timeFrom ?? '')?.[1];
  return { from: minutes === undefined ? now - range : now - Number(minutes) * 60, to: now };
}

function sent({ query }: Target, panel: Panel, range: number, chosen: Chosen): string {
  const width = { maxDataPoints: panel.maxDataPoints ?? 0, least: panel.interval ?? '1s' };
  return asGrafanaSends(query, spanOf(panel, range), width, chosen);
}

const hasValues = (found: readonly Rows[]): boolean =>
  found.some(({ values }) => values.some(([, ...rest]) => rest.some((value) => value !== null)));

describe.each(boards.map((board) => ({ id: board.id, page: dashboardOf(board, 'en') })))(
  'the page $id',
  ({ page }) => {
    const panels = (page.panels ?? []).filter(isPanel);

    it('finds the places that can be chosen', async () => {
      const { inventory } = filled.county;
      const chosen: Record<string, string> = {};
      for (const { name, query, includeAll } of variablesOf(page)) {
        const values = await valuesOf(String(query), chosen);
        if (name === 'county') expect(values).toEqual([inventory.county.id]);
        if (name === 'cluster') expect(values).toEqual(inventory.clusters.map(({ id }) => id).sort());
        if (name === 'school') expect(values).toEqual(inventory.schools.map(({ id }) => id).sort());
        if (name === 'classroom')
          expect(values).toEqual(
            inventory.schools
              .find(({ id }) => id === chosen.school)
              ?.classrooms.map(({ id }) => id)
              .sort(),
          );
        chosen[name] = includeAll === true ? allValue : (values[0] ?? '');
      }
    });

    it('narrows what can be chosen by what is chosen above it', async () => {
      const school = variablesOf(page).find(({ name }) => name === 'school');
      if (school === undefined || !String(school.query).includes('cluster')) return;
      const east = filled.county.inventory.schools.filter(({ cluster }) => cluster === 'east');
      const found = await valuesOf(String(school.query), { county: 'qilian', cluster: ['east'] });
      expect(found).toEqual(east.map(({ id }) => id).sort());
      const both = await valuesOf(String(school.query), { county: 'qilian', cluster: ['east', 'west'] });
      expect(both.length).toBeGreaterThan(found.length);
    });

    it.each(panels.map((panel) => ({ title: panel.title ?? '', panel })))(
      '$title: each query has data',
      async ({ panel }) => {
        const chosen = await chosenOn(page);
        const range = daysBack(page.time?.from ?? '');
        for (const target of targetsOf(panel)) {
          const found = await filled.ask(sent(target, panel, range, chosen));
          if (neverThere.some((name) => target.query.includes(`AS "${name}"`))) continue;
          expect([target.query, hasValues(found)]).toEqual([target.query, true]);
          expectShape(target, found);
        }
      },
    );

    it.each(panels.map((panel) => ({ title: panel.title ?? '', panel })))(
      '$title: seven days',
      async ({ panel }) => {
        const chosen = await chosenOn(page);
        for (const target of targetsOf(panel)) {
          const query = sent(target, panel, weekS, chosen);
          const began = performance.now();
          await filled.ask(query);
          const ms = performance.now() - began;
          times.push([ms, `${page.title}: ${panel.title} (${query.slice(0, 60)} …)`]);
          expect(ms).toBeLessThan(muchTooLongMs);
        }
      },
    );
  },
);

/** A line has one column and the tags that its name is made of; a table's column has the name that its colours go by. */
function expectShape({ query, format, alias }: Target, found: readonly Rows[]): void {
  const groups = /GROUP BY (?<tags>"[^)]*?)(?: fill|$)|GROUP BY time\([^)]*\), (?<more>".*?) fill/.exec(
    query,
  )?.groups;
  const by = [...(groups?.tags ?? groups?.more ?? '').matchAll(/"(\w+)"/g)].map(([, tag]) => tag);
  for (const { columns, tags } of found) {
    expect(columns).toHaveLength(2);
    if (!query.includes('FROM (SELECT')) for (const tag of by) expect(Object.keys(tags)).toContain(tag);
    if (format === 'table') expect(columns[1]).toBe(/ AS "(\w+)"/.exec(query)?.[1]);
    for (const [, tag = ''] of alias.matchAll(/\$tag_(\w+)/g)) expect(Object.keys(tags)).toContain(tag);
  }
}

describe('the tables of what is now', () => {
  it('miss the school that is cut off, and show the one without lock', async () => {
    const county = pageOf('county');
    const [table] = (county.panels ?? []).filter(isPanel);
    if (table === undefined) throw new Error('the page is empty');
    const chosen = await chosenOn(county);
    const answers = new Map<string, Map<string, unknown>>();
    for (const target of targetsOf(table)) {
      const found = await filled.ask(sent(target, table, weekS, chosen));
      const column = / AS "(\w+)"/.exec(target.query)?.[1] ?? '';
      answers.set(column, new Map(found.map(({ tags, values }) => [tags.school ?? '', values[0]?.[1]])));
    }
    const locked = answers.get('signal_locked');
    expect(locked?.get('mzzx')).toBe(false);
    expect(locked?.get('arou')).toBe(true);
    expect(locked?.has('babao')).toBe(false);
    expect(answers.get('signal_margin_db')?.has('mzzx')).toBe(false);
    expect(Number(answers.get('stamp_broadband_loss_ratio')?.get('arou'))).toBeLessThan(0.01);
  });
});

describe('the alert rules', () => {
  const { withoutLock, withoutHub, backlog, fullDisk, wrongClock } = wrong;
  const expected: Readonly<Record<string, readonly string[]>> = {
    'tongtang-receiver-lock': [withoutLock],
    'tongtang-school-silent': [withoutHub],
    'tongtang-disk-full': [`${fullDisk.school}/${fullDisk.classroom}`],
    'tongtang-clock-wrong': [`${wrongClock.school}/${wrongClock.classroom}`],
    // What the whole school has held back.
    'tongtang-backlog': [`${backlog}/c1`, `${backlog}/machine-room`],
  };

  it.each(alertRules)('$uid: fires where that is wrong, and nowhere else', async (rule) => {
    const found = await filled.ask(queryAt(rule, now));
    const places = fired(rule, found).map(({ school = '', classroom }) =>
      classroom === undefined ? school : `${school}/${classroom}`,
    );
    expect(places.sort()).toEqual(expected[rule.uid]);
    for (const { tags } of found) for (const tag of rule.by) expect(tags[tag]).toMatch(/\S/);
  });

  it('are all tried', () => {
    expect(alertRules.map(({ uid }) => uid).sort()).toEqual(Object.keys(expected).sort());
  });

  it('nothing fires before anything is wrong', async () => {
    for (const rule of alertRules) {
      const found = await filled.ask(queryAt(rule, beganAt - 60));
      const places = fired(rule, found).filter(({ school }) => school !== backlog);
      expect([rule.uid, places]).toEqual([rule.uid, []]);
      if (rule.uid !== 'tongtang-receiver-lock') expect(found.length).toBeGreaterThan(10);
    }
  });
});

describe('the layers', () => {
  it('agree: an hour of minutes says what its raw points say', async () => {
    const to = Math.floor((now - 3600) / 3600) * 3600;
    const within = `time >= ${to - 6 * 3600}s AND time < ${to}s GROUP BY "school"`;
    const raw = await filled.ask(`SELECT mean("rtt_ms") FROM "raw"."stamp" WHERE ${within}`);
    const minutes = await filled.ask(
      `SELECT sum("rtt_ms_sum") / sum("rtt_ms_count") FROM "minute"."stamp" WHERE ${within}`,
    );
    expect(raw.length).toBeGreaterThan(10);
    expect(minutes.length).toBe(raw.length);
    for (const [index, { tags, values }] of raw.entries()) {
      expect(minutes[index]?.tags).toEqual(tags);
      expect(Number(minutes[index]?.values[0]?.[1])).toBeCloseTo(Number(values[0]?.[1]), 6);
    }
  });
});

function pageOf(id: string): Dashboard {
  const board = boards.find((one) => one.id === id);
  if (board === undefined) throw new Error(`no page ${id}`);
  return dashboardOf(board, 'en');
}
