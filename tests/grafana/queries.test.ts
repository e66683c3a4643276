import type { Dashboard, Panel, RowPanel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { alertRules } from '@tongtang/dashboards/alerts';
import { type Board, dashboardOf } from '@tongtang/dashboards/board';
import { boards } from '@tongtang/dashboards/boards';
import type { Rows } from '@tongtang/store/influx/ask';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allValue, asGrafanaSends, type Chosen, type Offered, offered, type Span } from './as-grafana.ts';
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
  for (const variable of variablesOf(page)) {
    const [first] = await offeredBy(variable, chosen);
    chosen[variable.name] = variable.includeAll === true ? allValue : (first?.value ?? '');
  }
  return chosen;
}

async function offeredBy({ query, regex }: VariableModel, chosen: Chosen): Promise<Offered[]> {
  const found = await filled.ask(sentOnce(String(query), chosen));
  return offered(
    found.flatMap(({ values }) => values.map(([, value]) => String(value))),
    String(regex),
  );
}

async function valuesOf(variable: VariableModel, chosen: Chosen): Promise<string[]> {
  return (await offeredBy(variable, chosen)).map(({ value }) => value).sort();
}

/** Of a query that has no width, as of a variable or a mark. */
function sentOnce(query: string, chosen: Chosen, span: Span = { from: now, to: now }): string {
  return asGrafanaSends(query, span, { maxDataPoints: 1, least: '1s' }, chosen);
}

const dayS = 86_400;

const rangeOf = (text: string): number => {
  if (text === 'now/d') return dayS;
  const [, count = '', unit] = /^now-(\d+)([hd])$/.exec(text) ?? [];
  return Number(count) * (unit === 'd' ? dayS : 3600);
};

function spanOf({ timeFrom }: Panel, range: number): Span {
  const minutes = /^(\d+)m$/.exec(timeFrom ?? '')?.[1];
  return { from: minutes === undefined ? now - range : now - Number(minutes) * 60, to: now };
}

function sent({ query }: Target, panel: Panel, range: number, chosen: Chosen): string {
  const width = { maxDataPoints: panel.maxDataPoints ?? 0, least: panel.interval ?? '1s' };
  return asGrafanaSends(query.replaceAll('now()', `${now}s`), spanOf(panel, range), width, chosen);
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
      for (const variable of variablesOf(page)) {
        const { name } = variable;
        const values = await valuesOf(variable, chosen);
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
        chosen[name] = variable.includeAll === true ? allValue : (values[0] ?? '');
      }
    });

    it('narrows what can be chosen by what is chosen above it', async () => {
      const school = variablesOf(page).find(({ name }) => name === 'school');
      if (school === undefined || !String(school.query).includes('cluster')) return;
      const east = filled.county.inventory.schools.filter(({ cluster }) => cluster === 'east');
      const found = await valuesOf(school, { county: 'qilian', cluster: ['east'] });
      expect(found).toEqual(east.map(({ id }) => id).sort());
      const both = await valuesOf(school, { county: 'qilian', cluster: ['east', 'west'] });
      expect(both.length).toBeGreaterThan(found.length);
    });

    it.each(panels.map((panel) => ({ title: panel.title ?? '', panel })))(
      '$title: each query has data',
      async ({ panel }) => {
        const chosen = await chosenOn(page);
        const range = rangeOf(page.time?.from ?? '');
        for (const target of targetsOf(panel)) {
          const found = await filled.ask(sent(target, panel, range, chosen));
          if (neverThere.some((name) => target.query.includes(`AS "${name}"`))) continue;
          expect([target.query, hasValues(found)]).toEqual([target.query, true]);
          if (/^SELECT "/.test(target.query)) expectRows(target, found);
          else expectShape(target, found);
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

/** What the hub concluded comes row by row, in columns that are told apart by their names, or as any other figure. */
function expectRows({ query }: Target, found: readonly Rows[]): void {
  const asked = [...(/^SELECT (.*) FROM /.exec(query)?.[1]?.matchAll(/"(\w+)"/g) ?? [])].map(
    ([, name]) => name,
  );
  for (const { columns, values } of found) {
    expect(columns).toEqual(['time', ...asked]);
    for (const row of values) for (const value of row) expect(value).not.toBeNull();
  }
}

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
    const table = (county.panels ?? []).filter(isPanel).find(({ title }) => title === 'Schools');
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
    expect(locked?.get('babao')).toBe(true);
    expect(locked?.has('arou')).toBe(false);
    expect(answers.get('signal_margin_db')?.has('mzzx')).toBe(false);
    expect(Number(answers.get('stamp_broadband_loss_ratio')?.get('babao'))).toBeLessThan(0.01);
  });
});

describe('what the hub concluded', () => {
  const asked = async (page: Dashboard, title: string): Promise<Record<string, unknown>[]> => {
    const panel = (page.panels ?? []).filter(isPanel).find((one) => one.title === title);
    const [target] = panel === undefined ? [] : targetsOf(panel);
    if (panel === undefined || target === undefined) throw new Error(`no panel ${title}`);
    const chosen = await chosenOn(page);
    const found = await filled.ask(sent(target, panel, rangeOf(page.time?.from ?? ''), chosen));
    return found.flatMap(({ columns, values }) =>
      values.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
    );
  };
  const { withoutLock, withoutHub } = wrong;

  it('is on the map: each school at its place, the ones in trouble in their colour', async () => {
    const schools = await asked(pageOf('county'), 'Map');
    expect(schools.map(({ school }) => school).sort()).toEqual(
      filled.county.inventory.schools.map(({ id }) => id).sort(),
    );
    const of = (id: string) => schools.find(({ school }) => school === id);
    expect(of('babao')).toMatchObject({ state: 0, incidents: 0 });
    for (const id of [withoutLock, withoutHub]) {
      expect(Number(of(id)?.state)).toBeGreaterThan(0);
      expect(Number(of(id)?.incidents)).toBeGreaterThan(0);
    }
  });

  it('names the lessons at risk, why, and what to do', async () => {
    const lessons = await asked(pageOf('county'), 'Lessons at risk');
    expect(lessons.length).toBeGreaterThan(0);
    const ofTrouble = [
      withoutLock,
      withoutHub,
      wrong.backlog,
      wrong.fullDisk.school,
      wrong.wrongClock.school,
    ];
    for (const { school, why_en, todo_en } of lessons) {
      expect(ofTrouble).toContain(school);
      expect([why_en, todo_en].join()).toMatch(/[a-z]{3}.*[a-z]{3}/);
    }
  });

  it('says of the incidents that are open where they are', async () => {
    const incidents = await asked(pageOf('county'), 'Open incidents');
    const places = incidents.map(({ place_en }) => String(place_en)).join();
    for (const id of [withoutLock, withoutHub]) {
      const name = filled.county.inventory.schools.find((one) => one.id === id)?.name.en ?? '';
      expect(places).toContain(name);
    }
  });

  it('has each lesson of the day once, with what became of those that are over', async () => {
    const lessons = await asked(pageOf('lessons'), 'Lessons and what became of them');
    const keys = lessons.map(({ time, school, class_en }) => `${time} ${school} ${class_en}`);
    expect(new Set(keys).size).toBe(keys.length);
    const states = Map.groupBy(lessons, ({ state }) => state);
    expect(states.get('delivered')?.length ?? 0).toBeGreaterThan(20);
    expect(states.get('to-come')?.length ?? 0).toBeGreaterThan(20);
  });

  it('counts no more schools and classes than there are', async () => {
    const panel = (pageOf('bureau').panels ?? [])
      .filter(isPanel)
      .find(({ title }) => title === 'Every class');
    if (panel === undefined) throw new Error('no panel');
    const chosen = await chosenOn(pageOf('bureau'));
    const [met, judged] = await Promise.all(
      targetsOf(panel).map(async (target) => {
        const found = await filled.ask(sent(target, panel, weekS, chosen));
        return Number(found[0]?.values[0]?.[1]);
      }),
    );
    const classes = filled.county.inventory.schools.reduce((sum, one) => sum + one.classes.length, 0);
    expect(judged).toBeGreaterThan(classes / 2);
    expect(judged).toBeLessThanOrEqual(classes);
    expect(met).toBeLessThanOrEqual(judged ?? 0);
    expect(met).toBeGreaterThan(0);
  });

  it.each(['county', 'school', 'classroom', 'satellite', 'stream'])(
    'marks the charts of the page %s',
    async (id) => {
      for (const language of ['zh-CN', 'en'] as const) {
        const page = dashboardOf(boardOf(id), language);
        const chosen = { ...(await chosenOn(page)), school: withoutLock };
        const list = page.annotations.list ?? [];
        expect(list.length).toBeGreaterThan(2);
        for (const { name, target } of list) {
          const [, query = ''] = Object.entries(target ?? {}).find(([key]) => key === 'query') ?? [];
          const found = await filled.ask(sentOnce(String(query), chosen, { from: now - dayS, to: now }));
          expect([id, name, hasValues(found)]).toEqual([id, name, true]);
          for (const { columns, values } of found) {
            expect(columns).toEqual(['time', language === 'en' ? 'text_en' : 'text_zh', 'end_ms']);
            for (const [time, text, end] of values) {
              expect(text).toMatch(/\S/);
              expect(end === 0 || Number(end) >= Number(time) * 1000).toBe(true);
            }
          }
        }
      }
    },
  );

  it.each(boards.map(({ id }) => id))('says the same in Chinese on the page %s', async (id) => {
    const page = dashboardOf(boardOf(id), 'zh-CN');
    const chosen = await chosenOn(page);
    const texts: string[] = [];
    for (const variable of variablesOf(page))
      texts.push(...(await offeredBy(variable, chosen)).map(({ text }) => text));
    for (const panel of (page.panels ?? []).filter(isPanel))
      for (const target of targetsOf(panel)) {
        if (!target.query.includes('_zh"')) continue;
        const found = await filled.ask(sent(target, panel, rangeOf(page.time?.from ?? ''), chosen));
        expect([target.query, hasValues(found)]).toEqual([target.query, true]);
        texts.push(...found.flatMap(({ values }) => values.flat().map(String)));
      }
    expect(texts.join('')).toMatch(/\p{Script=Han}/u);
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

function boardOf(id: string): Board {
  const board = boards.find((one) => one.id === id);
  if (board === undefined) throw new Error(`no page ${id}`);
  return board;
}

function pageOf(id: string): Dashboard {
  return dashboardOf(boardOf(id), 'en');
}
