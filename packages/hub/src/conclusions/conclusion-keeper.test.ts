import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dayOf, secondsAt } from '@tongtang/lessons/plain-date';
import { type ConclusionName, conclusions, schoolStates } from '@tongtang/model/conclusions';
import { buildInventory, type Inventory, type InventoryDocument } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import { createLog } from '@tongtang/runtime/log';
import { type ConclusionJournal, openConclusionJournal } from '@tongtang/store/conclusions/journal';
import { type IncidentStore, openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { InfluxQueries } from '@tongtang/store/influx/ask';
import { InfluxConclusions } from '@tongtang/store/influx/conclusions';
import { parseInfluxLocation } from '@tongtang/store/influx/location';
import { type MinutesStore, openMinutes } from '@tongtang/store/minutes/minutes';
import { openReadinessResults, type ReadinessResults } from '@tongtang/store/readiness/readiness-results';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Influxd, startInfluxd } from '../../../../tests/services/influxd.ts';
import { keepDays } from '../../../../tests/services/kept-minutes.ts';
import { incidentsIn } from '../incidents/incidents-file.ts';
import { lessonIn, recordOf } from '../incidents/record.fixture.ts';
import { minutesIn } from '../minutes/minutes-file.ts';
import { surroundingsOf } from '../minutes/surroundings.ts';
import { openSunOutages } from '../sun-outages.ts';
import { ConclusionKeeper, type ConclusionParts } from './conclusion-keeper.ts';
import { startConclusions } from './start.ts';

/** A week of September. On Tuesday the line of the first school was cut in its second lesson. */
const dates = ['2026-09-07', '2026-09-08', '2026-09-09'] as const;
const cut = { school: 'no1', date: '2026-09-08', from: '09:00', to: '09:30' } as const;
const timezone = 'Asia/Shanghai';
const at = (date: string, clock: string): number => secondsAt(date, clock, timezone);
/** Thursday, 10:00. */
const thursday = at('2026-09-10', '10:00');
const log = createLog('error');

const document: InventoryDocument = {
  county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone },
  satellite: { id: 'sat', longitudeDeg: 110.5, downlinkGHz: 12, dishDiameterM: 1.2 },
  clusters: [{ id: 'east', name: { zh: '东片', en: 'East' } }],
  schools: [
    {
      id: 'no1',
      name: { zh: '一小', en: 'No. 1' },
      classes: 2,
      mode: 'embedded',
      cluster: 'east',
      lat: 38.2,
      lon: 100,
    },
    { id: 'no2', name: { zh: '二小', en: 'No. 2' }, classes: 1, mode: 'embedded' },
  ],
  periods: [
    { n: 1, start: '08:00', end: '08:40' },
    { n: 2, start: '08:50', end: '09:30' },
    { n: 3, start: '11:00', end: '11:40' },
  ],
};

function inventoryWith(more: Partial<InventoryDocument> = {}): Inventory {
  const built = buildInventory({ ...document, ...more });
  if ('problems' in built) throw new Error(built.problems.join());
  return built.inventory;
}

/** Lessons of the first school on Tuesday and Wednesday; what is taught on Wednesday. */
function timetableOf(subject: string): Timetable {
  return {
    terms: [{ name: 'all', from: '2026-09-01', to: '2026-12-31' }],
    bells: [{ from: '2026-09-01', periods: [{ n: 1, start: '08:00', end: '08:40' }] }],
    days: [],
    changes: [],
    lessons: [2, 3].map((weekday) => ({
      school: 'no1',
      class: 'c1',
      weekday: weekday === 2 ? 2 : 3,
      period: 1,
      weeks: 'every',
      subject: weekday === 2 ? '数学' : subject,
      mode: 'live',
      carrier: 'broadband',
    })),
  };
}

let influxd: Influxd;
beforeAll(async () => {
  influxd = await startInfluxd();
});
afterAll(() => influxd.stop());

let folder: string;
let database: string;
let databases = 0;
let registry: Registry;
let incidents: IncidentStore;
let minutes: MinutesStore;
let readiness: ReadinessResults;
const journals: ConclusionJournal[] = [];
let hub: Hub;
let now: number;

type Hub = Readonly<{ keeper: ConclusionKeeper; written: () => number; close: () => void }>;

/** @param spoil what becomes of a write after it was done */
function openHub(name = database, spoil: () => void = () => {}, journal = 'conclusions.db'): Hub {
  const influx = new InfluxConclusions(parseInfluxLocation(`${influxd.url}/${name}`), log);
  let written = 0;
  const parts = partsWith(
    {
      place: influx.place,
      prepare: () => influx.prepare(),
      openIncidents: (county) => influx.openIncidents(county),
      there: (realms) => influx.there(realms),
      async write(lines) {
        await influx.write(lines);
        written += lines.length;
        spoil();
      },
    },
    journal,
  );
  return {
    keeper: new ConclusionKeeper(parts),
    written: () => written,
    close: () => influx.close(),
  };
}

/** Of the test's hub, with what InfluxDB does where it is another than a real one. */
function partsWith(influx: Partial<ConclusionParts['influx']>, file = 'conclusions.db'): ConclusionParts {
  const nowS = () => now;
  const journal = openConclusionJournal(join(folder, 'hub', file), log);
  journals.push(journal);
  return {
    influx: {
      place: 'nowhere',
      prepare: async () => false,
      openIncidents: async () => [],
      there: async () => [],
      write: async () => {},
      ...influx,
    },
    journal,
    registry,
    incidents,
    minutes,
    outcomes: {
      minutes,
      surroundings: surroundingsOf(
        (county, { from, to }) => incidents.list({ county, from, to }),
        (county) => incidents.windows(county),
        nowS,
      ),
      log,
    },
    readiness,
    sunOutages: openSunOutages(),
    mayRun: () => true,
    busy: () => false,
    log,
    nowS,
  };
}

beforeEach(() => {
  now = thursday;
  databases += 1;
  database = `concluded${databases}`;
  folder = mkdtempSync(join(tmpdir(), 'tongtang-concluded-'));
  registry = openRegistry(join(folder, 'hub', 'registry.db'), log);
  const inventory = inventoryWith();
  registry.importInventory(inventory, 'test');
  keepDays(folder, inventory, dates, [cut]);
  incidents = openIncidentStore(incidentsIn(folder), log);
  minutes = openMinutes(minutesIn(folder), log);
  readiness = openReadinessResults(join(folder, 'hub', 'lessons.db'), log);
  hub = openHub();
});
afterEach(() => {
  hub.close();
  for (const one of [...journals.splice(0), readiness, minutes, incidents, registry]) one.close();
  rmSync(folder, { recursive: true });
});

type Point = Readonly<Record<string, unknown>>;

/** What Grafana finds: all that was not taken back. */
async function found(measurement: ConclusionName, name = database): Promise<Point[]> {
  const queries = new InfluxQueries(parseInfluxLocation(`${influxd.url}/${name}`));
  try {
    const points: Point[] = [];
    const tags = conclusions[measurement].tags.map((tag) => `"${tag}"`).join(', ');
    const statement = `SELECT * FROM "concluded"."${measurement}" WHERE "gone" = false GROUP BY ${tags}`;
    for await (const rows of queries.rows(statement))
      for (const row of rows.values)
        points.push({
          ...rows.tags,
          ...Object.fromEntries(rows.columns.map((column, index) => [column, row[index]])),
        });
    const order = ({ time, school = '' }: Point): string => `${time} ${school}`;
    return points.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  } finally {
    queries.close();
  }
}

async function all(name = database): Promise<Record<string, Point[]>> {
  const names = Object.keys(conclusions).filter((one): one is ConclusionName => one in conclusions);
  return Object.fromEntries(
    await Promise.all(names.map(async (one) => [one, await found(one, name)] as const)),
  );
}

/** What is there is what a new database is given by the same hub. */
async function expectWhole(): Promise<void> {
  databases += 1;
  const another = `concluded${databases}`;
  const fresh = openHub(another, undefined, `${another}.db`);
  try {
    await fresh.keeper.writeAll();
    expect(await all()).toEqual(await all(another));
  } finally {
    fresh.close();
  }
}

const cutLesson = { school: 'no1', class: 'c1', time: at('2026-09-08', '08:50') } as const;
async function lessonAt({ school, class: of, time }: { school: string; class: string; time: number }) {
  const lessons = await found('lesson');
  return lessons.find((one) => one.school === school && one.class === of && one.time === time);
}

describe('what was concluded', () => {
  it('is there: lessons with what became of them, and of those to come that they are', async () => {
    await hub.keeper.writeAll();
    expect(await lessonAt(cutLesson)).toMatchObject({
      cluster: 'east',
      school_zh: '一小',
      class_en: 'Class 1',
      classroom: 'c1',
      state: 'lost',
      lost_minutes: 30,
      cause_zh: '学校线路中断',
      incident: 'cut-0',
      end_ms: at('2026-09-08', '09:30') * 1000,
      up: 10,
      known: 40,
    });
    expect(await lessonAt({ ...cutLesson, school: 'no2' })).toMatchObject({
      state: 'delivered',
      incident: '',
    });
    const lessons = await found('lesson');
    expect(lessons).toHaveLength(4 * 9);
    // Nothing of Thursday is settled yet.
    expect(lessons.filter(({ state }) => state === 'to-come')).toHaveLength(9);
  });

  it('is there: days of schools and links, at the noon of the county', async () => {
    await hub.keeper.writeAll();
    const days = await found('school_day');
    expect(days).toHaveLength(6);
    expect(days).toContainEqual(
      expect.objectContaining({
        time: at('2026-09-08', '12:00'),
        school: 'no1',
        name_en: 'No. 1',
        delivered: 4,
        lost: 2,
        lost_minutes: 60,
        up: 180,
        known: 240,
        scheduled: 240,
      }),
    );
    expect(await found('link_day')).toContainEqual(
      expect.objectContaining({
        time: at('2026-09-08', '12:00'),
        school: 'no1',
        link: 'broadband',
        lessons_up: 90,
        lessons_known: 120,
        always_up: 570,
        always_known: 600,
      }),
    );
  });

  it('is there: incidents, and in which schools they show', async () => {
    await hub.keeper.writeAll();
    const incident = {
      id: 'cut-0',
      time: at('2026-09-08', '09:00'),
      open: false,
      text_zh: '一小 地网异常：学校线路中断',
      end_ms: at('2026-09-08', '09:30') * 1000,
    };
    expect(await found('incident')).toEqual([
      expect.objectContaining({ ...incident, state: 'resolved', severity: 'warning', schools: 1 }),
    ]);
    expect(await found('incident_school')).toEqual([
      expect.objectContaining({ ...incident, school: 'no1', cluster: 'east' }),
    ]);
  });

  it('is there: where schools are, and that one is in trouble, another without agents', async () => {
    const made = registry.createEnrolmentCode(
      { county: 'qilian', school: 'no1', classroom: 'c1', kind: 'classroom' },
      'test',
    );
    registry.enrol({ code: made.ok ? made.code : '', passwordHash: '$7$1$YQ==$YQ==' });
    await hub.keeper.writeAll();
    expect(await found('school_now')).toEqual([
      expect.objectContaining({ school: 'no1', state: schoolStates.fine, mapped: true, lat: 38.2, lon: 100 }),
      expect.objectContaining({ school: 'no2', state: schoolStates.unmeasured, mapped: false }),
    ]);
    incidents.enter([recordOf({ from: now - 60, severity: 'critical' })], []);
    hub.keeper.changed('tkl2y0-no1');
    await hub.keeper.writeAll();
    expect(await found('school_now')).toContainEqual(
      expect.objectContaining({ school: 'no1', state: schoolStates.critical, incidents: 1 }),
    );
    expect(await found('incident')).toContainEqual(
      expect.objectContaining({ id: 'tkl2y0-no1', open: true, end_ms: 0 }),
    );
  });

  it('is there: the names of places, as people choose them', async () => {
    await hub.keeper.writeAll();
    const places = await found('place');
    expect(places.map(({ kind, label_zh }) => `${kind} ${label_zh}`).sort()).toEqual([
      'classroom 网班 1 (c1)',
      'classroom 网班 1 (c1)',
      'classroom 网班 2 (c2)',
      'cluster 东片 (east)',
      'county 祁连县 (qilian)',
      'school 一小 (no1)',
      'school 二小 (no2)',
    ]);
  });

  it('is there: announced work and sun outages, of each school and of the county', async () => {
    incidents.keepWindow('qilian', {
      id: 'w1',
      school: 'no1',
      note: 'new "switch"',
      kind: 'weekly',
      weekdays: [2],
      at: '08:55',
      minutes: 30,
    });
    await hub.keeper.writeAll();
    const announced = await found('announced');
    expect(announced.filter(({ kind }) => kind === 'maintenance')).toEqual([
      expect.objectContaining({
        time: at('2026-09-08', '08:55'),
        school: 'no1',
        text_zh: 'new "switch"',
        end_ms: at('2026-09-08', '09:25') * 1000,
      }),
    ]);
    const sun = announced.filter(({ kind }) => kind === 'sun-outage');
    const [first] = sun;
    expect(dayOf(Number(first?.time), timezone)).toMatch(/^2026-(09|10)/);
    // One school has a place: what the county has is what it has.
    expect(sun.filter(({ school }) => school === 'no1')).toHaveLength(sun.length / 2);
    expect(sun.length).toBeGreaterThan(4);
    // Five minutes are left to lose, and to a county that takes the work into account the lesson was not lost.
    expect(await lessonAt(cutLesson)).toMatchObject({ lost_minutes: 5 });
  });

  it('is there: what was found before a lesson, and the worst of it in words', async () => {
    const start = at('2026-09-10', '11:00');
    now = start - 900;
    await hub.keeper.writeAll();
    expect(await lessonAt({ ...cutLesson, time: start })).toMatchObject({ state: 'to-come', readiness: '' });
    readiness.keep('qilian', [
      {
        school: 'no1',
        class: 'c1',
        start,
        readiness: {
          state: 'not-ready',
          at: now,
          checks: [{ item: 'pc', found: 'off', state: 'not-ready', from: now - 3600 }],
        },
      },
    ]);
    await hub.keeper.writeAll();
    const lesson = await lessonAt({ ...cutLesson, time: start });
    expect(lesson).toMatchObject({ readiness: 'not-ready' });
    expect(lesson?.why_zh).toMatch(/\p{Script=Han}/u);
    await expectWhole();
  });
});

describe('what is other than before', () => {
  beforeEach(() => hub.keeper.writeAll());

  it('is nothing: then nothing is written', async () => {
    const before = hub.written();
    await hub.keeper.writeAll();
    hub.close();
    hub = openHub();
    await hub.keeper.writeAll();
    expect(before).toBeGreaterThan(50);
    expect(hub.written()).toBe(0);
  });

  it('is an outcome that late samples correct', async () => {
    const before = hub.written();
    for (const { agent, kind, school, classroom, minutes: kept } of minutes.day('qilian', '2026-09-07'))
      if (school === 'no1') minutes.keep('qilian', '2026-09-08', { agent, kind, school, classroom }, kept);
    await hub.keeper.writeAll();
    expect(await lessonAt(cutLesson)).toMatchObject({ state: 'delivered', lost_minutes: 0, cause_zh: '' });
    // Two lessons, the day of the school, and two links.
    expect(hub.written() - before).toBe(5);
    await expectWhole();
  });

  it('is an incident that was none: neither it nor the lesson speaks of it', async () => {
    const known = incidents.find('cut-0');
    if (known === undefined) throw new Error('no incident');
    incidents.enter([{ ...known, state: 'withdrawn' }], []);
    hub.keeper.changed('cut-0');
    await hub.keeper.writeAll();
    expect(await found('incident')).toEqual([]);
    expect(await found('incident_school')).toEqual([]);
    expect(await lessonAt(cutLesson)).toMatchObject({ incident: '', cause_zh: '原因不明' });
    await expectWhole();
  });

  it('is an incident that turns out to have begun on another day: only there it takes lessons', async () => {
    const known = incidents.find('cut-0');
    if (known === undefined) throw new Error('no incident');
    const moved = { from: at('2026-09-07', '09:00'), to: at('2026-09-07', '09:30') };
    incidents.enter([{ ...known, ...moved }], []);
    // Nobody told this process of it: the one that entered it was killed.
    hub.close();
    hub = openHub();
    await hub.keeper.writeAll();
    expect((await found('incident')).map(({ time }) => time)).toEqual([moved.from]);
    expect(await lessonAt(cutLesson)).toMatchObject({ incident: '' });
    await expectWhole();
  });

  it('is an incident that goes on and hits more lessons: no day is made anew for that', async () => {
    const open = recordOf({ from: at('2026-09-08', '10:00') });
    incidents.enter([open], []);
    hub.keeper.changed(open.id);
    await hub.keeper.writeAll();
    const before = hub.written();
    const marks = new DatabaseSync(join(folder, 'hub', 'conclusions.db'), { readOnly: true });
    const made = () => marks.prepare("SELECT * FROM sheet WHERE id LIKE 'day %'").all();
    const days = made();
    const lesson = { ...lessonIn(0), start: now, end: now + 2400 };
    incidents.enter([{ ...open, state: 'acknowledged', lessons: [lesson] }], []);
    hub.keeper.changed(open.id);
    await hub.keeper.writeAll();
    // It, and its part in the school, whose text is as before, but which is written with it.
    expect(hub.written() - before).toBe(2);
    expect(made()).toEqual(days);
    marks.close();
    await expectWhole();
  });

  it('is the timetable: a lesson that is none any more is gone', async () => {
    registry.importTimetable('qilian', timetableOf('数学'), 'test');
    await hub.keeper.writeAll();
    const lessons = await found('lesson');
    expect(
      lessons.filter(({ school }) => school === 'no1').map(({ time, subject }) => [time, subject]),
    ).toEqual([
      [at('2026-09-08', '08:00'), '数学'],
      [at('2026-09-09', '08:00'), '数学'],
    ]);
    // It has entered nothing for the other, which goes by the bells of all: one lesson a day.
    expect(lessons.filter(({ school }) => school === 'no2')).toHaveLength(4);
    await expectWhole();
  });

  it('is one day of the timetable: no other is made anew', async () => {
    registry.importTimetable('qilian', timetableOf('数学'), 'test');
    await hub.keeper.writeAll();
    const made = vi.spyOn(minutes, 'day');
    registry.importTimetable('qilian', timetableOf('语文'), 'test');
    await hub.keeper.writeAll();
    expect(made.mock.calls).toEqual([['qilian', '2026-09-09']]);
    expect(await lessonAt({ ...cutLesson, time: at('2026-09-09', '08:00') })).toMatchObject({
      subject: '语文',
    });
    await expectWhole();
    made.mockClear();
    await hub.keeper.writeAll();
    expect(made).not.toHaveBeenCalled();
  });

  it('is of the inventory what no day is made of: none is made anew', async () => {
    const made = vi.spyOn(minutes, 'day');
    const schools = document.schools.map((school) => ({ ...school, lat: 39, lon: 101, provider: 'mobile' }));
    registry.importInventory(
      inventoryWith({ schools, visitTargets: { first: 3 }, platforms: [{ id: 'p', name: { en: 'P' } }] }),
      'test',
    );
    await hub.keeper.writeAll();
    expect((await found('school_now')).map(({ lat }) => lat)).toEqual([39, 39]);
    expect(made).not.toHaveBeenCalled();
    await expectWhole();
  });

  it('is the inventory: a school that moved, changed its name or left it is so everywhere', async () => {
    const [first] = document.schools;
    if (first === undefined) throw new Error('no school');
    const { cluster: _, ...moved } = { ...first, name: { zh: '实验小学', en: 'Lab' }, lat: 39 };
    registry.importInventory(inventoryWith({ schools: [moved] }), 'test');
    await hub.keeper.writeAll();
    expect((await found('place')).map(({ label_en }) => label_en)).not.toContain('No. 2 (no2)');
    expect(await found('school_now')).toEqual([
      expect.objectContaining({ school: 'no1', name_zh: '实验小学', lat: 39 }),
    ]);
    expect(await lessonAt(cutLesson)).toMatchObject({ school_zh: '实验小学' });
    expect(await lessonAt(cutLesson)).not.toHaveProperty('cluster');
    expect(await found('incident')).toEqual([expect.objectContaining({ place_en: 'Lab, broadband fails' })]);
    await expectWhole();
  });

  it('is the county itself: it can be chosen no more, and what became of its lessons stays', async () => {
    registry.removeInventory('qilian', 'test');
    await hub.keeper.writeAll();
    expect(await found('place')).toEqual([]);
    expect(await found('school_now')).toEqual([]);
    expect(await found('lesson')).toHaveLength(36);
  });
});

describe('what takes long', () => {
  it('waits for what is of the present, and goes on in the next round', async () => {
    const lessons = async () => (await found('lesson')).map(({ time }) => dayOf(Number(time), timezone));
    const days = async () => [...new Set(await lessons())];
    const round = () => hub.keeper.writeAll(() => true);
    await round();
    expect(await days()).toEqual(['2026-09-09', '2026-09-10']);
    expect(await found('school_now')).toHaveLength(2);
    expect((await found('incident')).map(({ id }) => id)).toEqual(['cut-0']);
    // All days are to be made anew, and something breaks.
    const [first, second] = document.schools;
    if (first === undefined || second === undefined) throw new Error('no schools');
    registry.importInventory(inventoryWith({ schools: [{ ...first, name: { en: 'A' } }, second] }), 'test');
    incidents.enter([recordOf({ from: now - 60 })], []);
    hub.keeper.changed('tkl2y0-no1');
    await round();
    expect(await found('school_now')).toContainEqual(expect.objectContaining({ name_en: 'A', incidents: 1 }));
    expect((await found('incident')).map(({ id }) => id)).toContain('tkl2y0-no1');
    const today = (await found('lesson')).filter(({ time }) => Number(time) > at('2026-09-10', '00:00'));
    expect(new Set(today.map(({ school_en }) => school_en))).toEqual(new Set(['A', 'No. 2']));
    for (let rounds = 0; rounds < 6; rounds += 1) await round();
    expect(await days()).toEqual([...dates, '2026-09-10']);
    await expectWhole();
  });
});

describe('whatever happens meanwhile', () => {
  it('killed before the mark is set, the same is written again and is there once', async () => {
    for (const after of [1, 2, 4, 6]) {
      hub.close();
      let writes = 0;
      hub = openHub(database, () => {
        writes += 1;
        if (writes === after) throw new Error('killed');
      });
      await hub.keeper.writeAll().catch(() => {});
    }
    hub.close();
    hub = openHub();
    await hub.keeper.writeAll();
    expect(await found('lesson')).toHaveLength(36);
    await expectWhole();
  });

  it('an InfluxDB that is away for hours is given all of it afterwards, and nothing twice', async () => {
    await hub.keeper.writeAll();
    await influxd.kill9();
    const known = incidents.find('cut-0');
    if (known === undefined) throw new Error('no incident');
    const other = { ...known, id: 'cut-1', from: at('2026-09-09', '08:00'), to: at('2026-09-09', '08:10') };
    incidents.enter([{ ...known, state: 'withdrawn' }, other], []);
    for (const id of ['cut-0', 'cut-1']) hub.keeper.changed(id);
    await expect(hub.keeper.writeAll()).rejects.toThrow(/InfluxDB|ECONNREFUSED/);
    now += 4 * 3600;
    minutes.settled('qilian', now - 180);
    await expect(hub.keeper.writeAll()).rejects.toThrow();
    await influxd.startAgain();
    await hub.keeper.writeAll();
    expect((await found('incident')).map(({ id }) => id)).toEqual(['cut-1']);
    expect((await found('lesson')).filter(({ state }) => state === 'to-come')).toEqual([]);
    await expectWhole();
  });

  it('a database that was dropped is filled anew', async () => {
    await hub.keeper.writeAll();
    const before = await all();
    const queries = new InfluxQueries(parseInfluxLocation(`${influxd.url}/${database}`));
    for await (const _ of queries.rows(`DROP DATABASE "${database}"`));
    queries.close();
    await hub.keeper.writeAll();
    expect(await all()).toEqual(before);
  });

  it('another InfluxDB than before is given everything, such as after a move', async () => {
    await hub.keeper.writeAll();
    const before = await all();
    hub.close();
    hub = openHub(`${database}moved`);
    await hub.keeper.writeAll();
    expect(await all(`${database}moved`)).toEqual(before);
  });

  it('a journal that is lost costs writing it once more; what was taken back stays so', async () => {
    await hub.keeper.writeAll();
    registry.importInventory(inventoryWith({ schools: document.schools.slice(1) }), 'test');
    hub.close();
    hub = openHub(database, undefined, 'another.db');
    await hub.keeper.writeAll();
    expect(new Set((await found('lesson')).map(({ school }) => school))).toEqual(new Set(['no2']));
    await expectWhole();
  });

  it('minutes that are lost with their file take nothing away that was written', async () => {
    await hub.keeper.writeAll();
    minutes.close();
    minutes = openMinutes(join(folder, 'hub', 'minutes-anew.db'), log);
    hub.close();
    hub = openHub();
    await hub.keeper.writeAll();
    expect(await lessonAt(cutLesson)).toMatchObject({ state: 'lost' });
  });

  it('an incident that was open when its file was lost is not open for ever; what was over stays', async () => {
    incidents.enter([recordOf({ from: now - 60 })], []);
    await hub.keeper.writeAll();
    incidents.close();
    incidents = openIncidentStore(join(folder, 'hub', 'incidents-anew.db'), log);
    hub.close();
    hub = openHub();
    await hub.keeper.writeAll();
    expect((await found('incident')).map(({ id }) => id)).toEqual(['cut-0']);
    expect((await found('incident_school')).map(({ id }) => id)).toEqual(['cut-0']);
  });

  it('stops in the middle, and the next process goes on', async () => {
    const writing = hub.keeper.writeAll();
    await hub.keeper.stop();
    await writing;
    hub.close();
    hub = openHub();
    await hub.keeper.writeAll();
    await expectWhole();
  });
});

describe('an incident that is another between two pieces of work', () => {
  it('and what it was before again: no day keeps the word between', async () => {
    await hub.keeper.writeAll();
    const known = incidents.find('cut-0');
    if (known === undefined) throw new Error('no incident');
    const say = (change: object): void => {
      incidents.enter([{ ...known, ...change }], []);
      hub.keeper.changed('cut-0');
    };
    // The day after was lost as well, and a school gets its first agent, which is written before the days are.
    for (const { agent, kind, school, classroom, minutes: kept } of minutes.day('qilian', '2026-09-08'))
      minutes.keep('qilian', '2026-09-09', { agent, kind, school, classroom }, kept);
    const seat = { county: 'qilian', school: 'no1', classroom: 'c1', kind: 'classroom' } as const;
    const made = registry.createEnrolmentCode(seat, 'test');
    registry.enrol({ code: made.ok ? made.code : '', passwordHash: '$7$1$YQ==$YQ==' });
    let writes = 0;
    hub.close();
    hub = openHub(database, () => {
      writes += 1;
      if (writes === 1) say({ from: at('2026-09-09', '09:00'), to: at('2026-09-09', '09:30') });
    });
    await hub.keeper.writeAll();
    const dayAfter = { ...cutLesson, time: at('2026-09-09', '08:50') };
    expect(await lessonAt(dayAfter)).toMatchObject({ state: 'lost', incident: 'cut-0' });
    say({});
    await hub.keeper.writeAll();
    expect(await lessonAt(dayAfter)).toMatchObject({ state: 'lost', incident: '' });
    await expectWhole();
  });
});

describe('whatever happens in whatever order', () => {
  const [first, second] = document.schools;
  if (first === undefined || second === undefined) throw new Error('no schools');
  const incident = (change: object): void => {
    const known = incidents.find('cut-0') ?? recordOf({ id: 'cut-0' });
    incidents.enter([{ ...known, ...change }], []);
    hub.keeper.changed('cut-0');
  };
  const minutesOf = (from: string, to: string): void => {
    for (const { agent, kind, school, classroom, minutes: kept } of minutes.day('qilian', from))
      minutes.keep('qilian', to, { agent, kind, school, classroom }, kept);
  };
  const steps = {
    'samples come late': () => minutesOf('2026-09-07', '2026-09-08'),
    'samples say otherwise': () => minutesOf('2026-09-08', '2026-09-09'),
    'an incident is none': () => incident({ state: 'withdrawn' }),
    'an incident is one again': () => incident({ state: 'resolved' }),
    'an incident lasts': () => incident({ state: 'open', to: undefined }),
    'an incident began the day before': () => incident({ from: at('2026-09-07', '09:00') }),
    'a school goes': () => registry.importInventory(inventoryWith({ schools: [first] }), 'test'),
    'a school is called otherwise': () =>
      registry.importInventory(inventoryWith({ schools: [{ ...first, name: { en: 'A' } }, second] }), 'test'),
    'all schools are there': () => registry.importInventory(inventoryWith(), 'test'),
    'work is announced': () =>
      incidents.keepWindow('qilian', {
        id: 'w',
        note: 'work',
        kind: 'once',
        start: at('2026-09-08', '08:00'),
        end: at('2026-09-09', '09:00'),
      }),
    'work is called off': () => incidents.removeWindow('qilian', 'w'),
    'an hour passes': () => {
      now += 3600;
      minutes.settled('qilian', now - 180);
    },
  } as const;
  const names = Object.keys(steps).filter((name): name is keyof typeof steps => name in steps);
  /** What becomes of the round that follows: it is done, it is killed after so many writes, or none comes before the next step. */
  const round = fc.constantFrom('done', 'none', 1, 2, 3);

  it('Grafana finds at the end what a new database would be given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...names), round), { minLength: 3, maxLength: 8 }),
        async (course) => {
          for (const [name, outcome] of course) {
            if (typeof outcome === 'number') {
              hub.close();
              let writes = 0;
              hub = openHub(database, () => {
                writes += 1;
                if (writes === outcome) throw new Error('killed');
              });
            }
            steps[name]();
            if (outcome !== 'none') await hub.keeper.writeAll().catch(wasKilled);
            if (typeof outcome === 'number') {
              hub.close();
              hub = openHub();
            }
          }
          await hub.keeper.writeAll();
          await expectWhole();
        },
      ),
      { numRuns: 8 },
    );
  }, 180_000);

  function wasKilled(error: unknown): void {
    expect(error).toEqual(new Error('killed'));
  }
});

describe('by itself', () => {
  beforeEach(() => {
    // Only when a round begins: what lies between its pieces of work is another kind of timer.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('tries again and again while InfluxDB is away, says so once, and says when it is back', async () => {
    const error = vi.spyOn(log, 'error').mockReturnValue();
    const info = vi.spyOn(log, 'info').mockReturnValue();
    let away = true;
    let rounds = 0;
    const keeper = new ConclusionKeeper(
      partsWith({
        prepare: async () => {
          rounds += 1;
          if (away) throw new Error('the server is away');
          return false;
        },
      }),
    );
    keeper.start();
    for (let round = 0; round < 3; round += 1) await vi.advanceTimersByTimeAsync(31_000);
    expect(rounds).toBeGreaterThanOrEqual(3);
    expect(error.mock.calls).toEqual([
      [{ error: 'the server is away' }, 'what was concluded is not written to InfluxDB yet'],
    ]);
    away = false;
    await vi.advanceTimersByTimeAsync(31_000);
    await keeper.stop();
    expect(info).toHaveBeenCalledWith('what was concluded is written to InfluxDB again');
  });

  it('writes nothing while the clock is in doubt: it does not know which day is today', async () => {
    let rounds = 0;
    const keeper = new ConclusionKeeper({
      ...partsWith({
        prepare: async () => {
          rounds += 1;
          return false;
        },
      }),
      mayRun: () => false,
    });
    keeper.start();
    await vi.advanceTimersByTimeAsync(120_000);
    await keeper.stop();
    expect(rounds).toBe(0);
  });
});

describe('a hub without InfluxDB', () => {
  it('writes nothing of it anywhere', () => {
    expect(startConclusions('sqlite:', folder, partsWith({}))).toBeUndefined();
  });
});
