import { buildInventory, type Inventory, type InventoryDocument } from '@tongtang/model/inventory';
import type { Timetable, Weekday } from '@tongtang/model/timetable';
import { sunOutages } from '@tongtang/satellite/sun-outages';
import { describe, expect, it } from 'vitest';
import { openSunOutages } from './sun-outages.ts';

const satellite = { id: 'sat-1', longitudeDeg: 130, downlinkGHz: 12.5, dishDiameterM: 1.2 };
const place = { lat: 37.97, lon: 100.92 };
const document: InventoryDocument = {
  county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  satellite,
  schools: [
    { id: 'arou', name: { en: 'Arou' }, ...place },
    { id: 'new', name: { en: 'New' }, lat: 38 },
    { id: 'far', name: { en: 'Far' }, lat: 38, lon: -60 },
  ],
  periods: [
    { n: 3, start: '10:20', end: '11:00' },
    { n: 4, start: '11:10', end: '11:50' },
  ],
};
const seconds = (text: string): number => Date.parse(text) / 1000;

function inventoryOf(changed: InventoryDocument): Inventory {
  const built = buildInventory(changed);
  if ('problems' in built) throw new Error(built.problems.join('; '));
  return built.inventory;
}

async function ask(school: string, now: string, changed = document, timetable?: Timetable) {
  const inventory = inventoryOf(changed);
  const found = inventory.schools.find(({ id }) => id === school);
  if (found === undefined) throw new Error(`no school ${school}`);
  return openSunOutages()(inventory, timetable, found, seconds(now));
}

describe('the sun outages of a school', () => {
  const ofYear = sunOutages({ ...place, heightM: 0 }, 130, satellite, 2026);
  const spring = ofYear.filter(({ begin }) => begin < seconds('2026-06-01T00:00:00Z'));
  const autumn = ofYear.filter(({ begin }) => begin > seconds('2026-06-01T00:00:00Z'));
  const begins = (answer: Awaited<ReturnType<typeof ask>>): number[] =>
    answer.outages.map(({ begin }) => begin);

  it('are those of the next season, of the present one until its last is over, and of next year after the last', async () => {
    const answers = await Promise.all(
      ['2026-01-10T00:00:00Z', new Date((spring.at(-1)?.end ?? 0) * 1000 - 1000).toISOString()].map((now) =>
        ask('arou', now),
      ),
    );
    for (const answer of answers) expect(begins(answer)).toEqual(spring.map(({ begin }) => begin));
    expect(begins(await ask('arou', '2026-05-01T00:00:00Z'))).toEqual(autumn.map(({ begin }) => begin));
    const next = begins(await ask('arou', '2026-12-01T00:00:00Z'));
    expect(new Date((next[0] ?? 0) * 1000).toISOString()).toMatch(/^2027-0[23]/);
  });

  it('say which lessons they touch, none at weekends', async () => {
    const { outages } = await ask('arou', '2026-01-10T00:00:00Z');
    const touching = outages.map(({ peak, lessons }) => [
      new Date(peak * 1000).getUTCDay(),
      lessons.map(({ n }) => n),
    ]);
    expect(touching).toContainEqual([3, [4]]);
    for (const [day, lessons] of touching) if (day === 0 || day === 6) expect(lessons).toEqual([]);
  });

  it('name lessons by the timetable where the school is in it: those that come by satellite, on the days that they are', async () => {
    const weekly = {
      school: 'arou',
      class: 'c1',
      period: 4,
      subject: '数学',
      weeks: 'every',
      mode: 'live',
    } as const;
    const days: Weekday[] = [1, 2, 3, 4, 5, 6, 7];
    const timetable = (carrier: 'satellite' | 'broadband'): Timetable => ({
      terms: [{ name: '春', from: '2026-02-20', to: '2026-07-10' }],
      bells: [{ from: '2000-01-01', periods: [{ n: 4, start: '11:00', end: '12:00' }] }],
      days: [{ kind: 'holiday', from: '2026-03-04', to: '2026-03-04' }],
      lessons: days.map((weekday) => ({ ...weekly, weekday, carrier })),
      changes: [],
    });
    const { lessonsFrom, outages } = await ask(
      'arou',
      '2026-01-10T00:00:00Z',
      document,
      timetable('satellite'),
    );
    expect(lessonsFrom).toBe('timetable');
    const touched = outages.map(({ peak, lessons }) => [
      new Date(peak * 1000).toISOString().slice(0, 10),
      lessons.length,
    ]);
    expect(touched).toContainEqual(['2026-03-04', 0]);
    expect(touched).toContainEqual(['2026-03-07', 1]);
    const cable = await ask('arou', '2026-01-10T00:00:00Z', document, timetable('broadband'));
    expect(cable.outages.flatMap(({ lessons }) => lessons)).toEqual([]);
  });

  it('cannot be computed without the place of school and satellite, and it is said what is missing', async () => {
    const { satellite: _, ...without } = document;
    expect(await ask('new', '2026-01-10T00:00:00Z')).toEqual({
      missing: ['lon'],
      belowHorizon: false,
      outages: [],
    });
    expect((await ask('new', '2026-01-10T00:00:00Z', without)).missing).toEqual(['satellite', 'lon']);
  });

  it('are none where the satellite is below the horizon', async () => {
    expect(await ask('far', '2026-01-10T00:00:00Z')).toMatchObject({ belowHorizon: true, outages: [] });
  });

  it('follow the inventory: what was kept of another dish is not its answer', async () => {
    const inventory = inventoryOf(document);
    const larger = inventoryOf({ ...document, satellite: { ...satellite, dishDiameterM: 4.5 } });
    const [school] = inventory.schools;
    if (school === undefined) throw new Error('no school');
    const outages = openSunOutages();
    const now = seconds('2026-01-10T00:00:00Z');
    const small = await outages(inventory, undefined, school, now);
    const large = await outages(larger, undefined, school, now);
    expect(large.outages.length).toBeLessThan(small.outages.length);
    expect(await outages(inventory, undefined, school, now)).toEqual(small);
  });
});
