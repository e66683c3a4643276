import { describe, expect, it } from 'vitest';
import { Unreadable } from '../problem.ts';
import { readCsv } from './csv.ts';

function rows(bytes: Uint8Array): (readonly [number, ...string[]])[] {
  return readCsv({ name: 'x.csv', bytes }).rows.map(({ number, cells }) => [number, ...cells.values()]);
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** 科目,数学 in GBK. */
const gbk = [0xbf, 0xc6, 0xc4, 0xbf, 0x2c, 0xca, 0xfd, 0xd1, 0xa7];

describe('a CSV file', () => {
  it('is read with commas, semicolons or tabs, quotes and either end of lines', () => {
    for (const separator of [',', ';', '\t'])
      expect(rows(utf8(`a${separator}b\r\n"c${separator}""d"""${separator}e\n`))).toEqual([
        [1, 'a', 'b'],
        [2, `c${separator === '\t' ? ' ' : separator}"d"`, 'e'],
      ]);
  });

  it('may be in UTF-8 with or without its mark, UTF-16, or GBK', () => {
    const expected = [[1, '科目', '数学']];
    expect(rows(utf8('科目,数学'))).toEqual(expected);
    expect(rows(utf8('\uFEFF科目,数学'))).toEqual(expected);
    expect(rows(Uint8Array.from(gbk))).toEqual(expected);
    const utf16 = Uint8Array.from(Buffer.from('\uFEFF科目,数学', 'utf16le'));
    expect(rows(utf16)).toEqual(expected);
    expect(rows(utf16.map((_, at) => utf16[at ^ 1] ?? 0))).toEqual(expected);
  });

  it('counts rows as a program for tables does, empty ones and line breaks within a cell included', () => {
    expect(rows(utf8('a\n\n"b\nc"\n,,\nd\n'))).toEqual([
      [1, 'a'],
      [3, 'b c'],
      [5, 'd'],
    ]);
  });

  it.each([
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])],
    ['a cell without end', utf8('a,"b\nc')],
    ['a cell of 200 kB', utf8('x'.repeat(200_000))],
    ['60,001 rows', utf8('x\n'.repeat(60_001))],
  ])('that is or has %s is refused', (_, bytes) => {
    expect(() => rows(bytes)).toThrow(Unreadable);
  });
});
