import { definitionOf, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import type { FieldType, TagName } from '@tongtang/model/catalogue/definition';
import type { Fields, FieldValue, Sample } from '@tongtang/model/sample';

/** Reading lines as line-protocol.ts writes them; clauses L-1 to L-12. */

/** Clause L-9: characters of a tag's value, of a text, and of a whole line. */
export const lineLimits = { tag: 128, text: 500, line: 4096 } as const;

/** A sample with the very line it came as, for stores that take line protocol as it is. */
export type DecodedSample = Sample &
  Readonly<{
    line: string;
    /** Where the first unescaped space stands: the end of the tags. */
    keyEnd: number;
  }>;

/**
 * Reads one line. Refuses what InfluxDB would read differently, so that accepted lines can be passed on as they are.
 * @returns the sample, or why the line is none
 */
export function decodeLine(line: string): DecodedSample | { reason: string } {
  if (line.length > lineLimits.line) return { reason: `longer than ${lineLimits.line} characters` };
  return new LineReader(line).read();
}

type Key<Name> = Readonly<{
  name: Name /** The name with its equals sign, as it stands in a line. */;
  key: string;
}>;
type FieldKey = Key<string> & Readonly<{ type: FieldType }>;
type Shape = Readonly<{ name: MeasurementName; tags: readonly Key<TagName>[]; fields: readonly FieldKey[] }>;

/** The catalogue, prepared for reading lines. */
const shapes: ReadonlyMap<string, Shape> = new Map(
  measurementNames.map((name) => {
    const { tags, fields } = definitionOf(name);
    return [
      name,
      {
        name,
        tags: tags.map((tag) => ({ name: tag, key: `${tag}=` })),
        fields: Object.entries(fields).map(([field, { type }]) => ({ name: field, key: `${field}=`, type })),
      },
    ];
  }),
);

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
const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power);

/** Reads a line from left to right; each step says what it expected where. */
class LineReader {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  read(): DecodedSample | { reason: string } {
    const line = this.#line;
    const measurement = this.#token();
    const shape = shapes.get(measurement);
    if (shape === undefined) return { reason: `unknown measurement "${clip(measurement)}"` };
    const tags = this.#tags(shape.tags);
    if (typeof tags === 'string') return { reason: `${measurement}: ${tags} at ${this.#at}` };
    const keyEnd = this.#at;
    if (line.charCodeAt(this.#at) !== space) return { reason: `expected a space at ${this.#at}` };
    const fields = this.#fields(shape.fields);
    if (typeof fields === 'string') return { reason: `${measurement}: ${fields} at ${this.#at}` };
    if (line.charCodeAt(this.#at) !== space) return { reason: `expected a time at ${this.#at}` };
    this.#at += 1;
    const time = this.#time();
    if (time === undefined) return { reason: `"${clip(line.slice(this.#at))}" is not a time in seconds` };
    return { measurement: shape.name, tags, fields, time, line, keyEnd };
  }

  /** What is left of the line, as 1 to 10 digits. */
  #time(): number | undefined {
    const line = this.#line;
    const digits = line.length - this.#at;
    if (digits < 1 || digits > 10) return undefined;
    let time = 0;
    for (let at = this.#at; at < line.length; at += 1) {
      const digit = line.charCodeAt(at) - zero;
      if (digit < 0 || digit > 9) return undefined;
      time = time * 10 + digit;
    }
    return time;
  }

  /** The tags, or what is wrong with them. */
  #tags(known: readonly Key<TagName>[]): Partial<Record<TagName, string>> | string {
    const tags: Partial<Record<TagName, string>> = {};
    while (this.#line.charCodeAt(this.#at) === comma) {
      this.#at += 1;
      const tag = known[this.#key(known, 0)];
      if (tag === undefined) return `no tag "${clip(this.#token())}" with a value`;
      const from = this.#at;
      const value = this.#token();
      if (value === '') return `tag "${tag.name}" is empty`;
      if (value.length > lineLimits.tag)
        return `tag "${tag.name}" is longer than ${lineLimits.tag} characters`;
      if (tags[tag.name] !== undefined) return `tag "${tag.name}" stands twice`;
      // InfluxDB's own readers disagree about such pairs: one takes the second for an escape, another does not.
      if (this.#line.slice(from, this.#at).includes('\\\\')) return `two backslashes in tag "${tag.name}"`;
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
      let index = this.#key(known, next);
      if (index < 0) index = this.#key(known, 0);
      const field = known[index];
      if (field === undefined) return `no field "${clip(this.#token())}" with a value`;
      const { name, type } = field;
      if (index <= furthest && fields[name] !== undefined) return `field "${name}" stands twice`;
      const value = this.#value(type);
      if (value === undefined) return `field "${name}" is not ${article(type)} ${type}`;
      fields[name] = value;
      next = index + 1;
      furthest = Math.max(furthest, index);
    } while (this.#line.charCodeAt(this.#at) === comma);
    return fields;
  }

  #value(type: FieldType): FieldValue | undefined {
    if (type === 'string') return this.#text();
    const number = type === 'boolean' ? undefined : this.#number(type);
    return number ?? parseValue(this.#token(), type);
  }

  /** Steps over the first of the keys, from the given one on, that stands here. @returns its index, or -1 */
  #key(known: readonly Key<string>[], first: number): number {
    for (let index = first; index < known.length; index += 1) {
      const candidate = known[index];
      if (candidate === undefined || !this.#line.startsWith(candidate.key, this.#at)) continue;
      this.#at += candidate.key.length;
      return index;
    }
    return -1;
  }

  /**
   * A number as nearly all are: up to 15 digits, no exponent. Read digit by digit, that takes half the time; a whole
   * number below 2^53 by a power of ten up to 10^22 is rounded once and so exact (Clinger 1990).
   * @returns undefined, and does not move, where something else stands there: {@link parseValue} says what that is
   */
  #number(type: 'float' | 'integer'): number | undefined {
    const line = this.#line;
    const negative = line.charCodeAt(this.#at) === minus;
    const from = this.#at + Number(negative);
    let at = from;
    let whole = 0;
    let digits = 0;
    let point = -1;
    for (; ; at += 1) {
      const character = line.charCodeAt(at);
      if (character >= zero && character <= nine) {
        whole = whole * 10 + character - zero;
        digits += 1;
      } else if (character === dot && point < 0 && digits > 0) point = at;
      else break;
    }
    if (digits === 0 || digits > 15 || at === point + 1) return undefined;
    if (type === 'integer') {
      if (point >= 0 || line.charCodeAt(at) !== letterI) return undefined;
      at += 1;
    }
    const end = line.charCodeAt(at);
    if (end !== comma && end !== space) return undefined;
    const value = point < 0 ? whole : whole / (powersOfTen[at - point - 1] ?? Number.NaN);
    this.#at = at;
    return negative ? -value : value;
  }

  /** What stands up to the next comma, equals sign, space or control character, escapes taken off. */
  #token(): string {
    const line = this.#line;
    const from = this.#at;
    let at = from;
    let escapes = false;
    for (; at < line.length; at += 1) {
      const character = line.charCodeAt(at);
      if (character <= space || character === comma || character === equals) break;
      if (character === backslash && isEscaped(line.charCodeAt(at + 1))) {
        escapes = true;
        at += 1;
      }
    }
    this.#at = at;
    const text = line.slice(from, at);
    return escapes ? text.replace(/\\([,= ])/g, '$1') : text;
  }

  /** A quoted text; undefined where a quote is missing, a control character stands in it, or it is too long. */
  #text(): string | undefined {
    const line = this.#line;
    const from = this.#at + 1;
    if (line.charCodeAt(this.#at) !== quote) return undefined;
    let at = from;
    let escapes = false;
    for (; line.charCodeAt(at) !== quote; at += 1) {
      if (at >= line.length || line.charCodeAt(at) < space) return undefined;
      const next = line.charCodeAt(at + 1);
      if (line.charCodeAt(at) === backslash && (next === quote || next === backslash)) {
        escapes = true;
        at += 1;
      }
    }
    this.#at = at + 1;
    const text = line.slice(from, at);
    const plain = escapes ? text.replace(/\\(["\\])/g, '$1') : text;
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
