import { importTimetable, startingTimetable } from '@tongtang/lessons/import/import';
import { buildInventory } from '@tongtang/model/inventory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
beforeAll(async () => {
  hub = await startFixture();
  const built = buildInventory({
    county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'zm', name: { zh: '祁连中学', en: 'Qilian Middle School' }, classes: 2 }],
    periods: [{ n: 1, start: '08:30', end: '09:10' }],
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  hub.registry.importInventory(built.inventory, 'test');
});
afterAll(() => hub.stop());

const base = '/api/v1/counties/qilian/timetable';
const terms = 'Term,From,To\n2025 autumn,2025-09-01,2026-01-20\n';
const lessons = 'School,Class,Period,Mon,Tue,Mode,Carried by\nzm,c1,1,Maths,Physics,live,satellite\n';

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function files(...texts: string[]) {
  return texts.map((text, n) => ({ name: `table-${n + 1}.csv`, content: base64(text) }));
}

describe('a timetable over HTTP', () => {
  it('is checked first, imported then, and taken back', async () => {
    const { technician } = hub.tokens;
    const first = await hub.ask('GET', base, undefined, technician);
    expect(first.body).toEqual({
      entries: { terms: 0, bells: 1, days: 0, lessons: 0, changes: 0 },
      comingWeek: 0,
    });

    const body = { files: files(terms, lessons) };
    const checked = await hub.ask('POST', `${base}/import`, { ...body, check: true }, technician);
    expect(checked.body).toMatchObject({
      ok: true,
      tables: ['terms', 'lessons'],
      changed: true,
      comingWeek: 2,
    });
    expect(hub.registry.timetable('qilian')).toBeUndefined();

    const imported = await hub.ask('POST', `${base}/import`, body, technician);
    expect(imported.body).toEqual({ ...checked.body });
    expect((await hub.ask('POST', `${base}/import`, body, technician)).body).toMatchObject({
      changed: false,
    });
    const present = await hub.ask('GET', base, undefined, technician);
    expect(present.body).toMatchObject({ origin: { importedBy: 'a-technician' }, comingWeek: 2 });

    expect((await hub.ask('POST', `${base}/undo`, {}, technician)).body).toEqual({ undone: true });
    expect(hub.registry.timetable('qilian')).toBeUndefined();
    expect((await hub.ask('POST', `${base}/undo`, {}, technician)).body).toEqual({ undone: false });
  });

  it('with anything wrong in it is not imported, and every problem has its place', async () => {
    const wrong = 'School,Class,Period,Mon,Mode\nzm,c1,9,Maths,live\nnowhere,c1,1,Maths,live\n';
    const { body } = await hub.ask(
      'POST',
      `${base}/import`,
      { files: files(terms, wrong) },
      hub.tokens.admin,
    );
    expect(body.ok).toBe(false);
    expect(body.problems).toEqual([
      {
        file: 'table-2.csv',
        row: 3,
        column: 'A',
        heading: { zh: '学校', en: 'School' },
        text: { zh: '清单中没有名为“nowhere”的学校', en: 'the inventory has no school "nowhere"' },
      },
    ]);
    expect(hub.registry.timetable('qilian')).toBeUndefined();
  });

  it('comes as a file that can be imported again', async () => {
    const inventory = hub.registry.inventories().find(({ county }) => county.id === 'qilian');
    if (inventory === undefined) throw new Error('no county');
    const answer = await fetch(`${hub.address}/api/v1/counties/qilian/timetable.xlsx`, {
      headers: { authorization: `Bearer ${hub.tokens.technician}` },
    });
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="timetable-qilian.xlsx"');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const read = importTimetable([{ name: 'again.xlsx', bytes }], inventory);
    expect(read).toMatchObject({ ok: true, timetable: startingTimetable(inventory) });
  });

  it('is nothing for the bureau, and nothing that is not base64 or not of a county', async () => {
    expect((await hub.ask('GET', base, undefined, hub.tokens.bureau)).status).toBe(403);
    const bad = { files: [{ name: 'x', content: 'not base64!' }] };
    expect((await hub.ask('POST', `${base}/import`, bad, hub.tokens.admin)).body.error.message).toContain(
      'files[0].content: must be base64',
    );
    const other = await hub.ask('GET', '/api/v1/counties/no/timetable', undefined, hub.tokens.admin);
    expect(other.body.error).toEqual({ code: 'not_found', message: 'county: no county "no"' });
  });

  it('is read beside everything else: while a large one is, the hub answers', async () => {
    const rows = Array.from({ length: 20_000 }, () => 'zm,c1,1,Maths\n').join('');
    const large = hub.ask(
      'POST',
      `${base}/import`,
      { files: files(`School,Class,Period,Mon\n${rows}`) },
      hub.tokens.admin,
    );
    let answers = 0;
    let isRead = false;
    void large.then(() => (isRead = true));
    while (!isRead) if ((await hub.ask('GET', '/healthz')).status === 200) answers += 1;
    expect((await large).body.ok).toBe(false);
    expect(answers).toBeGreaterThan(3);
  });
});
