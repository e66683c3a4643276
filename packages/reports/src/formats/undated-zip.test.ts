import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { undated } from './undated-zip.ts';

const files = { 'a.xml': strToU8('one'), 'b/长.xml': strToU8('two '.repeat(500)) };
const madeIn = (year: number) => zipSync(files, { mtime: new Date(year, 5, 7, 8, 9, 10), comment: 'made' });

describe('a ZIP without its time', () => {
  it('is the same whenever it was made, and has the same files', () => {
    expect(madeIn(2026)).not.toEqual(madeIn(2027));
    expect(undated(madeIn(2026))).toEqual(undated(madeIn(2027)));
    expect(unzipSync(undated(madeIn(2026)))).toEqual(files);
  });

  it('what is no ZIP is refused', () => {
    expect(() => undated(new Uint8Array(100))).toThrow(RangeError);
  });
});
