import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import { createLog } from '@tongtang/runtime/log';
import { type IncidentStore, openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import { openSqliteStore } from '@tongtang/store/sqlite/store';
import type { TelemetryStore } from '@tongtang/store/telemetry';
import { type DecodedSample, decodeLine } from '@tongtang/wire/line-protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { flood } from '../flood.fixture.ts';
import { openSunOutages } from '../sun-outages.ts';
import { CountyWatch } from './county-watch.ts';

/** Tuesday, 09:00 in Shanghai, in the first lesson. */
const nine = Date.UTC(2026, 8, 1, 1) / 1000;
const log = createLog('error');

let folder: string;
let registry: Registry;
let telemetry: TelemetryStore;
let store: IncidentStore;
let now: number;
let agents: readonly string[];
let changed: string[];
beforeEach(() => {
  now = nine;
  changed = [];
  folder = mkdtempSync(join(tmpdir(), 'tongtang-watch-'));
  registry = openRegistry(join(folder, 'registry.db'), log, () => new Date(now * 1000));
  const built = buildInventory({
    county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'no1', name: { en: 'No. 1' }, classes: 2 }],
    periods: [{ n: 1, start: '08:30', end: '11:30' }],
  });
  if ('problems' in built) throw new Error(built.problems.join());
  registry.importInventory(built.inventory, 'test');
  agents = ['c1', 'c2'].map((classroom) => enrol(classroom));
  telemetry = openSqliteStore(join(folder, 'telemetry.db'), { log, nowS: () => now });
  store = openIncidentStore(join(folder, 'incidents.db'), log);
});
afterEach(async () => {
  await telemetry.close();
  store.close();
  registry.close();
  rmSync(folder, { recursive: true });
});

function enrol(classroom: string): string {
  const seat = { county: 'qilian', school: 'no1', classroom, kind: 'classroom' } as const;
  const made = registry.createEnrolmentCode(seat, 'test');
  const result = registry.enrol({ code: made.ok ? made.code : '', passwordHash: '$7$1$YQ==$YQ==' });
  if (!result.ok) throw new Error(result.reason);
  return result.agent.id;
}

function open(): CountyWatch {
  return new CountyWatch({
    county: 'qilian',
    store,
    evidence: telemetry,
    source: { registry, sunOutages: openSunOutages(), bytesPerDay: 2_200_000 },
    changed: (id) => changed.push(id),
    nowS: () => now,
    calm: async () => {},
    log,
  });
}

function samplesAt(time: number, whole: boolean): DecodedSample[] {
  const hub = whole
    ? 'ok=true,sent=10i,received=10i,rtt_ms=30'
    : 'ok=false,failure="path",sent=10i,received=0i';
  return [
    `stamp,link=broadband,target=hub ${hub} ${time}`,
    `ping,link=lan,target=gateway ok=true,rtt_ms=1.5 ${time}`,
    `dns ok=true ${time}`,
  ].map((line) => {
    const sample = decodeLine(line);
    if ('reason' in sample) throw new Error(sample.reason);
    return sample;
  });
}

/** What all agents measured in a span is stored, and comes to the watch. */
async function report(
  watch: CountyWatch,
  from: number,
  to: number,
  whole = true,
  of = agents,
): Promise<void> {
  for (const id of of) {
    const place = registry.agent(id)?.place;
    if (place === undefined) throw new Error(`no agent ${id}`);
    const samples: DecodedSample[] = [];
    for (let time = from; time < to; time += 10) samples.push(...samplesAt(time, whole));
    await telemetry.write([{ place, samples }]);
    watch.feed(id, samples, now);
  }
}

/** Time goes on, and it looks. */
function lookAt(watch: CountyWatch, time: number): void {
  now = time;
  watch.drain(() => false);
  watch.look();
}

const kept = () => store.list({ from: 0, to: Number.MAX_SAFE_INTEGER });

/** The line is cut from nine on: silence, and an incident. */
async function cutAtNine(watch: CountyWatch): Promise<void> {
  now = nine;
  await report(watch, nine - 600, nine);
  lookAt(watch, nine + 60);
}

describe('the watch over a county', () => {
  it('enters an incident with its lessons and what is to be told, once', async () => {
    const watch = open();
    await watch.begin(undefined);
    await cutAtNine(watch);
    const [incident] = kept();
    expect(incident).toMatchObject({
      state: 'open',
      place: { school: 'no1' },
      severity: 'critical',
      lessons: [{ class: 'c1' }, { class: 'c2' }],
      telling: { step: 1 },
    });
    expect(store.untold()).toMatchObject([{ incident: incident?.id, step: 1, kind: 'opened' }]);
    expect(changed).toEqual([incident?.id]);
    lookAt(watch, nine + 120);
    expect(store.untold()).toHaveLength(1);
    expect(watch.open).toBe(1);
  });

  it.each([
    ['kept what it knew', true],
    ['was killed', false],
  ])('goes on where the process before %s, and finds what that had not weighed yet', async (_, hasKept) => {
    const first = open();
    await first.begin(undefined);
    await cutAtNine(first);
    const [before] = kept();
    if (hasKept) await first.keep();
    // It is over; this is stored, and nobody has looked at it.
    now = nine + 300;
    await report(first, nine, nine + 290, false);
    await report(first, nine + 290, nine + 330);

    const second = open();
    await second.begin({ from: nine + 300, to: nine + 320 });
    lookAt(second, nine + 330);
    expect(kept()).toMatchObject([{ id: before?.id, state: 'resolved', cause: 'line-cut', from: nine }]);
    expect(store.untold().map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
  });

  it('does not let a backlog of weeks hold up the present when it takes up where it was', async () => {
    const first = open();
    await first.begin(undefined);
    await report(first, nine - 600, nine);
    await first.keep();
    // A week ago in lessons the line was cut; the process ends before it has weighed that.
    const week = nine - 7 * 86_400;
    await report(first, week - 1200, week);
    await report(first, week, week + 600, false);
    await report(first, week + 600, week + 1800);

    const second = open();
    await second.begin(undefined);
    expect(second.isLate).toBe(true);
    await second.replay();
    lookAt(second, nine + 5);
    expect(kept().filter(({ cause }) => cause === 'line-cut')).toMatchObject([
      { from: week, to: week + 600 },
    ]);
  });

  it('goes on silently', async () => {
    const first = open();
    await first.begin(undefined);
    await cutAtNine(first);
    const [before] = kept();
    const second = open();
    await second.begin({ from: nine + 65, to: nine + 80 });
    changed = [];
    for (const seconds of [81, 90, 300, 600]) lookAt(second, nine + seconds);
    expect(kept().map(({ id, state }) => [id, state])).toEqual([[before?.id, 'open']]);
    expect(store.untold()).toHaveLength(1);
  });

  it('carries on for days what one PC that is gone began, through a restart, and says when it is back', async () => {
    const [first = '', second = ''] = agents;
    const watch = open();
    await watch.begin(undefined);
    await report(watch, nine - 600, nine);
    now = nine + 900;
    await report(watch, nine, nine + 900, true, [first]);
    watch.hear(first, { time: now, state: 'stopping' });
    lookAt(watch, now);
    const [before] = kept();
    expect(before).toMatchObject({ state: 'open', place: { agent: second } });

    const later = nine + 6 * 86_400;
    now = later;
    await report(watch, later - 600, later, true, [first]);
    for (const seconds of [0, 5]) lookAt(watch, later + seconds);
    await watch.settle();
    await watch.keep();
    // All but what goes on is settled, so neither a look nor the county's lessons reach back to it.
    expect(store.progress('qilian')?.cut).toBeGreaterThan(later - 3600);

    const next = open();
    await next.begin({ from: later + 5, to: later + 20 });
    lookAt(next, later + 80);
    expect(kept()).toMatchObject([{ id: before?.id, state: 'open', row: before?.row, from: before?.from }]);
    now = later + 120;
    await report(next, later, later + 120);
    lookAt(next, later + 130);
    expect(kept()).toMatchObject([{ id: before?.id, state: 'resolved', from: before?.from, to: later }]);
    expect(store.untold().map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
  });

  it('goes through the past again for what comes hours later, and tells nobody', async () => {
    const watch = open();
    await watch.begin(undefined);
    const start = nine - 4 * 3600;
    await report(watch, start, start + 3600);
    await report(watch, nine - 3600, nine);
    lookAt(watch, nine + 5);
    expect(watch.isLate).toBe(false);
    const known = kept();
    // In lessons, an hour and a half ago, the line was cut for ten minutes.
    await report(watch, start + 3600, nine - 1800);
    await report(watch, nine - 1800, nine - 1200, false);
    watch.drain(() => false);
    expect(watch.isLate).toBe(true);
    await watch.replay();
    expect(watch.isLate).toBe(false);
    lookAt(watch, nine + 10);
    const found = kept().filter(({ cause }) => cause === 'line-cut');
    expect(found).toMatchObject([
      { state: 'resolved', from: nine - 1800, to: nine - 1200, telling: { step: 0 } },
    ]);
    expect(known.every(({ cause }) => cause !== 'line-cut')).toBe(true);
    expect(store.untold()).toEqual([]);
  });

  it('takes what found no room from the store', async () => {
    const watch = open();
    await watch.begin(undefined);
    await report(watch, nine - 600, nine - 60);
    // A flood, of what is older.
    const flood = Array.from({ length: 500 }, () => samplesAt(nine - 600, true)).flat();
    for (let batch = 0; batch < 210; batch += 1) watch.feed(agents[0] ?? '', flood, now);
    expect(watch.isLate).toBe(true);
    await report(watch, nine - 60, nine);
    await watch.replay();
    lookAt(watch, nine + 5);
    expect(kept()).toEqual([]);
    expect(watch.isLate).toBe(false);
  });

  describe('beside an agent that measured more than anybody weighs', { timeout: 150_000 }, () => {
    const start = nine - 4 * 3600;
    let stolen: string;
    let honest: string;
    beforeEach(() => {
      [stolen = '', honest = ''] = agents;
    });

    /** In the order in which agents are read, it is the first. */
    async function overflow(watch: CountyWatch): Promise<void> {
      const samples = flood(start);
      const place = registry.agent(stolen)?.place;
      if (place === undefined) throw new Error(`no agent ${stolen}`);
      await telemetry.write([{ place, samples }]);
      for (let at = 0; at < samples.length; at += 20_000)
        watch.feed(stolen, samples.slice(at, at + 20_000), now);
    }

    /** In lessons, half an hour ago, the line of the other one was cut for ten minutes; it says so later. */
    async function lateCut(watch: CountyWatch): Promise<void> {
      await report(watch, nine - 3600, nine - 1800, true, [honest]);
      await report(watch, nine - 1800, nine - 1200, false, [honest]);
    }
    const cut = { cause: 'line-cut', from: nine - 1800, to: nine - 1200 };

    it('weighs what came late of others; what is known of it stays', async () => {
      const error = vi.spyOn(log, 'error').mockReturnValue();
      const watch = open();
      await watch.begin(undefined);
      await report(watch, nine - 1200, nine);
      lookAt(watch, nine + 5);
      await overflow(watch);
      await lateCut(watch);
      watch.drain(() => false);
      expect(watch.isLate).toBe(true);
      await watch.replay();
      expect(watch.isLate).toBe(false);
      lookAt(watch, nine + 10);
      expect(kept().filter(({ cause }) => cause === 'line-cut')).toMatchObject([cut]);
      expect(error.mock.calls).toMatchObject([
        [{ agent: stolen }, expect.stringContaining('tongtang enrolment revoke')],
      ]);

      await report(watch, nine, nine + 60);
      lookAt(watch, nine + 65);
      // It fell silent, and that is found as ever.
      now = nine + 400;
      await report(watch, nine + 60, nine + 400, true, [honest]);
      lookAt(watch, now);
      expect(kept().filter(({ state }) => state === 'open')).toMatchObject([
        { place: { agent: stolen }, from: nine + 50 },
      ]);
    });

    it('begins after a restart, and looks for incidents as ever', async () => {
      vi.spyOn(log, 'error').mockReturnValue();
      const first = open();
      await first.begin(undefined);
      await report(first, nine - 1200, nine);
      lookAt(first, nine + 5);
      await first.keep();
      await overflow(first);
      await lateCut(first);

      now = nine + 10;
      const second = open();
      await second.begin({ from: nine + 5, to: nine + 10 });
      expect(second.isReady).toBe(true);
      await second.replay();
      await report(second, nine, nine + 30);
      lookAt(second, nine + 40);
      expect(kept().filter(({ state }) => state !== 'withdrawn')).toMatchObject([cut]);
      // Agents come back one by one after a restart; then silence is one.
      lookAt(second, nine + 400);
      expect(kept().filter(({ state }) => state === 'open')).toMatchObject([
        { place: { school: 'no1' }, from: nine + 20 },
      ]);
    });

    it('tries all of it again where the store does not answer', async () => {
      vi.spyOn(log, 'error').mockReturnValue();
      const watch = open();
      await watch.begin(undefined);
      await report(watch, nine - 1200, nine);
      lookAt(watch, nine + 5);
      await overflow(watch);
      await lateCut(watch);
      watch.drain(() => false);
      const read = telemetry.samples.bind(telemetry);
      const samples = vi.spyOn(telemetry, 'samples');
      samples.mockImplementation((query) =>
        query.agent === honest ? Promise.reject(new Error('the store is away')) : read(query),
      );
      await expect(watch.replay()).rejects.toThrow('the store is away');
      expect(watch.isLate).toBe(true);
      samples.mockRestore();
      await watch.replay();
      lookAt(watch, nine + 10);
      expect(kept().filter(({ cause }) => cause === 'line-cut')).toMatchObject([cut]);
    });
  });

  it('lets people act, also on what was over long ago', async () => {
    const watch = open();
    await watch.begin(undefined);
    await cutAtNine(watch);
    const [incident] = kept();
    const id = incident?.id ?? '';
    const by = { time: nine + 70, who: 'li' } as const;
    expect(watch.mark(id, { ...by, what: 'acknowledged' })).toMatchObject({ state: 'acknowledged' });
    expect(store.find(id)).toMatchObject({ state: 'acknowledged', telling: { step: 1 } });
    expect(watch.mark('none', { ...by, what: 'noted' })).toBeUndefined();

    now = nine + 300;
    await report(watch, nine, nine + 300, false);
    await report(watch, nine + 300, nine + 340);
    lookAt(watch, nine + 340);
    now = nine + 60 * 86_400;
    await watch.keep();
    const noted = watch.mark(id, { time: now, who: 'li', what: 'noted', text: 'a digger' });
    expect(noted).toMatchObject({ state: 'resolved', cause: 'line-cut', telling: { step: 2 } });
    expect(noted?.history.at(-1)).toMatchObject({ what: 'noted', who: 'li', text: 'a digger' });
  });

  describe('when a timetable is entered later, in which there is no lesson now', () => {
    const holidays: Timetable = {
      terms: [{ name: 'none', from: '2020-09-01', to: '2021-01-15' }],
      bells: [],
      days: [],
      lessons: [],
      changes: [],
    };

    it('leaves what is over as it was concluded and told, also after a restart and with late data', async () => {
      const watch = open();
      await watch.begin(undefined);
      await cutAtNine(watch);
      await report(watch, nine + 300, nine + 340);
      lookAt(watch, nine + 340);
      const [told] = kept();
      expect(told).toMatchObject({ state: 'resolved', lessons: [{ class: 'c1' }, { class: 'c2' }] });

      await report(watch, nine + 340, nine + 450);
      now = nine + 400;
      registry.importTimetable('qilian', holidays, 'test');
      await watch.settle();
      lookAt(watch, nine + 410);
      expect(kept()).toEqual([told]);
      await watch.keep();

      const next = open();
      await next.begin({ from: nine + 420, to: nine + 430 });
      lookAt(next, nine + 440);
      expect(kept()).toEqual([told]);
      // The backlog says what it was.
      await report(next, nine, nine + 300, false);
      next.drain(() => false);
      await next.replay();
      lookAt(next, nine + 450);
      expect(kept()).toMatchObject([
        { id: told?.id, state: 'resolved', cause: 'line-cut', lessons: told?.lessons },
      ]);
      expect(store.untold().map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
    });

    it('takes back what goes on, for nobody wants these machines now', async () => {
      const watch = open();
      await watch.begin(undefined);
      await cutAtNine(watch);
      now = nine + 400;
      registry.importTimetable('qilian', holidays, 'test');
      await watch.settle();
      lookAt(watch, nine + 410);
      lookAt(watch, nine + 440);
      expect(kept()).toMatchObject([{ state: 'withdrawn' }]);
      // They are switched on again: it does not come back.
      await report(watch, nine + 600, nine + 640);
      lookAt(watch, nine + 640);
      expect(kept()).toMatchObject([{ state: 'withdrawn' }]);
    });
  });

  it('forgets agents that are no longer there', async () => {
    const watch = open();
    await watch.begin(undefined);
    await cutAtNine(watch);
    await watch.keep();
    expect(store.agents('qilian').toSorted()).toEqual([...agents].sort());
    expect(registry.revoke(agents[0] ?? '', 'test')).toEqual({ ok: true });
    await watch.settle();
    expect(store.agents('qilian')).toEqual([agents[1]]);
  });
});
