import type { MinuteState } from '@tongtang/lessons/delivery/minute-state';
import { encodeMinutes } from '@tongtang/lessons/delivery/runs';
import type { Incident } from '@tongtang/model/incident';
import { qilian } from '@tongtang/simulator/county/qilian';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { surroundingsOf } from '../minutes/surroundings.ts';
import { startFixture } from './http.fixture.ts';

/** Tuesday, 6 January 2026, in Qilian. */
const date = '2026-01-06';
const at = (clock: string): number => Date.parse(`${date}T${clock}:00+08:00`) / 1000;
const midnight = at('00:00');

const incident: Incident = {
  id: 'q7x2',
  state: 'resolved',
  place: { node: 'broadband', county: 'qilian', school: 'xx1' },
  cause: 'line-cut',
  confidence: 'high',
  row: 'line-cut',
  from: at('08:50'),
  openedAt: at('08:51'),
  to: at('09:30'),
  flapping: false,
  evidence: [],
  history: [],
};
const window = {
  id: 'w1',
  kind: 'once',
  note: 'new switch',
  school: 'xx1',
  start: at('10:20'),
  end: at('10:30'),
} as const;

let hub: Awaited<ReturnType<typeof startFixture>>;
beforeEach(async () => {
  hub = await startFixture(
    {},
    {},
    surroundingsOf(
      () => [incident],
      () => [window],
      () => at('23:00'),
    ),
  );
  hub.registry.importInventory(qilian(), 'test');
});
afterEach(() => hub.stop());

const get = async (path: string) =>
  (await hub.ask('GET', `/api/v1/${path}`, undefined, hub.tokens.technician)).body;

/** A day of minutes that is `good`, but for some. */
function day(...parts: readonly (readonly [from: string, to: string, state: MinuteState])[]): MinuteState[] {
  const minutes: MinuteState[] = Array.from({ length: 1440 }, () => 'good');
  for (const [from, to, state] of parts)
    minutes.fill(state, (at(from) - midnight) / 60, (at(to) - midnight) / 60);
  return minutes;
}

function keep(school: string, classroom: string, machine: MinuteState[], platform: MinuteState[]): void {
  const minutes = encodeMinutes({
    machine,
    links: new Map([
      ['platform', platform],
      ['broadband', platform],
    ]),
  });
  hub.minutes.keep(
    'qilian',
    date,
    { agent: `a-${school}-${classroom}`, kind: 'classroom', school, classroom },
    minutes,
  );
}

describe('lessons of a day', () => {
  it('that are over: their minutes, what was lost and to what', async () => {
    keep('xx1', 'c1', day(), day(['08:50', '09:10', 'down']));
    keep('xx1', 'c2', day(['00:00', '24:00', 'off']), day(['00:00', '24:00', 'unknown']));
    hub.minutes.settled('qilian', at('12:00'));
    const answer = await get(`lessons/outcomes?county=qilian&date=${date}`);
    expect(answer).toMatchObject({ date, timezone: 'Asia/Shanghai', settledTo: at('12:00') });
    const of = (id: string) =>
      answer.outcomes.filter(
        ({ school, class: one }: { school: string; class: string }) => `${school}/${one}` === id,
      );
    const first = of('xx1/c1');
    expect(first.every(({ end }: { end: number }) => end <= at('12:00'))).toBe(true);
    expect(first[0]).toEqual({
      school: 'xx1',
      class: 'c1',
      classroom: 'c1',
      period: 1,
      start: at('08:30'),
      end: at('09:10'),
      mode: 'embedded',
      state: 'degraded',
      minutes: { good: 20, degraded: 0, down: 20, off: 0, asleep: 0, unknown: 0, excluded: 0 },
      lost: [
        {
          cause: 'line-cut',
          why: { zh: '学校线路中断', en: "the school's line is cut" },
          minutes: 20,
          incident: 'q7x2',
        },
      ],
      coverage: { known: 40, scheduled: 40 },
    });
    expect(of('xx1/c2')[0]).toMatchObject({ state: 'not-held', coverage: { known: 0, scheduled: 0 } });
    expect(of('xx2/c1')[0]).toMatchObject({ state: 'unknown', coverage: { known: 0, scheduled: 40 } });
    const excluded = first.reduce(
      (sum: number, { minutes }: { minutes: { excluded: number } }) => sum + minutes.excluded,
      0,
    );
    expect(excluded).toBeGreaterThan(0);
  });

  it('of a room whose agent was silent all day are unknown, and not judged as those of a room without one', async () => {
    const [nothing, well] = [day(['00:00', '24:00', 'unknown']), day()];
    keep('xx1', 'c1', nothing, nothing);
    keep('xx1', 'c2', well, well);
    hub.minutes.settled('qilian', at('12:00'));
    const stateOf = async (of: string): Promise<string> => {
      const { outcomes } = await get(`lessons/outcomes?county=qilian&date=${date}`);
      return outcomes.find(
        (one: { school: string; class: string }) => one.school === 'xx1' && one.class === of,
      ).state;
    };
    expect([await stateOf('c1'), await stateOf('c2'), await stateOf('c3')]).toEqual([
      'unknown',
      'delivered',
      'delivered',
    ]);
    // Its machine was replaced: what the old one does not say is nothing to the new one.
    const off = day(['00:00', '24:00', 'off']);
    const seat = { agent: 'new', kind: 'classroom', school: 'xx1', classroom: 'c1' } as const;
    hub.minutes.keep('qilian', date, seat, encodeMinutes({ machine: off, links: new Map() }));
    expect(await stateOf('c1')).toBe('not-held');
  });

  it('there are none before anything is settled, and wrong questions are told apart', async () => {
    expect(await get(`lessons/outcomes?county=qilian&date=${date}`)).toMatchObject({ outcomes: [] });
    expect(await get(`lessons/outcomes?county=nowhere&date=${date}`)).toMatchObject({
      error: { code: 'not_found' },
    });
    expect(await get('lessons/outcomes?county=qilian&date=2026-02-30')).toMatchObject({
      error: { code: 'invalid_input', message: 'date: there is no such day as 2026-02-30' },
    });
  });
});

describe('availability', () => {
  it('of links and classes over some days, as whole minutes', async () => {
    keep('xx1', 'c1', day(), day(['08:50', '09:10', 'down'], ['20:00', '21:00', 'down']));
    hub.minutes.settled('qilian', at('23:00'));
    const answer = await get(`availability?county=qilian&school=xx1&from=2026-01-05&to=2026-01-07`);
    expect(answer.schools.map(({ school }: { school: string }) => school)).toEqual(['xx1']);
    const [{ links, classes }] = answer.schools;
    const platform = links.find(({ link }: { link: string }) => link === 'platform');
    expect(platform.always).toMatchObject({
      minutes: { good: 23 * 60 - 20 - 60 - 10, down: 80, excluded: 10 },
      availability: { up: 23 * 60 - 90, known: 23 * 60 - 10 },
      coverage: { known: 23 * 60 - 10, scheduled: 23 * 60 - 10 },
    });
    expect(platform.lessons.minutes.down).toBe(20);
    const [first] = classes;
    expect(first).toMatchObject({
      class: 'c1',
      availability: { up: first.minutes.good, known: first.minutes.good + 20 },
    });
    expect(Object.values<number>(first.lessons).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(4);
    // A room without an agent is judged by what its school sees.
    expect(classes[1]).toEqual({ ...first, class: 'c2' });
  });

  it('is not asked for backwards, nor for years, nor of a school that is not there', async () => {
    const asked = (more: string) => get(`availability?county=qilian&${more}`);
    expect(await asked('from=2026-01-07&to=2026-01-06')).toMatchObject({ error: { code: 'invalid_input' } });
    expect(await asked('from=2024-01-07&to=2026-01-06')).toMatchObject({ error: { code: 'invalid_input' } });
    expect(await asked('from=2026-01-06&to=2026-01-06&school=none')).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('is for technicians', async () => {
    const path = `/api/v1/availability?county=qilian&from=${date}&to=${date}`;
    expect((await hub.ask('GET', path, undefined, hub.tokens.bureau)).status).toBe(403);
    expect((await hub.ask('GET', path)).status).toBe(401);
  });
});
