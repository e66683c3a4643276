/** Bytes of a text in UTF-8. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

const ellipsis = '…';

/**
 * Cuts a text to so many bytes of UTF-8 and ends it with "…" where something was cut. What a reader sees as one character (an
 * emoji of several code points, a letter with its accents) is kept or dropped whole.
 * @param limit bytes, 3 at least: the "…" takes as many
 */
export function cutTo(text: string, limit: number): string {
  if (bytesOf(text) <= limit) return text;
  let kept = '';
  let bytes = bytesOf(ellipsis);
  for (const { segment } of characters.segment(text)) {
    bytes += bytesOf(segment);
    if (bytes > limit) break;
    kept += segment;
  }
  return kept + ellipsis;
}

const characters = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/**
 * A name or text of others as one line: no line breaks, no control characters, no characters that turn the writing direction, no half
 * surrogates, which have no UTF-8.
 */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
}
