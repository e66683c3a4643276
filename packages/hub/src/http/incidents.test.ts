import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskInMemory } from '../incidents/desk.fixture.ts';
import { nowS, startFixture } from './http.fixture.ts';
import { someIncidents } from './incidents.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
const [cut, power] = someIncidents('local', 'school', ['room-1', 'room-2'], nowS);
beforeAll(async () => {
  hub = await startFixture({}, { incidents: deskInMemory([cut, power]) });
});
afterAll(() => hub.stop());

const ask = (method: string, path: string, body?: unknown) =>
  hub.ask(method, `/api/v1/${path}`, body, hub.tokens.technician);
const idsOf = async (query: string): Promise<string[]> =>
  (await ask('GET', `incidents?${query}`)).body.incidents.map(({ id }: { id: string }) => id);
const lastDeed = async () =>
  (await hub.ask('GET', '/api/v1/audit?limit=1', undefined, hub.tokens.admin)).body[0];

describe('incidents', () => {
  it('are listed with where, why and the lessons that they hit, in both languages', async () => {
    const { body } = await ask('GET', 'incidents?over=false');
    expect(body).toEqual({
      time: nowS,
      incidents: [
        {
          id: 'cut-school',
          state: 'open',
          place: { node: 'broadband', county: 'local', school: 'school' },
          cause: 'line-cut',
          confidence: 'high',
          where: { zh: '地网', en: 'broadband' },
          why: { zh: '学校线路中断', en: "the school's line is cut" },
          row: 'line',
          severity: 'critical',
          from: nowS - 600,
          openedAt: nowS - 580,
          flapping: false,
          lessons: [
            expect.objectContaining({ subject: '英语', start: nowS - 1200 }),
            {
              school: 'school',
              class: 'room-1',
              classroom: 'room-1',
              subject: '数学',
              start: nowS + 900,
              end: nowS + 3300,
            },
          ],
          schools: ['school'],
          rooms: 2,
        },
      ],
    });
  });

  it('are found by place, by time, and by whether they are over', async () => {
    expect(await idsOf('')).toEqual(['cut-school', 'power-school']);
    expect(await idsOf('over=true')).toEqual(['power-school']);
    expect(await idsOf('from=-1h')).toEqual(['cut-school']);
    expect(await idsOf('from=-1d&to=-1h')).toEqual(['power-school']);
    expect(await idsOf('county=local&school=school')).toHaveLength(2);
    expect(await idsOf('county=elsewhere')).toEqual([]);
    expect(await idsOf('school=elsewhere')).toEqual([]);
  });

  it.each([
    ['from=yesterday', 'from: must be a time such as 2026-03-02T08:30:00+08:00, -1h or now'],
    ['from=2026-02-30T00:00:00Z', 'from: there is no such day or time as 2026-02-30T00:00:00Z'],
    ['from=now&to=-1h', 'to: must not be before from'],
    ['over=perhaps', 'over: must be boolean'],
    ['colour=red', 'colour: is not known here'],
  ])('are refused by wrong questions: %s', async (query, message) => {
    expect(await ask('GET', `incidents?${query}`)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_input', message } },
    });
  });

  it('each says what was seen, what to check first, and what happened', async () => {
    const { body } = await ask('GET', 'incidents/cut-school');
    expect(body.saw).toContainEqual({ zh: '学校网关有应答', en: "the school's gateway answers" });
    expect(body.checks).toHaveLength(3);
    expect(body.evidence).toEqual([
      expect.objectContaining({
        agent: 'school-room-1',
        title: { zh: '连不上中心', en: expect.any(String) },
      }),
      expect.objectContaining({ agent: 'school-room-2', from: nowS - 599 }),
    ]);
    expect(body.history[1].found).toEqual({
      cause: 'line-cut',
      confidence: 'high',
      where: { zh: '地网', en: 'broadband' },
      why: { zh: '学校线路中断', en: "the school's line is cut" },
    });
    expect(await ask('GET', 'incidents/none')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: 'incident: no incident "none"' } },
    });
  });
});

describe('what people do to an incident', () => {
  it('is kept with their name and what they wrote, and audited', async () => {
    const { body } = await ask('POST', 'incidents/cut-school/acknowledge', { text: ' on the way ' });
    expect(body).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'a-technician' });
    const mark = { time: nowS, what: 'acknowledged', who: 'a-technician', text: 'on the way' };
    expect(body.history.at(-1)).toEqual(mark);
    expect(await lastDeed()).toMatchObject({
      who: 'a-technician',
      action: 'acknowledge incident',
      what: 'cut-school',
      detail: 'on the way',
    });
  });

  it('a note changes nothing else; an empty one is none', async () => {
    const { body } = await ask('POST', 'incidents/cut-school/note', { text: 'excavator at km 3' });
    expect(body).toMatchObject({ state: 'acknowledged' });
    expect(body.history.at(-1)).toMatchObject({ what: 'noted', text: 'excavator at km 3' });
    for (const [wrong, message] of [
      [{}, 'must have required properties text'],
      [{ text: '  ' }, 'text: must not be empty'],
      [{ text: 'x'.repeat(1001) }, 'text: must not have more than 1000 characters'],
    ] as const)
      expect(await ask('POST', 'incidents/cut-school/note', wrong)).toMatchObject({
        status: 400,
        body: { error: { message } },
      });
  });

  it('a close by hand can be taken back', async () => {
    expect((await ask('POST', 'incidents/cut-school/close', {})).body.state).toBe('closed');
    expect(await idsOf('over=false')).toEqual([]);
    expect(await ask('POST', 'incidents/cut-school/close', {})).toMatchObject({
      status: 409,
      body: { error: { message: 'it is closed already' } },
    });
    expect((await ask('POST', 'incidents/cut-school/reopen', {})).body.state).toBe('acknowledged');
    expect(await lastDeed()).toMatchObject({ action: 'reopen incident', what: 'cut-school' });
  });

  it('what ended by itself is neither closed nor reopened', async () => {
    for (const [deed, message] of [
      ['close', 'it is resolved already'],
      ['reopen', 'it was not closed by hand: it is resolved'],
    ] as const)
      expect(await ask('POST', `incidents/power-school/${deed}`, {})).toMatchObject({
        status: 409,
        body: { error: { code: 'conflict', message } },
      });
  });
});
