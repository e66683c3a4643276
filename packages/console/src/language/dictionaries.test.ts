import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { zh } from './zh.ts';

function texts(dictionary: object, path = ''): [place: string, text: string][] {
  return Object.entries(dictionary).flatMap(([key, value]): [string, string][] => {
    const place = `${path}${key}`;
    if (typeof value === 'function') return [[place, String(value(2, '2', '2'))]];
    return typeof value === 'string' ? [[place, value]] : texts(value, `${place}.`);
  });
}

describe('the dictionaries', () => {
  it('have the same texts', () => {
    expect(texts(zh).map(([place]) => place)).toEqual(texts(en).map(([place]) => place));
  });

  it('punctuate Chinese in full width', () => {
    const half = texts(zh).filter(([, text]) => /[一-鿿][,;:?!()]|[,;:?!()][一-鿿]/.test(text));
    expect(half).toEqual([]);
  });

  it('leave no text empty', () => {
    for (const [place, text] of [...texts(zh), ...texts(en)]) expect([place, text]).not.toEqual([place, '']);
  });
});
