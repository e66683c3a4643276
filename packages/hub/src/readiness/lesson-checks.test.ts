import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory } from '@tongtang/model/inventory';
import type { Notice } from '@tongtang/model/notice';
import type { Timetable } from '@tongtang/model/timetable';
import { startNotifier } from '@tongtang/notify/notifier';
import { notifySettings } from '@tongtang/notify/notify-file';
import { createLog } from '@tongtang/runtime/log';
import { sunOutages } from '@tongtang/satellite/sun-outages';
import { openReadinessResults } from '@tongtang/store/readiness/readiness-results';
import { openRegistry } from '@tongtang/store/registry/open';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../../tests/services/eventually.ts';
import { startRobot } from '../../../../tests/services/robots.ts';
import { LiveFleet } from '../live/fleet.ts';
import { openSunOutages } from '../sun-outages.ts';
import { openCountyDays } from './county-days.ts';
import { type AnnouncedWork, LessonChecks, type OpenIncident } from './lesson-checks.ts';

/** In Qilian, on a Monday where no day is named. */
const at = (clock: string, day = '2026-11-30'): number => Date.parse(`${day}T${clock}+08:00`) / 1000;
const lessonStart = at('10:20:00');

const classes = Array.from({ length: 9 }, (_, index) => `c${index + 1}`);
const lessonsOf = (carrier: 'satellite' | 'broadband'): Timetable['lessons'] =>
  classes.flatMap((of) =>
    [3, 4].map((period) => ({
      school: 'hb3z',
      class: of,
      weekday: 1 as const,
      period,
      subject: '数学',
      mode: 'live' as const,
      carrier,
      weeks: 'every' as const,
    })),
  );

const satellite = { id: 'sat-1', longitudeDeg: 130, downlinkGHz: 12.5, dishDiameterM: 1.2 };
const place = { lat: 37.97, lon: 100.92 };
/** The Sun stands behind that satellite at eleven on this day. */
const sunDay = '2026-10-06';

let cleanUp: (() => unknown)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-checks-'));
  cleanUp = [() => rmSync(folder, { recursive: true })];
});
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
});

/** A hub's checks in a county of one school with nine classes and a receiver, at a time that the test sets. */
function checksAt(clock: string, carrier: 'satellite' | 'broadband' = 'broadband', day?: string) {
  const log = createLog('error');
  let now = at(clock, day);
  const nowS = () => now;
  const registry = openRegistry(join(folder, 'registry.db'), log, () => new Date(now * 1000));
  cleanUp.push(() => registry.close());
  const built = buildInventory({
    county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    satellite,
    schools: [
      { id: 'hb3z', name: { zh: '海北三中', en: 'Haibei No. 3' }, mode: 'live', classes: 9, ...place },
    ],
    periods: [
      { n: 3, start: '10:20', end: '11:00' },
      { n: 4, start: '11:10', end: '11:50' },
    ],
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  registry.importInventory(built.inventory, 'test');
  registry.importTimetable(
    'qilian',
    {
      terms: [{ name: '2026 秋', from: '2026-09-01', to: '2027-01-15' }],
      bells: [{ from: '2026-09-01', periods: built.inventory.periods }],
      days: [{ kind: 'make-up', from: sunDay, to: sunDay, follows: 1 }],
      lessons: lessonsOf(carrier),
      changes: [],
    },
    'test',
  );
  const agents = classes.map((classroom) => {
    const code = registry.createEnrolmentCode(
      { county: 'qilian', school: 'hb3z', classroom, kind: 'classroom' },
      'test',
    );
    const enrolled = registry.enrol({ code: code.ok ? code.code : '', passwordHash: '$7$1$YQ==$YQ==' });
    if (!enrolled.ok) throw new Error(enrolled.reason);
    return enrolled.agent;
  });
  const fleet = new LiveFleet({ registry, commands: { live: async () => {} }, nowS });
  const results = openReadinessResults(join(folder, 'lessons.db'), log);
  cleanUp.push(() => results.close());
  const days = openCountyDays(registry);
  cleanUp.push(() => days.stop());
  const told: Notice[] = [];
  const counted: string[] = [];
  let incidents: readonly OpenIncident[] = [];
  let work: readonly AnnouncedWork[] = [];
  let believed = true;
  const parts = {
    registry,
    fleet,
    days,
    results,
    openIncidents: () => incidents,
    announcedWork: () => work,
    sunOutages: openSunOutages(),
    take: (notice: Notice) => told.push(notice),
    count: (state: string) => counted.push(state),
    mayRun: () => believed,
    nowS,
    log,
  };
  const checks = new LessonChecks(parts);
  return {
    agents,
    fleet,
    told,
    counted,
    parts,
    set: (clock: string) => {
      now = at(clock, day);
    },
    nowS,
    hit: (found: readonly OpenIncident[]) => {
      incidents = found;
    },
    announce: (announced: readonly AnnouncedWork[]) => {
      work = announced;
    },
    doubt: () => {
      believed = false;
    },
    /** The PCs of these classes report that all is well. */
    report(of: readonly string[] = classes, more: Readonly<Record<string, number>> = {}) {
      for (const [index, agent] of agents.entries()) {
        if (!of.includes(classes[index] ?? '')) continue;
        fleet.setStatus(agent, 'online');
        const broadband = { link: 'broadband', target: 'hub' };
        fleet.observe(agent.id, [
          { measurement: 'stamp', tags: broadband, time: now, fields: { ok: true, sent: 10, received: 10 } },
          {
            measurement: 'ping',
            tags: { link: 'lan', target: 'gateway' },
            time: now,
            fields: { ok: true, rtt_ms: 1 },
          },
          { measurement: 'agent', tags: {}, time: now, fields: { clock_offset_ms: 12 } },
          {
            measurement: 'host',
            tags: {},
            time: now,
            fields: { disk_free_bytes: more.disk_free_bytes ?? 81e9 },
          },
        ]);
      }
    },
    /** Their connections end without a word. */
    lose(of: readonly string[] = classes) {
      for (const [index, agent] of agents.entries())
        if (of.includes(classes[index] ?? '')) fleet.setStatus(agent, 'offline');
    },
    states: () =>
      results.between('qilian', lessonStart, lessonStart + 1).map(({ readiness }) => readiness.state),
    look: () => checks.look(),
  };
}

describe('the checks before lessons', () => {
  it('are made a quarter of an hour before, and five minutes before', async () => {
    const hub = checksAt('09:00:00');
    hub.set('10:04:50');
    hub.report();
    await hub.look();
    expect(hub.states()).toEqual([]);
    hub.set('10:05:00');
    await hub.look();
    expect(hub.states()).toEqual(Array(9).fill('ready'));
    hub.set('10:05:10');
    await hub.look();
    hub.set('10:15:00');
    hub.report();
    await hub.look();
    expect(hub.counted).toEqual(Array(18).fill('ready'));
    expect(hub.told).toEqual([]);
  });

  it('of nine classes of a school whose line is lost make one message, and one when it is back', async () => {
    const hub = checksAt('09:00:00');
    hub.set('10:00:00');
    hub.report();
    hub.set('10:02:00');
    hub.lose();
    hub.set('10:05:00');
    await hub.look();
    expect(hub.states()).toEqual(Array(9).fill('not-ready'));
    expect(hub.told).toHaveLength(1);
    expect(hub.told[0]).toMatchObject({
      incident: 'ready-1130-3-qilian-hb3z',
      step: 1,
      kind: 'opened',
      severity: 'critical',
      cause: { zh: '全校没有消息，最后消息 10:00：断线或停电' },
      since: at('10:00:00'),
      evidence: 'heard',
      page: '/lessons?county=qilian&date=2026-11-30',
    });
    expect(hub.told[0]?.lessons).toHaveLength(9);
    hub.set('10:14:30');
    hub.report();
    hub.set('10:15:00');
    await hub.look();
    expect(hub.states()).toEqual(Array(9).fill('ready'));
    expect(hub.told.slice(1)).toMatchObject([
      { step: 2, kind: 'resolved', since: at('10:00:00'), until: at('10:15:00') },
    ]);
  });

  it('do not tell the same again five minutes before, nor before the next lesson', async () => {
    const hub = checksAt('09:00:00');
    hub.set('10:00:00');
    hub.report();
    hub.lose(['c2']);
    for (const clock of ['10:05:00', '10:15:00', '10:55:00', '11:05:00']) {
      hub.set(clock);
      hub.report(classes.filter((of) => of !== 'c2'));
      await hub.look();
    }
    expect(hub.told).toHaveLength(1);
    expect(hub.told[0]).toMatchObject({
      cause: { zh: '电脑失联，最后消息 10:00，本校其他电脑正常（1 个班）' },
      lessons: [{ class: { id: 'c2' }, subject: { zh: '数学' } }],
    });
    expect(hub.counted.filter((state) => state === 'not-ready')).toHaveLength(4);
  });

  it('tell nothing of lessons of which an open incident told, or for which work was announced', async () => {
    const hub = checksAt('09:00:00');
    hub.set('10:00:00');
    hub.report();
    hub.set('10:02:00');
    hub.lose();
    const lessons = classes.map((of) => ({ school: 'hb3z', class: of, start: lessonStart }));
    hub.hit([{ id: 'i-7', from: at('10:00:05'), lessons }]);
    hub.set('10:05:00');
    await hub.look();
    hub.hit([]);
    hub.announce([{ school: 'hb3z', start: at('10:00:00'), end: at('10:40:00') }]);
    hub.set('10:15:00');
    await hub.look();
    expect(hub.states()).toEqual(Array(9).fill('not-ready'));
    expect(hub.told).toEqual([]);
  });

  it('call nobody lost before the hub has been there for three minutes, and wait for it', async () => {
    const hub = checksAt('10:04:00');
    hub.set('10:05:00');
    await hub.look();
    expect(hub.states()).toEqual([]);
    hub.set('10:07:00');
    await hub.look();
    expect(hub.states()).toEqual(Array(9).fill('at-risk'));
  });

  it('are made without waiting where the lesson begins within a minute, and then know nothing', async () => {
    const hub = checksAt('10:18:50');
    hub.set('10:19:00');
    await hub.look();
    expect(hub.states()).toEqual(Array(9).fill('unknown'));
    expect(hub.told).toEqual([]);
  });

  it('are made late where the hub was down, and say when', async () => {
    const hub = checksAt('09:00:00');
    hub.set('10:18:00');
    hub.report(classes, { disk_free_bytes: 1e8 });
    await hub.look();
    expect(hub.states()).toEqual(Array(9).fill('at-risk'));
    const [first] = hub.parts.results.between('qilian', lessonStart, lessonStart + 1);
    expect(first?.readiness.at).toBe(at('10:18:00'));
    hub.set('10:20:00');
    await hub.look();
    expect(hub.counted).toHaveLength(9);
  });

  it('rest while the clock cannot be believed', async () => {
    const hub = checksAt('09:00:00');
    hub.set('10:05:00');
    hub.doubt();
    await hub.look();
    expect(hub.counted).toEqual([]);
  });

  it('know nothing of a satellite that nobody measures', async () => {
    const hub = checksAt('09:00:00', 'satellite');
    hub.set('10:05:00');
    hub.report();
    await hub.look();
    expect(hub.states()).toEqual(Array(9).fill('unknown'));
    expect(hub.told).toEqual([]);
  });

  it('warn of a sun outage within a lesson that comes by satellite', async () => {
    const hub = checksAt('09:00:00', 'satellite', sunDay);
    hub.set('10:05:00');
    hub.report();
    await hub.look();
    const start = at('10:20:00', sunDay);
    const [first] = hub.parts.results.between('qilian', start, start + 1);
    const year = sunOutages({ ...place, heightM: 0 }, satellite.longitudeDeg, satellite, 2026);
    const sun = year.find(({ begin, end }) => begin < start + 2400 && end > start);
    expect(sun).toBeDefined();
    expect(first?.readiness.checks[0]).toEqual({
      item: 'sun-outage',
      found: 'within',
      state: 'at-risk',
      from: sun?.begin,
      to: sun?.end,
    });
  });

  it('reach people as one message that says which lessons, why and what to do', async () => {
    const hub = checksAt('09:00:00');
    const robot = await startRobot('wecom', hub.nowS);
    cleanUp.push(() => robot.stop());
    const settings = notifySettings(`
console: https://tongtang.example
channels: { staff: { kind: wecom, url: "${robot.url}" } }
routes: [{ name: all, to: [staff] }]`);
    if (!settings.ok) throw new Error(settings.problems.join('; '));
    const notifier = startNotifier({
      path: join(folder, 'notify.db'),
      settings: settings.value,
      count: () => {},
      log: createLog('error'),
      nowMs: () => hub.nowS() * 1000,
    });
    cleanUp.push(() => notifier.stop());
    const checks = new LessonChecks({ ...hub.parts, take: notifier.take });
    hub.set('10:00:00');
    hub.report();
    hub.set('10:02:00');
    hub.lose();
    hub.set('10:05:00');
    await checks.look();
    await eventually('told', () => (robot.taken.length > 0 ? true : undefined), 20_000);
    expect(robot.taken).toHaveLength(1);
    expect(robot.taken[0]?.text).toContain('祁连县海北三中 课前检查未通过，影响 9 节课');
    expect(robot.taken[0]?.text).toContain('受影响：网班 1 10:20 数学；');
    expect(robot.taken[0]?.text).toContain('原因：全校没有消息，最后消息 10:00：断线或停电');
    expect(robot.taken[0]?.text).toContain('先查：1. 打电话问学校是否有电');
    expect(robot.taken[0]?.text).toContain('https://tongtang.example/lessons?county=qilian&date=2026-11-30');
  });
});
