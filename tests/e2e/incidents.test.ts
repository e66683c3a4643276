import { incidentsIn as incidentsFile } from '@tongtang/hub/incidents/incidents-file';
import { parseListen } from '@tongtang/runtime/host-port';
import { createLog } from '@tongtang/runtime/log';
import { openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../services/eventually.ts';
import { Pupils } from '../services/pupils.ts';
import { county, incidentsIn, settleTaughtCounty, startListener } from '../services/taught-county.ts';
import { dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';

/**
 * From what virtual agents send through the real broker to what a program is told: one hub, one county with lessons on, and what
 * happens to it one after the other.
 */

/** A report in ten seconds, two of them missing, and whatever else runs on the machine. */
const patienceMs = 120_000;

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

describe('a hub with lessons on', () => {
  let data: string;
  let hub: TestHub;
  let pupils: Pupils;
  let listener: Awaited<ReturnType<typeof startListener>>;
  beforeAll(async () => {
    const folder = dataFolder();
    cleanUp.push(folder.remove);
    data = folder.path;
    const settled = settleTaughtCounty(data, { big: 9, small: 2, worked: 2, late: 1 });
    const now = Date.now() / 1000;
    const window = {
      id: 'w1',
      school: 'worked',
      note: 'new line',
      kind: 'once',
      start: now - 60,
      end: now + 3600,
    } as const;
    const store = openIncidentStore(incidentsFile(data), createLog('error'));
    store.keepWindow(county, window);
    store.close();
    listener = await startListener(data);
    cleanUp.push(() => listener.stop());
    hub = await startTestHub(data, {
      TONGTANG_NOTIFY: listener.notifyFile,
      // Enough for a report each ten seconds.
      TONGTANG_BYTES_PER_DAY: '10000000',
    });
    cleanUp.push(() => hub.process().stop());
    const broker = parseListen(hub.environment.TONGTANG_MQTT ?? '');
    if (broker === undefined) throw new Error('the hub has no broker');
    pupils = new Pupils(settled);
    cleanUp.push(() => pupils.end());
    await pupils.begin(broker);
  });

  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      process.stderr.write(`--- hub\n${hub.process().output()}--- ${JSON.stringify(incidentsIn(data))}\n`);
    });
  });
  const notices = () => listener.told.flatMap((one) => one.notices);
  const open = () => incidentsIn(data).filter(({ to }) => to === undefined);

  it('tells once that the fibre of a school with nine classrooms is cut, and nothing of announced work', async () => {
    pupils.cut('worked');
    const cutAt = pupils.cut('big');
    await eventually('told', () => (notices().length > 0 ? true : undefined), patienceMs);
    const [incident] = open();
    expect(open()).toHaveLength(1);
    expect(incident).toMatchObject({
      state: 'open',
      severity: 'critical',
      place: { node: 'broadband', school: 'big' },
    });
    expect(Math.abs((incident?.from ?? 0) - cutAt)).toBeLessThan(15);
    expect(new Set(incident?.lessons.map((lesson) => lesson.class)).size).toBe(9);
    expect(notices()).toMatchObject([
      {
        incident: incident?.id,
        step: 1,
        kind: 'opened',
        school: { id: 'big' },
        page: `/incidents/${incident?.id}`,
      },
    ]);
  }, 200_000);

  it('goes on silently after kill -9', async () => {
    const [before] = open();
    // What is lost at once with the hub would be taken for that.
    const distinct = (before?.from ?? 0) + 100;
    await eventually('later', () => (Date.now() / 1000 > distinct ? true : undefined), patienceMs);
    await hub.process().kill9();
    await hub.start();
    // Its agents are back, and it has looked again.
    const metrics = async () => String(await (await fetch(`${hub.url}/metrics`)).text());
    await eventually(
      'looked',
      async () => ((await metrics()).match(/look_seconds_count ([1-9]\d+)/) === null ? undefined : true),
      patienceMs,
    );
    expect(open().map(({ id, state }) => ({ id, state }))).toEqual([{ id: before?.id, state: 'open' }]);
    expect(notices()).toHaveLength(1);
  }, 200_000);

  it('tells once that it is over, and has by then heard from the classrooms why', async () => {
    const [before] = open();
    expect(before?.cause).toBe('line-or-power');
    pupils.mend('big');
    pupils.mend('worked');
    await eventually('told', () => (notices().length > 1 ? true : undefined), patienceMs);
    await eventually(
      'corrected',
      () => (incidentsIn(data).some(({ cause }) => cause === 'line-cut') ? true : undefined),
      patienceMs,
    );
    const all = incidentsIn(data).filter(({ place }) => place.school !== undefined);
    expect(all).toMatchObject([{ id: before?.id, state: 'resolved', cause: 'line-cut', confidence: 'high' }]);
    expect(Math.abs((all[0]?.from ?? 0) - (before?.from ?? 0))).toBeLessThan(45);
    expect(notices().map(({ kind, incident }) => ({ kind, incident }))).toEqual([
      { kind: 'opened', incident: before?.id },
      { kind: 'resolved', incident: before?.id },
    ]);
  }, 200_000);

  it('records what came long after, and tells nobody', async () => {
    const now = Math.floor(Date.now() / 1000);
    const cut = now - 7200;
    pupils.confess('late', { from: now - 10_000, cut, mended: cut + 1200, to: now });
    const found = await eventually(
      'recorded',
      () => incidentsIn(data).find(({ place, cause }) => place.school === 'late' && cause === 'line-cut'),
      patienceMs,
    );
    expect(found).toMatchObject({ state: 'resolved', telling: { step: 0 } });
    expect(Math.abs(found.from - cut)).toBeLessThan(15);
    expect(Math.abs((found.to ?? 0) - cut - 1200)).toBeLessThan(15);
    expect(notices().filter(({ school }) => school?.id === 'late')).toEqual([]);
  }, 200_000);
});
