import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const specification = readFileSync(new URL('../spec/wire-protocol.md', import.meta.url), 'utf8');

/** Clauses in the order of the text. */
const clauses = [...specification.matchAll(/^\*\*([A-Z]-\d+)\*\* /gm)].map(([, id = '']) => id);
/** The table at the end: clause → files with its tests. */
const rows = [...specification.matchAll(/^\| ([A-Z]-\d+) \| (.+) \|$/gm)].map(([, id = '', files = '']) => ({
  id,
  files: files.split(', ').map((file) => file.replaceAll('`', '')),
}));

describe('the specification', () => {
  it('numbers its clauses in order, without a number given twice', () => {
    expect(clauses.length).toBeGreaterThan(50);
    const numbers = new Map<string, number>();
    for (const id of clauses) {
      const [letter = '', number] = id.split('-');
      expect(Number(number), id).toBeGreaterThan(numbers.get(letter) ?? 0);
      numbers.set(letter, Number(number));
    }
  });

  it('has each clause in the table of tests, in the same order', () => {
    expect(rows.map(({ id }) => id)).toEqual(clauses);
  });

  it.each(rows)('$id is cited by a test in each file that the table names', ({ id, files }) => {
    for (const file of files) {
      expect(existsSync(new URL(file, root)), file).toBe(true);
      expect(readFileSync(new URL(file, root), 'utf8'), file).toMatch(titleCiting(id));
    }
  });
});

/** The title of a test, which cites clauses before its colon: `it('T-1, T-2: …`, or in a table of `it.each`. */
function titleCiting(clause: string): RegExp {
  return new RegExp(`['"\`](?:[A-Z]-\\d+, )*${clause}(?:, [A-Z]-\\d+)*: `);
}
