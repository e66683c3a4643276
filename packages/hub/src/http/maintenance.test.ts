import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nowS, startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
beforeEach(async () => {
  hub = await startFixture();
});
afterEach(() => hub.stop());

const address = '/api/v1/counties/local/maintenance';
const ask = (method: string, path: string, body?: unknown) =>
  hub.ask(method, path, body, hub.tokens.technician);
const windows = async () => (await ask('GET', address)).body.windows;

// The tests' present is a Monday, 16:00 in the county.
const once = { kind: 'once', school: 'school', note: 'new line', start: nowS + 3600, end: nowS + 7200 };
const weekly = { kind: 'weekly', note: 'restart', weekdays: [3, 1], at: '02:00', minutes: 60 };

describe('maintenance windows', () => {
  it('are added, changed, removed and brought back; each is audited', async () => {
    const { body: added } = await ask('POST', address, once);
    expect(added).toEqual({
      ...once,
      id: expect.stringMatching(/^w-[0-9a-f]{8}$/),
      next: { start: nowS + 3600, end: nowS + 7200 },
    });
    expect(await windows()).toEqual([added]);

    const changed = { ...once, note: 'new line, longer', end: nowS + 9000 };
    await ask('PUT', `${address}/${added.id}`, changed);
    expect(await windows()).toMatchObject([{ ...changed, id: added.id }]);

    expect((await ask('DELETE', `${address}/${added.id}`)).status).toBe(200);
    expect(await windows()).toEqual([]);
    expect(await ask('DELETE', `${address}/${added.id}`)).toMatchObject({
      status: 404,
      body: { error: { message: `id: no maintenance window "${added.id}"` } },
    });
    await ask('PUT', `${address}/${added.id}`, once);
    expect(await windows()).toEqual([added]);

    const trail = await hub.ask('GET', '/api/v1/audit?limit=4', undefined, hub.tokens.admin);
    expect(trail.body.map(({ action }: { action: string }) => action)).toEqual([
      'change maintenance window',
      'remove maintenance window',
      'change maintenance window',
      'add maintenance window',
    ]);
    expect(trail.body[0]).toMatchObject({
      who: 'a-technician',
      what: `local/${added.id}`,
      detail: 'new line',
    });
  });

  it("those of each week say when the next is, in the county's time", async () => {
    const before = hub.registry.exportInventory('local');
    if (before === undefined) throw new Error('no inventory');
    const county = { ...before.county, timezone: 'Asia/Shanghai' };
    hub.registry.importInventory({ ...before, county }, 'test');
    const { body } = await ask('POST', address, weekly);
    const wednesday = Date.parse('2026-01-07T02:00:00+08:00') / 1000;
    expect(body).toEqual({
      ...weekly,
      id: body.id,
      weekdays: [1, 3],
      next: { start: wednesday, end: wednesday + 3600 },
    });
    expect((await ask('GET', address)).body).toMatchObject({ time: nowS, timezone: 'Asia/Shanghai' });
  });

  it('one that is over has no next', async () => {
    const { body } = await ask('POST', address, { ...once, start: nowS - 7200, end: nowS - 3600 });
    expect(body.next).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['no kind', { note: 'x' }, 'must have required properties kind'],
    ['another kind', { ...once, kind: 'daily' }, 'kind: must be one of once, weekly'],
    ['no end', { kind: 'once', note: 'x', start: nowS }, 'end: is needed with kind once'],
    ['an end before the start', { ...once, end: once.start }, 'end: must be after start'],
    ['milliseconds', { ...once, end: nowS * 1000 }, 'end: must be <= 4102444800'],
    ['fields of the other kind', { ...once, minutes: 5 }, 'minutes: goes with kind weekly only'],
    ['no weekday', { ...weekly, weekdays: [] }, 'weekdays: must not have fewer than 1 items'],
    ['an eighth weekday', { ...weekly, weekdays: [8] }, 'weekdays[0]: must be <= 7'],
    ['a weekday twice', { ...weekly, weekdays: [1, 1] }, 'weekdays: must not have duplicate items'],
    ['an hour too many', { ...weekly, at: '24:00' }, 'at: must be a time of day such as 02:00'],
    ['more than a day', { ...weekly, minutes: 1441 }, 'minutes: must be <= 1440'],
    ['another school', { ...once, school: 'x' }, 'school: no school "x" in local'],
    ['a story', { ...once, note: 'x'.repeat(501) }, 'note: must not have more than 500 characters'],
  ])('with %s are refused, and the field is named', async (_, body, message) => {
    const answer = await ask('POST', address, body);
    expect([answer.status, answer.body.error?.message]).toEqual([400, message]);
    expect(await windows()).toEqual([]);
  });

  it('of a county that is not there are not', async () => {
    expect(await ask('POST', '/api/v1/counties/x/maintenance', once)).toMatchObject({
      status: 404,
      body: { error: { message: 'county: no county "x"' } },
    });
  });
});
