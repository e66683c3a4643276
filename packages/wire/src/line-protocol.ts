import { definitionOf, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import type { FieldDefinition, FieldType, TagName, Unit } from '@tongtang/model/catalogue/definition';
import type { Fields, FieldValue, Reading, Sample } from '@tongtang/model/sample';

/**
 * InfluxDB line protocol as this system uses it: names from the catalogue, times in whole seconds.
 * See InfluxData, "Line protocol" reference (v1), and packages/wire/spec/wire-protocol.md, clauses L-1 to L-12.
 */

/** Clause L-9: characters of a tag's value, of a text, and of a whole line. */
export const lineLimits = { tag: 128, text: 500, line: 4096 } as const;

/**
 * Escapes a tag's value, cut to its limit. What cannot be written is changed: control characters become a space, a
 * backslash is dropped where it would touch another one, an escape or the end (clause L-5). May be empty.
 */
export function escapeTag(value: string): string {
  const writable = value.slice(0, lineLimits.tag).toWellFormed().replace(controls, ' ');
  return writable.replace(/\\+(?=[\\,= ]|$)/g, '').replace(/[,= ]/g, '\\$&');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u001f\u007f]/g;

/**
 * The line of a reading without its time, fields in the order of the catalogue, or undefined where nothing of it can
 * be written: NaN, infinities and unknown fields are left out. Floats are rounded as {@link roundTo} says.
 */
export function encodeReading({ measurement, tags, fields }: Reading): string | undefined {
  const definition = definitionOf(measurement);
  const written: string[] = [];
  for (const [name, field] of Object.entries(definition.fields)) {
    const value = fields[name];
    const text = value === undefined ? undefined : encodeValue(value, field);
    if (text !== undefined) written.push(`${name}=${text}`);
  }
  if (written.length === 0) return undefined;
  let head: string = measurement;
  for (const tag of definition.tags) {
    const text = escapeTag(tags[tag] ?? '');
    if (text !== '') head += `,${tag}=${text}`;
  }
  return `${head} ${written.join(',')}`;
}

function encodeValue(value: FieldValue, { type, unit }: FieldDefinition): string | undefined {
  switch (type) {
    case 'float':
      return typeof value === 'number' ? encodeFloat(roundTo(unit, value)) : undefined;
    case 'integer':
      return Number.isSafeInteger(value) ? `${String(value)}i` : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'string':
      return typeof value === 'string' ? encodeText(value) : undefined;
  }
}

/** Rounding itself may reach infinity, at the largest numbers there are. */
function encodeFloat(value: number): string | undefined {
  return Number.isFinite(value) ? String(value) : undefined;
}

function encodeText(value: string): string {
  const writable = value.slice(0, lineLimits.text).toWellFormed().replace(controls, ' ');
  return `"${writable.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * Rounds a float to what its unit is worth (clause L-7): digits below that are noise, which does not compress and is
 * paid for on every link. Rates keep four significant digits, the others so many decimals.
 */
export function roundTo(unit: Unit, value: number): number {
  return unit === 'bit/s' ? Number(value.toPrecision(4)) : Number(value.toFixed(decimals[unit] ?? 4));
}

const decimals: Readonly<Partial<Record<Unit, number>>> = { ms: 2, s: 1, d: 2, '1': 4, bytes: 0, packets: 0 };

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
    const digits = line.slice(this.#at + 1);
    if (!/^\d{1,10}$/.test(digits)) return { reason: `"${clip(digits)}" is not a time in seconds` };
    return { measurement: shape.name, tags, fields, time: Number(digits), line, keyEnd };
  }

  /** The tags, or what is wrong with them. */
  #tags(known: readonly Key<TagName>[]): Partial<Record<TagName, string>> | string {
    const tags: Partial<Record<TagName, string>> = {};
    while (this.#line.charCodeAt(this.#at) === comma) {
      this.#at += 1;
      const tag = this.#key(known, 0);
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
    do {
      this.#at += 1;
      // Senders keep to the catalogue's order, so the next field is nearly always the next one that stands there.
      const field = this.#key(known, next) ?? this.#key(known, 0);
      if (field === undefined) return `no field "${clip(this.#token())}" with a value`;
      if (fields[field.name] !== undefined) return `field "${field.name}" stands twice`;
      const value = field.type === 'string' ? this.#text() : parseValue(this.#token(), field.type);
      if (value === undefined) return `field "${field.name}" is not ${article(field.type)} ${field.type}`;
      fields[field.name] = value;
      next = known.indexOf(field, next) + 1;
    } while (this.#line.charCodeAt(this.#at) === comma);
    return fields;
  }

  /** Steps over the first of the keys, from the given one on, that stands here. */
  #key<K extends Key<string>>(known: readonly K[], first: number): K | undefined {
    for (let index = first; index < known.length; index += 1) {
      const candidate = known[index];
      if (candidate === undefined || !this.#line.startsWith(candidate.key, this.#at)) continue;
      this.#at += candidate.key.length;
      return candidate;
    }
    return undefined;
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
