import type { Timetable } from '@tongtang/model/timetable';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nowS, startFixture } from './http.fixture.ts';

type Fixture = Awaited<ReturnType<typeof startFixture>>;
let hub: Fixture;
beforeAll(async () => {
  hub = await startFixture();
});
afterAll(() => hub.stop());

const ask = (query: string) => hub.ask('GET', `/api/v1/lessons${query}`, undefined, hub.tokens.technician);

/** The day of the fixture's present. */
const monday = '2026-01-05';
const timetable: Timetable = {
  terms: [{ name: '2026', from: '2025-09-01', to: '2026-01-31' }],
  bells: [{ from: '2025-09-01', periods: [{ n: 1, start: '08:30', end: '09:10' }] }],
  days: [],
  lessons: [
    {
      school: 'school',
      class: 'room-1',
      weekday: 1,
      period: 1,
      subject: '数学',
      mode: 'live',
      carrier: 'satellite',
      weeks: 'every',
    },
  ],
  changes: [],
};

describe('the lessons of a day', () => {
  it('are those of the inventory’s periods on the first day, and say so', async () => {
    const [inventory] = hub.registry.inventories();
    if (inventory === undefined) throw new Error('a new hub has a county');
    const periods = [{ n: 1, start: '08:30', end: '09:10' }];
    const classes = [{ id: 'room-1', name: { zh: '一班', en: 'Class 1' }, classroom: 'room-1' }];
    const schools = inventory.schools.map((school) => ({ ...school, classes }));
    const county = { ...inventory.county, timezone: 'Asia/Shanghai' };
    hub.registry.importInventory({ ...inventory, county, schools, periods }, 'test');
    const { status, body } = await ask('');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      time: nowS,
      county: 'local',
      date: monday,
      timezone: 'Asia/Shanghai',
      timetable: false,
      kind: 'ordinary',
    });
    expect(body.lessons).toMatchObject([{ class: 'room-1', period: 1, mode: 'live', origin: 'periods' }]);
  });

  it('come with what was found before them, in words of both languages', async () => {
    hub.registry.importTimetable('local', timetable, 'test');
    const start = Date.parse(`${monday}T08:30:00+08:00`) / 1000;
    hub.readiness.keep('local', [
      {
        school: 'school',
        class: 'room-1',
        start,
        readiness: {
          state: 'at-risk',
          at: start - 900,
          checks: [
            { item: 'clock', found: 'wrong', state: 'at-risk', figure: 240 },
            { item: 'incident', found: 'open', state: 'at-risk', from: start - 3600, incident: 'i-7' },
            { item: 'pc', found: 'of a later version', state: 'at-risk' },
          ],
        },
      },
    ]);
    const { body } = await ask(`?county=local&date=${monday}`);
    expect(body.timetable).toBe(true);
    expect(body.lessons).toEqual([
      {
        school: 'school',
        class: 'room-1',
        classroom: 'room-1',
        period: 1,
        subject: '数学',
        mode: 'live',
        carrier: 'satellite',
        start,
        end: start + 2400,
        origin: 'timetable',
        readiness: {
          state: 'at-risk',
          at: start - 900,
          checks: [
            {
              item: 'clock',
              state: 'at-risk',
              why: { zh: '时钟相差 4 分钟', en: 'its clock is 4 min off' },
              todo: { zh: '打开系统自动对时', en: 'let the system set its clock by the network' },
            },
            {
              item: 'incident',
              state: 'at-risk',
              why: { zh: '有未恢复的故障，07:30 起', en: 'an incident since 07:30 is not over' },
              todo: { zh: '按故障页上的步骤检查', en: 'follow the steps on the page of the incident' },
              incident: 'i-7',
            },
          ],
        },
      },
    ]);
  });

  it.each([
    ['?county=nowhere', 404, 'county: no county "nowhere"'],
    ['?date=2026-02-30', 400, 'date: the calendar has no 2026-02-30'],
    ['?date=tomorrow', 400, 'date: must be a day such as 2026-09-01'],
  ])('are refused for %s', async (query, status, message) => {
    const answer = await ask(query);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toContain(message);
  });

  it('are no business of a bureau', async () => {
    expect((await hub.ask('GET', '/api/v1/lessons', undefined, hub.tokens.bureau)).status).toBe(403);
  });
});
