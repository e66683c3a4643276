import { buildInventory } from '@tongtang/model/inventory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nowS, startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
beforeEach(async () => {
  hub = await startFixture();
  const built = buildInventory({
    county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: [
      { id: 'zm', name: { zh: '祁连中学', en: 'Middle School' }, classes: 2 },
      { id: 'babao', name: { zh: '八宝小学' }, classes: 1 },
    ],
    visitTargets: { service: 5 },
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  hub.registry.importInventory(built.inventory, 'test');
});
afterEach(() => hub.stop());

const address = '/api/v1/counties/qilian/visits';
const ask = (method: string, path = '', body?: unknown, bearer = hub.tokens.technician) =>
  hub.ask(method, address + path, body, bearer);
const ids = async (query = '') => (await ask('GET', query)).body.visits.map(({ id }: { id: string }) => id);

// The tests' present is Monday, 5 January 2026.
const entry = { school: 'zm', date: '2025-12-10', kind: 'service', note: 'two new amplifiers' };
const inspection = { ...entry, kind: 'inspection' };

describe('the register of visits', () => {
  it('takes what was held, has it corrected, removed and back, and says whose each entry is', async () => {
    const { body: added } = await ask('POST', '', entry);
    expect(added).toEqual({
      ...entry,
      id: expect.stringMatching(/^v-/),
      enteredBy: 'a-technician',
      enteredAt: nowS,
    });
    expect((await ask('GET')).body).toEqual({
      timezone: 'Asia/Shanghai',
      today: '2026-01-05',
      mayEnter: ['first', 'inspection', 'research', 'service'],
      visits: [added],
    });

    const right = { ...entry, date: '2025-12-11' };
    const corrected = await ask('PUT', `/${added.id}`, right, hub.tokens.admin);
    expect(corrected.body).toMatchObject({ ...right, enteredBy: 'a-technician', changedBy: 'a-admin' });

    expect((await ask('DELETE', `/${added.id}`)).status).toBe(200);
    expect(await ids()).toEqual([]);
    expect(await ask('DELETE', `/${added.id}`)).toMatchObject({
      status: 404,
      body: { error: { message: `id: no visit "${added.id}"` } },
    });
    expect((await ask('PUT', `/${added.id}`, right)).body).toEqual(corrected.body);
    expect(await ids()).toEqual([added.id]);
    const { body: trail } = await hub.ask('GET', '/api/v1/audit?limit=4', undefined, hub.tokens.admin);
    expect(trail.map(({ action }: { action: string }) => action)).toEqual([
      'bring visit back',
      'remove visit',
      'correct visit',
      'add visit',
    ]);
  });

  it('is listed by school, kind and days', async () => {
    const all = [
      entry,
      { ...entry, school: 'babao', date: '2025-12-09' },
      { ...entry, date: '2025-09-03', kind: 'first' },
    ];
    const [a, b, c] = await Promise.all(all.map(async (one) => (await ask('POST', '', one)).body.id));
    expect(await ids()).toEqual([a, b, c]);
    expect(await ids('?school=zm')).toEqual([a, c]);
    expect(await ids('?kind=service')).toEqual([a, b]);
    expect(await ids('?from=2025-12-01&to=2025-12-09')).toEqual([b]);
    expect((await ask('GET', '?kind=party')).body.error.message).toContain('kind: must be one of first');
    expect((await ask('GET', '?from=2025-02-30')).body.error.message).toBe(
      'from: there is no such day as 2025-02-30',
    );
  });

  it.each<[string, object, string]>([
    ['no school', { ...entry, school: 'x' }, 'school: no school "x" in qilian'],
    [
      'another kind',
      { ...entry, kind: 'party' },
      'kind: must be one of first, inspection, research, service',
    ],
    ['no day', { ...entry, date: 'today' }, 'date: must be a day such as 2026-09-01'],
    ['another century', { ...entry, date: '0205-12-10' }, 'date: must be a day such as 2026-09-01'],
    ['a day that there is not', { ...entry, date: '2025-11-31' }, 'date: there is no such day as 2025-11-31'],
    [
      'a day to come',
      { ...entry, date: '2026-01-06' },
      'date: 2026-01-06 is still to come: enter what was held',
    ],
    ['a story', { ...entry, note: 'x'.repeat(501) }, 'note: must not have more than 500 characters'],
  ])('refuses %s, and names the field', async (_, body, message) => {
    const answer = await ask('POST', '', body);
    expect([answer.status, answer.body.error?.message]).toEqual([400, message]);
    expect(await ids()).toEqual([]);
  });

  it('has nothing twice by oversight', async () => {
    await ask('POST', '', entry);
    const again = await ask('POST', '', { ...entry, note: `${entry.note} ` });
    expect([again.status, again.body.error.code]).toEqual([409, 'conflict']);
    expect(again.body.error.message).toContain('the register has this already');
  });

  it('is read by the bureau, which enters its inspections and nothing else', async () => {
    const { bureau } = hub.tokens;
    const { body: service } = await ask('POST', '', entry);
    expect((await ask('GET', '', undefined, bureau)).body).toMatchObject({ mayEnter: ['inspection'] });
    const { body: own } = await ask('POST', '', inspection, bureau);
    expect(own.enteredBy).toBe('a-bureau');
    const refusals = [
      await ask('POST', '', { ...entry, date: '2025-12-12' }, bureau),
      await ask('PUT', `/${service.id}`, inspection, bureau),
      await ask('PUT', `/${own.id}`, { ...entry, date: '2025-12-12' }, bureau),
      await ask('DELETE', `/${service.id}`, undefined, bureau),
    ];
    for (const { status, body } of refusals)
      expect([status, body.error.message]).toEqual([403, 'the role bureau enters inspection only']);
    expect((await ask('PUT', `/${own.id}`, { ...inspection, note: 'b' }, bureau)).status).toBe(200);
    expect((await ask('DELETE', `/${own.id}`, undefined, bureau)).status).toBe(200);
  });
});

describe('the register counted', () => {
  it('is over the term and the school year of a day, with the targets of the county', async () => {
    const terms = [{ name: '2025 秋', from: '2025-09-01', to: '2026-01-20' }];
    hub.registry.importTimetable('qilian', { terms, bells: [], days: [], lessons: [], changes: [] }, 'test');
    for (const date of ['2025-10-09', '2025-11-09', '2025-12-09']) await ask('POST', '', { ...entry, date });
    await ask('POST', '', inspection);
    const { body } = await ask('GET', '/counts', undefined, hub.tokens.bureau);
    expect(body).toMatchObject({ on: '2026-01-05', today: '2026-01-05', terms });
    expect(body.spans).toContainEqual({
      kind: 'service',
      of: 'term',
      name: { zh: '2025 秋', en: '2025 秋' },
      from: '2025-08-01',
      to: '2026-01-05',
      goesOn: true,
      each: 5,
      done: 3,
      target: 10,
      missing: 7,
      lacking: 2,
    });
    expect(body.schools[0]).toEqual({
      school: 'zm',
      kinds: {
        first: { done: 0, target: 1, missing: 1 },
        inspection: { done: 1, target: 2, missing: 1 },
        research: { done: 0, target: 3, missing: 3 },
        service: { done: 3, target: 5, missing: 2 },
      },
    });
    const earlier = await ask('GET', '/counts?on=2025-11-30');
    expect(earlier.body.schools[0].kinds.service.done).toBe(2);
    expect((await ask('GET', '/counts?on=9999-12-31')).status).toBe(400);
  });

  it('without a term counts what is set for a year, and says nothing of the rest', async () => {
    await ask('POST', '', entry);
    const { spans, schools } = (await ask('GET', '/counts')).body;
    expect(spans.map(({ kind }: { kind: string }) => kind)).toEqual(['inspection', 'research']);
    expect(schools[0].kinds.service).toEqual({ done: 0, target: 0, missing: 0 });
  });
});

describe('many visits at once', () => {
  const files = (text: string) => [{ name: 'v.csv', content: Buffer.from(text).toString('base64') }];
  const head = '日期,学校,类别,备注\n';

  it('are checked, imported, and passed over when they come again; an export gives them back', async () => {
    await ask('POST', '', entry);
    const body = {
      files: files(`${head}2025-12-10,zm,服务走访,two new amplifiers\n2025-12-11,八宝小学,教研活动,\n`),
    };
    const checked = { ok: true, rows: 2, added: 1 };
    expect((await ask('POST', '/import', { ...body, check: true })).body).toEqual(checked);
    expect(await ids()).toHaveLength(1);
    expect((await ask('POST', '/import', body)).body).toEqual(checked);
    expect((await ask('POST', '/import', body)).body).toEqual({ ...checked, added: 0 });

    const csv = await hub.ask('GET', `${address}.csv`, undefined, hub.tokens.bureau);
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="visits-qilian.csv"');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.body).toBe(
      '\uFEFF日期 Date,学校 School,类别 Kind,备注 Note\r\n2025-12-11,babao,教研活动,\r\n2025-12-10,zm,服务走访,two new amplifiers\r\n'
        // A reader of text takes the mark for what it is.
        .slice(1),
    );
  });

  it('with anything wrong are not imported, and each problem has its cell', async () => {
    const { body } = await ask('POST', '/import', { files: files(`${head}2026-01-06,zm,服务走访,\n`) });
    expect(body).toEqual({
      ok: false,
      problems: [
        {
          file: 'v.csv',
          row: 2,
          column: 'A',
          heading: { zh: '日期', en: 'Date' },
          text: {
            zh: '2026-01-06 还没到：举行之后才登记',
            en: '2026-01-06 is still to come: enter what was held',
          },
        },
      ],
    });
    expect(await ids()).toEqual([]);
  });
});
