import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrace } from './parse.ts';

const folder = new URL('testdata/', import.meta.url);
const recordings = readdirSync(folder).filter((name) => name.endsWith('.txt'));
/** As the probe reads it: whatever the code page is. */
const printed = (name: string) => readFileSync(new URL(name, folder), 'latin1');
const expected = (name: string): unknown[] =>
  JSON.parse(readFileSync(new URL(name.replace('.txt', '.json'), folder), 'utf8'));

describe('parseTrace', () => {
  it.each(recordings)('understands %s', (name) => {
    const silent = expected(name).map((hop) => hop ?? undefined);
    expect(parseTrace(printed(name))).toEqual(silent);
  });

  it.each(recordings.filter((name) => name.startsWith('windows')))(
    'understands %s with line ends of Windows',
    (name) => {
      const output = printed(name).replaceAll('\n', '\r\n');
      expect(parseTrace(output)).toEqual(expected(name).map((hop) => hop ?? undefined));
    },
  );

  it('takes what is there where the program was killed', () => {
    const output = printed('windows-en.txt');
    expect(parseTrace(output.slice(0, output.indexOf('100.64')))).toEqual([
      { address: '192.168.1.1', rttMs: 0.5, refuses: false },
      undefined,
      undefined,
    ]);
  });

  it('survives any text, and never tells of more hops than a program may be asked for', () => {
    const line = fc.tuple(fc.nat(70), fc.string({ unit: 'binary', maxLength: 40 }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 90 }), (lines) => {
        const output = lines.map(([hop, rest]) => ` ${hop}  ${rest}`).join('\n');
        expect(parseTrace(output).length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
