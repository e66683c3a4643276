import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween } from './changes.ts';
import { count, percent, type Table, tableOf, text } from './table.ts';
import { tablesOf } from './tables.ts';
import { begun, cut, reportOf, troubled } from './term.fixture.ts';

type Row = Readonly<{ name: string; link: string; rank: number; part: number }>;

function table(rows: readonly Row[], id = 'links'): Table {
  return tableOf(id, { zh: '链路', en: 'Links' }, rows, [
    count({ zh: '名次', en: 'rank' }, ({ rank }) => rank),
    text({ zh: '学校', en: 'school' }, ({ name }) => name),
    text({ zh: '链路', en: 'link' }, ({ link }) => link),
    percent({ zh: '可用率', en: 'availability' }, ({ part }) => ({ part, of: 1000 })),
  ]);
}
const row = (name: string, link: string, part = 999, rank = 1): Row => ({ name, link, rank, part });

describe('what changed between two revisions', () => {
  it('is nothing between a report and itself, and is told cell by cell', async () => {
    const before = tablesOf(await reportOf());
    expect(changesBetween(before, before)).toEqual([]);
    const after = tablesOf(
      await reportOf({}, (date, school, of, period) =>
        date === '2026-11-24' && school === 'babao' && period === 1
          ? begun('down', 12)
          : troubled(date, school, of, period),
      ),
    );
    const changes = changesBetween(before, after);
    expect(changes).toContainEqual({
      table: { zh: '总览', en: 'Summary' },
      row: { zh: '损失分钟', en: 'minutes lost' },
      column: { zh: '数值', en: 'value' },
      before: { zh: '50', en: '50' },
      after: { zh: '52', en: '52' },
      kind: 'changed',
    });
    expect(new Set(changes.map(({ table: { en } }) => en))).toContain('Day by day');
  });

  it('is not that the inputs have another version', async () => {
    const before = tablesOf(await reportOf());
    const after = tablesOf(
      await reportOf({ incidents: [{ ...cut, history: [] }], settledTo: 1_800_000_000 }),
    );
    expect(changesBetween(before, after)).toEqual([]);
  });

  it('tells rows apart by as many of their texts as it takes', () => {
    const changes = changesBetween(
      [table([row('a', 'lan'), row('a', 'stream'), row('b', 'lan')])],
      [table([row('b', 'lan'), row('a', 'stream', 998, 2), row('c', 'lan')])],
    );
    expect(changes.map(({ kind, row: { en }, column }) => [kind, en, column?.en])).toEqual([
      ['changed', 'a · stream', 'rank'],
      ['changed', 'a · stream', 'availability %'],
      ['added', 'c · lan', undefined],
      ['removed', 'a · lan', undefined],
    ]);
    expect(changes[1]).toMatchObject({
      before: { en: '99.90 (999/1000)' },
      after: { en: '99.80 (998/1000)' },
    });
    expect(changes[2]).toMatchObject({ after: { en: '1 · c · lan · 99.90 (999/1000)' } });
  });

  it('finds a table that is new, and rows that nothing tells apart', () => {
    const same = [row('a', 'lan'), row('a', 'lan')];
    expect(changesBetween([table(same)], [table(same)])).toEqual([]);
    expect(changesBetween([table(same)], [table(same.slice(1))])).toMatchObject([{ kind: 'removed' }]);
    expect(changesBetween([], [table(same)])).toHaveLength(2);
  });

  it('is there whenever a cell is another, and never else', () => {
    const rows = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c'),
        link: fc.constantFrom('lan', 'stream'),
        rank: fc.integer({ min: 1, max: 3 }),
        part: fc.integer({ min: 0, max: 1000 }),
      }),
      { selector: ({ name, link }) => `${name} ${link}`, maxLength: 6 },
    );
    const sorted = (some: readonly Row[]): Row[] =>
      some.toSorted((a, b) => `${a.name} ${a.link}`.localeCompare(`${b.name} ${b.link}`));
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const isSame = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(changesBetween([table(a)], [table(b)]).length === 0).toBe(isSame);
      }),
    );
  });
});
