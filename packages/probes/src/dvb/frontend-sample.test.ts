import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDvbFeTool } from './dvb-fe-tool.ts';
import { parseFemon } from './femon.ts';

const folder = new URL('testdata/', import.meta.url);
const recordings = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

describe.each([
  { tool: 'dvb-fe-tool', parse: parseDvbFeTool, own: recordings.filter((name) => !name.startsWith('femon')) },
  { tool: 'femon', parse: parseFemon, own: recordings.filter((name) => name.startsWith('femon')) },
])('what $tool prints', ({ parse, own }) => {
  it.each(own)('is understood: %s', (name) => {
    expect(parse(read(name))).toEqual(JSON.parse(read(name.replace('.txt', '.json'))));
  });

  it('is not taken for what the other prints', () => {
    for (const name of recordings) if (!own.includes(name)) expect(parse(read(name))).toEqual([]);
  });

  it('may be anything', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...own.flatMap((name) => read(name).split(/(?=[ |=])/))),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        for (const { figures } of parse(parts.join('')))
          for (const value of Object.values(figures)) expect(value).not.toBeNaN();
      }),
    );
  });
});

describe('what dvb-fe-tool prints', () => {
  it.each([
    [
      'Lock   (0x1f) Signal= -48.26dBm C/N= 10.60dB postBER= 0',
      true,
      { level_dbm: -48.26, cn_db: 10.6, ber_post: 0 },
    ],
    ['Viterbi(0x07) Signal= -62.10dBm C/N= 3.10dB', false, { level_dbm: -62.1, cn_db: 3.1 }],
    ['       (0x00)', false, {}],
    [
      'Lock   (0x1f) Quality= Good Signal= 100.00% C/N= 36.40dB UCB= 370 postBER= 28.0x10^-6 PER= 0',
      true,
      { level_ratio: 1, cn_db: 36.4, uncorrected: 370, ber_post: 2.8e-5, per: 0 },
    ],
  ])('%s', (line, locked, figures) => {
    expect(parseDvbFeTool(line)).toMatchObject([{ locked, figures }]);
    expect(parseDvbFeTool(line)[0]?.figures).toEqual(figures);
  });
});
