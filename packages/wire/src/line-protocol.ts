import { definitionOf } from '@tongtang/model/catalogue';
import type { FieldDefinition, Unit } from '@tongtang/model/catalogue/definition';
import { roundRatio } from '@tongtang/model/ratio';
import type { FieldValue, Reading } from '@tongtang/model/sample';
import { lineLimits } from './line-reader.ts';

export { type DecodedSample, decodeLine, type Line, lineLimits, textOf } from './line-reader.ts';

/**
 * InfluxDB line protocol as this system uses it: names from the catalogue, times in whole seconds.
 * See InfluxData, "Line protocol" reference (v1), and packages/wire/spec/wire-protocol.md, clauses L-1 to L-12.
 */

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
 * paid for on every link. Rates keep four significant digits, ratios what {@link roundRatio} says, the others so many decimals.
 */
export function roundTo(unit: Unit, value: number): number {
  if (unit === 'bit/s') return Number(value.toPrecision(4));
  return unit === '1' ? roundRatio(value) : Number(value.toFixed(decimals[unit] ?? 4));
}

const decimals: Readonly<Partial<Record<Unit, number>>> = { ms: 2, s: 1, d: 2, bytes: 0, packets: 0 };
