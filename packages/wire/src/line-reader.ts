import type { FieldType, TagName } from '@tongtang/model/catalogue/definition';
import type { Fields, FieldValue, Sample } from '@tongtang/model/sample';
import { type FieldKey, type Key, type Shape, shapes } from './line-shapes.ts';

/** Reading lines as line-protocol.ts writes them; clauses L-1 to L-12. */

/** Clause L-9: characters of a tag's value, of a text, and of a whole line. */
export const lineLimits = { tag: 128, text: 500, line: 4096 } as const;

/** Where a line lies in a text of many, in bytes of UTF-8. */
export type Line = Readonly<{
  text: Buffer;
  from: number;
  /** Where the first unescaped space stands: the end of measurement and tags. */
  keyEnd: number;
  /** The end of the line, its line feed not included. */
  to: number;
}>;

/**
 * A sample with the very line it came as, for stores that take line protocol as it is. It keeps the text of the whole
 * batch in memory: who keeps a sample for longer than its batch keeps it without its line.
 */
export type DecodedSample = Sample &
  Line &
  Readonly<{
    /** Measurement and tags as they came; the same string in all samples of a series in a batch. */
    key: string;
  }>;

/** A line by itself. */
export function textOf({ text, from, to }: Line): string {
  return text.toString('utf8', from, to);
}

/**
 * Reads one line. Refuses what InfluxDB would read differently, so that accepted lines can be passed on as they are.
 * @returns the sample, or why the line is none
 */
export function decodeLine(line: string): DecodedSample | { reason: string } {
  const text = Buffer.from(line);
  return new LineReader(text).read(0, text.length);
}

type Tags = Partial<Record<TagName, string>>;
/** What the key of a line says, and where it stood first. */
type Series = Readonly<{ key: string; shape: Shape; tags: Tags; from: number; bytes: number }> & {
  /** Whose line came after the last one of this: reports mostly keep their order. */
  next?: Series;
};

const comma = 0x2c;
const equals = 0x3d;
const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const letterI = 0x69;
// biome-ignore format: a table
const powersOfTen = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/** Reads the lines of a text, each from left to right; each step says what it expected where. */
export class LineReader {
  readonly #text: Buffer;
  /** The series of the lines so far: a batch has few of them, and a line of each in every report. */
  readonly #series = new Map<string, Series>();
  #previous: Series | undefined;
  #from = 0;
  #at = 0;
  #to = 0;

  /** @param text well-formed UTF-8 */
  constructor(text: Buffer) {
    this.#text = text;
  }

  /**
   * @param from where the line begins
   * @param to where it ends: at a line feed, or with the text
   */
  read(from: number, to: number): DecodedSample | { reason: string } {
    const text = this.#text;
    this.#from = from;
    this.#at = from;
    this.#to = to;
    // Of a line with that many bytes or fewer, the characters need not be counted.
    if (to - from > lineLimits.line && text.toString('utf8', from, to).length > lineLimits.line)
      return { reason: `longer than ${lineLimits.line} characters` };
    const series = this.#key();
    if ('reason' in series) return series;
    const { key, shape, tags } = series;
    const keyEnd = this.#at;
    if (this.#byte(keyEnd) !== space) return { reason: `expected a space ${this.#where()}` };
    if (this.#previous !== undefined) this.#previous.next = series;
    this.#previous = series;
    const fields = this.#fields(shape.fields);
    if (typeof fields === 'string') return { reason: `${shape.name}: ${fields} ${this.#where()}` };
    if (this.#byte(this.#at) !== space) return { reason: `expected a time ${this.#where()}` };
    this.#at += 1;
    const time = this.#time();
    if (time === undefined)
      return { reason: `"${clip(text.toString('utf8', this.#at, to))}" is not a time in seconds` };
    return { measurement: shape.name, tags, fields, time, key, text, from, keyEnd, to };
  }

  /** A line feed or, at the end of the text, 0: neither belongs to anything that a line consists of. */
  #byte(at: number): number {
    return this.#text[at] ?? 0;
  }

  #where(): string {
    return `at ${this.#at - this.#from}`;
  }

  /** What is left of the line, as 1 to 10 digits. */
  #time(): number | undefined {
    const digits = this.#to - this.#at;
    if (digits < 1 || digits > 10) return undefined;
    let time = 0;
    for (let at = this.#at; at < this.#to; at += 1) {
      const digit = this.#byte(at) - zero;
      if (digit < 0 || digit > 9) return undefined;
      time = time * 10 + digit;
    }
    return time;
  }

  /** Measurement and tags; read where they were not read before, looked up elsewhere. */
  #key(): Series | { reason: string } {
    const from = this.#at;
    const expected = this.#previous?.next;
    if (expected !== undefined && this.#repeats(expected)) {
      this.#at = from + expected.bytes;
      return expected;
    }
    const end = this.#keyEnd();
    const key = this.#text.toString('utf8', from, end);
    const known = this.#series.get(key);
    if (known !== undefined) {
      this.#at = end;
      return known;
    }
    const measurement = this.#token();
    const shape = shapes.get(measurement);
    if (shape === undefined) return { reason: `unknown measurement "${clip(measurement)}"` };
    const tags = this.#tags(shape.tags);
    if (typeof tags === 'string') return { reason: `${measurement}: ${tags} ${this.#where()}` };
    if (this.#at < end) return { reason: `expected a space ${this.#where()}` };
    const series: Series = { key, shape, tags, from, bytes: end - from };
    this.#series.set(key, series);
    return series;
  }

  /** Whether the key of this series and its space stand here. To make a text of the key would take a quarter of the line's time. */
  #repeats({ from, bytes }: Series): boolean {
    for (let index = 0; index <= bytes; index += 1)
      if (this.#text[this.#at + index] !== this.#text[from + index]) return false;
    return true;
  }

  /** Where the first space or control character stands that is not escaped. */
  #keyEnd(): number {
    let at = this.#at;
    for (; at < this.#to; at += 1) {
      const byte = this.#byte(at);
      if (byte <= space) break;
      if (byte === backslash && isEscaped(this.#byte(at + 1))) at += 1;
    }
    return at;
  }

  /** The tags, or what is wrong with them. */
  #tags(known: readonly Key<TagName>[]): Tags | string {
    const tags: Tags = {};
    while (this.#byte(this.#at) === comma) {
      this.#at += 1;
      const tag = known[this.#name(known, 0)];
      if (tag === undefined) return `no tag "${clip(this.#token())}" with a value`;
      const from = this.#at;
      const value = this.#token();
      if (value === '') return `tag "${tag.name}" is empty`;
      if (value.length > lineLimits.tag)
        return `tag "${tag.name}" is longer than ${lineLimits.tag} characters`;
      if (tags[tag.name] !== undefined) return `tag "${tag.name}" stands twice`;
      // InfluxDB's own readers disagree about such pairs: one takes the second for an escape, another does not.
      if (this.#text.subarray(from, this.#at).includes('\\\\')) return `two backslashes in tag "${tag.name}"`;
      tags[tag.name] = value;
    }
    return tags;
  }

  /** The fields, or what is wrong with them. */
  #fields(known: readonly FieldKey[]): Fields | string {
    const fields: Record<string, FieldValue> = {};
    let next = 0;
    let furthest = -1;
    do {
      this.#at += 1;
      // Senders keep to the catalogue's order, so the next field is nearly always the next one that stands there.
      let index = this.#name(known, next);
      if (index < 0) index = this.#name(known, 0);
      const field = known[index];
      if (field === undefined) return `no field "${clip(this.#token())}" with a value`;
      const { name, type } = field;
      if (index <= furthest && fields[name] !== undefined) return `field "${name}" stands twice`;
      const value = this.#value(type);
      if (value === undefined) return `field "${name}" is not ${article(type)} ${type}`;
      fields[name] = value;
      next = index + 1;
      furthest = Math.max(furthest, index);
    } while (this.#byte(this.#at) === comma);
    return fields;
  }

  #value(type: FieldType): FieldValue | undefined {
    if (type === 'string') return this.#quoted();
    const number = type === 'boolean' ? undefined : this.#number(type);
    return number ?? parseValue(this.#token(), type);
  }

  /** Steps over the first of the names, from the given one on, that stands here. @returns its index, or -1 */
  #name(known: readonly Key<string>[], first: number): number {
    for (let index = first; index < known.length; index += 1) {
      const candidate = known[index];
      if (candidate === undefined || !this.#stands(candidate.key)) continue;
      this.#at += candidate.key.length;
      return index;
    }
    return -1;
  }

  #stands(key: Uint8Array): boolean {
    for (let index = 0; index < key.length; index += 1)
      if (this.#text[this.#at + index] !== key[index]) return false;
    return true;
  }

  /**
   * A number as nearly all are: up to 15 digits, no exponent. Read digit by digit, that takes half the time; a whole
   * number below 2^53 by a power of ten up to 10^22 is rounded once and so exact (Clinger 1990).
   * @returns undefined, and does not move, where something else stands there: {@link parseValue} says what that is
   */
  #number(type: 'float' | 'integer'): number | undefined {
    const negative = this.#byte(this.#at) === minus;
    const from = this.#at + Number(negative);
    let at = from;
    let whole = 0;
    let digits = 0;
    let point = -1;
    for (; ; at += 1) {
      const character = this.#byte(at);
      if (character >= zero && character <= nine) {
        whole = whole * 10 + character - zero;
        digits += 1;
      } else if (character === dot && point < 0 && digits > 0) point = at;
      else break;
    }
    if (digits === 0 || digits > 15 || at === point + 1) return undefined;
    if (type === 'integer') {
      if (point >= 0 || this.#byte(at) !== letterI) return undefined;
      at += 1;
    }
    const end = this.#byte(at);
    if (end !== comma && end !== space) return undefined;
    const value = point < 0 ? whole : whole / (powersOfTen[at - point - 1] ?? Number.NaN);
    this.#at = at;
    return negative ? -value : value;
  }

  /** What stands up to the next comma, equals sign, space or control character, escapes taken off. */
  #token(): string {
    const from = this.#at;
    let at = from;
    let escapes = false;
    for (; at < this.#to; at += 1) {
      const character = this.#byte(at);
      if (character <= space || character === comma || character === equals) break;
      if (character === backslash && isEscaped(this.#byte(at + 1))) {
        escapes = true;
        at += 1;
      }
    }
    this.#at = at;
    const token = this.#text.toString('utf8', from, at);
    return escapes ? token.replace(/\\([,= ])/g, '$1') : token;
  }

  /** A quoted text; undefined where a quote is missing, a control character stands in it, or it is too long. */
  #quoted(): string | undefined {
    const from = this.#at + 1;
    if (this.#byte(this.#at) !== quote) return undefined;
    let at = from;
    let escapes = false;
    for (; this.#byte(at) !== quote; at += 1) {
      if (this.#byte(at) < space) return undefined;
      const next = this.#byte(at + 1);
      if (this.#byte(at) === backslash && (next === quote || next === backslash)) {
        escapes = true;
        at += 1;
      }
    }
    this.#at = at + 1;
    const quoted = this.#text.toString('utf8', from, at);
    const plain = escapes ? quoted.replace(/\\(["\\])/g, '$1') : quoted;
    return plain.length > lineLimits.text ? undefined : plain;
  }
}

function isEscaped(character: number): boolean {
  return character === comma || character === equals || character === space;
}

function parseValue(text: string, type: Exclude<FieldType, 'string'>): FieldValue | undefined {
  switch (type) {
    case 'float': {
      if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
      const value = Number(text);
      return Number.isFinite(value) ? value : undefined;
    }
    case 'integer': {
      if (!/^-?\d{1,16}i$/.test(text)) return undefined;
      const value = Number(text.slice(0, -1));
      return Number.isSafeInteger(value) ? value : undefined;
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
  }
}

function article(type: FieldType): string {
  return type === 'integer' ? 'an' : 'a';
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
