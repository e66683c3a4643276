import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, cutTo, oneLine } from './fit.ts';

/** Chinese, emoji of several code points, accents of their own, and plain letters. */
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom('课', '👩‍🏫', 'é', '🇨🇳', 'a', '\u{20000}'), maxLength: 200 }),
);

describe('a text that is cut', () => {
  it('never takes more bytes than allowed, and is left alone where it fits', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 300 }), (text, limit) => {
        const cut = cutTo(text, limit);
        expect(bytesOf(cut)).toBeLessThanOrEqual(limit);
        if (bytesOf(text) <= limit) expect(cut).toBe(text);
      }),
    );
  });

  it('is a beginning of the whole, never with half a character', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 300 }), (text, limit) => {
        fc.pre(bytesOf(text) > limit);
        const kept = cutTo(text, limit).slice(0, -1);
        expect(text.startsWith(kept)).toBe(true);
        const whole = new Set(Array.from(new Intl.Segmenter('zh').segment(text), ({ index }) => index));
        expect(whole.has(kept.length)).toBe(true);
        expect(Buffer.from(kept, 'utf8').toString('utf8')).toBe(kept);
      }),
    );
  });

  it('keeps as much as there is room for', () => {
    expect(cutTo('三年级二班', 12)).toBe('三年级…');
    expect(cutTo('三年级二班', 11)).toBe('三年…');
    expect(cutTo('👩‍🏫👩‍🏫', 14)).toBe('👩‍🏫…');
  });
});

describe('a name from outside', () => {
  it('is one line without what steers a terminal or the writing direction', () => {
    expect(oneLine(' 八宝\n小学\u0007\u202e \ud800')).toBe('八宝 小学 �');
  });

  it('can always be written as UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = oneLine(text);
        expect(Buffer.from(line, 'utf8').toString('utf8')).toBe(line);
        expect(line).not.toMatch(/[\n\r]/);
      }),
    );
  });
});
