import type { Place } from '@tongtang/model/catalogue';
import { type Conclusion, type ConclusionName, conclusions, goneField } from '@tongtang/model/conclusions';
import { escapeTag } from '@tongtang/wire/line-protocol';
import type { Column } from '../catalogue-columns.ts';
import type { FieldMinute, Minute, Row } from '../rollup/fold.ts';

/** A series of conclusions as line protocol has it, and a time in it. */
export type ConclusionKey = Readonly<{ head: string; time: number }>;

/** The tags of a place, to be put behind those of a line. */
export function placeSuffix({ county, cluster = '', school, classroom, agent }: Place): string {
  return tagSet({ county, cluster, school, classroom, agent });
}

/** Tags as `,name=value…`; empty ones are left out, line protocol has none. */
export function tagSet(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => [name, escapeTag(value)])
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `,${name}=${value}`)
    .join('');
}

/** The line of a point, its values as they are; booleans come as 0 and 1. */
export function rawLine(head: string, columns: readonly Column[], { time, values }: Row): string {
  const written = columns.flatMap((column, index) => {
    const value = values[index];
    return value === undefined || value === null ? [] : [`${column.name}=${literalOf(column, value)}`];
  });
  return `${head} ${written.join(',')} ${time}`;
}

function literalOf({ type }: Column, value: number | string): string {
  switch (type) {
    case 'float':
      return String(value);
    case 'integer':
      return `${value}i`;
    case 'boolean':
      return String(value === 1);
    case 'string':
      return quoted(value);
  }
}

/**
 * The line of a minute: for each field its count, sum, min, max and last under `<field>_count` and so on, all but the
 * count as floats, so that 0 and 1 stand for a boolean; for a text count and last.
 */
export function minuteLine(head: string, columns: readonly Column[], { time, fields }: Minute): string {
  const written = columns.flatMap((column, index) => minuteFields(column, fields[index]));
  return `${head} ${written.join(',')} ${time}`;
}

function minuteFields({ name, type }: Column, field: FieldMinute | undefined): string[] {
  if (field === undefined) return [];
  const count = `${name}_count=${field.count}i`;
  if (type === 'string') return [count, `${name}_last=${quoted(field.last)}`];
  return [
    count,
    `${name}_sum=${field.sum}`,
    `${name}_min=${field.min}`,
    `${name}_max=${field.max}`,
    `${name}_last=${field.last}`,
  ];
}

/** What tells a conclusion apart from all others: its measurement and tags, in the order of the table, and its time. */
export function conclusionKey(
  measurement: ConclusionName,
  tags: Readonly<Record<string, string | undefined>>,
  time: number,
): ConclusionKey {
  const known = conclusions[measurement].tags.map((tag) => [tag, tags[tag] ?? '']);
  return { head: `${measurement}${tagSet(Object.fromEntries(known))}`, time };
}

/** The line of a conclusion. A text has no line breaks: InfluxDB would take them, and a line is a line everywhere else. */
export function conclusionLine({ measurement, tags, time, fields }: Conclusion): string {
  const written = Object.entries(fields).map(([name, value]) => {
    if (typeof value === 'string') return `${name}=${quoted(value.replace(/\s+/g, ' '))}`;
    return `${name}=${value}`;
  });
  const { head } = conclusionKey(measurement, tags, time);
  return `${head} ${goneField}=false,${written.join(',')} ${time}`;
}

/** The line that says of a conclusion that it was taken back. Its other fields stay as they are. */
export function goneLine({ head, time }: ConclusionKey): string {
  return `${head} ${goneField}=true ${time}`;
}

function quoted(value: number | string): string {
  return `"${String(value).replace(/["\\]/g, '\\$&')}"`;
}
