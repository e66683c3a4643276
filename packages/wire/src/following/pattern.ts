import { type Decimal, decimalOf, textOfDecimal } from './decimal.ts';

/** What lines of one kind have in common: their text around the numbers. */
export type Pattern = Readonly<{
  pieces: readonly string[];
  /** The pieces in one: of two patterns that are alike it is the same. */
  key: string;
}>;

/** A line taken apart. */
export type Parted = Readonly<{ pattern: Pattern; numbers: readonly Decimal[]; time: Decimal }>;

/** Thousands of agents have the same patterns: a hub keeps each once, as long as they are not more, nor longer, than any county has. */
const shared = new Map<string, Pattern>();
const mostShared = 4096;
const longestShared = 1024;

/**
 * Takes a line apart. Its numbers are those behind the equals sign of a field, as short as they can be written; whatever
 * else stands there is text.
 * @returns undefined where no time ends the line
 */
export function part(line: string): Parted | undefined {
  const end = line.lastIndexOf(' ');
  const time = line.slice(end + 1);
  if (end < 0 || !/^[1-9]\d{0,9}$/.test(time)) return undefined;
  const pieces: string[] = [];
  const numbers: Decimal[] = [];
  let pieceFrom = 0;
  // A quoted text is stepped over as a whole: what looks like a field in it is none.
  for (const { 0: all, 1: text, index } of line.slice(0, end).matchAll(quotedOrNumber)) {
    const number = text === undefined ? undefined : decimalOf(text);
    if (number === undefined) continue;
    pieces.push(line.slice(pieceFrom, index + 1));
    numbers.push(number);
    pieceFrom = index + all.length;
  }
  pieces.push(line.slice(pieceFrom, end));
  return { pattern: patternOf(pieces), numbers, time: { digits: Number(time), exponent: 0 } };
}

/** A quote that nothing closes goes to the end of the line: looked for from each quote anew, it would take the square of the line's length. */
const quotedOrNumber = /"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|=(-?\d[\d.]*)(?=i?(?:,|$))/g;

/**
 * Puts a line together again.
 * @param numbers its time first
 */
export function joined({ pieces }: Pattern, [time, ...numbers]: readonly Decimal[]): string {
  const fields = pieces.map((piece, index) => piece + (numbers[index] ? textOfDecimal(numbers[index]) : ''));
  return `${fields.join('')} ${time ? textOfDecimal(time) : ''}`;
}

function patternOf(pieces: readonly string[]): Pattern {
  const key = pieces.join('\0');
  const known = shared.get(key);
  if (known !== undefined) return known;
  const pattern = { pieces, key };
  if (shared.size < mostShared && key.length <= longestShared) shared.set(key, pattern);
  return pattern;
}
