import { describe, expect, it } from 'vitest';
import {
  catalogue,
  definitionOf,
  fieldOf,
  hasTag,
  isMeasurement,
  measurementNames,
  placeTags,
} from './catalogue.ts';
import { languages, type Text } from './text.ts';

/** InfluxQL 1.x, "Keywords": as names they would have to be quoted in every query. */
const keywords = new Set(
  `all alter analyze any as asc begin by create continuous database databases default delete desc
  destinations diagnostics distinct drop duration end every explain field for from grant grants group groups in inf
  insert into key keys kill limit show measurement measurements name offset on order password policy policies
  privileges queries query read replication resample retention revoke select series set shard shards slimit
  soffset stats subscription subscriptions tag to user users values where with write time`.split(/\s+/),
);

/** How a name tells its unit, where a reader could guess wrong. */
const endings: Readonly<Record<string, RegExp>> = {
  ns: /_ns$/,
  ms: /_ms$/,
  s: /_s$/,
  'bit/s': /_bit_s$/,
  bytes: /_bytes$/,
  dB: /_db$/,
  dBm: /_dbm$/,
  Hz: /_hz$/,
  d: /^days_/,
};

const fields = measurementNames.flatMap((name) =>
  Object.entries(definitionOf(name).fields).map(([field, definition]) => ({
    name: `${name}.${field}`,
    field,
    definition,
  })),
);

function expectBothLanguages(text: Text): void {
  for (const language of languages) expect(text[language].trim()).not.toBe('');
  expect(text.zh).toMatch(/\p{Script=Han}|^[A-Z][\w ]*$/u);
  expect(text.en).not.toMatch(/\p{Script=Han}/u);
}

describe('catalogue', () => {
  it('names everything so that every store and query language takes it unquoted', () => {
    const names = [...measurementNames, ...placeTags, ...fields.map(({ field }) => field)];
    for (const name of [...names, ...measurementNames.flatMap((name) => [...definitionOf(name).tags])]) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(keywords.has(name), name).toBe(false);
    }
  });

  it('uses no name for a tag and a field at once', () => {
    for (const name of measurementNames) {
      const tags = new Set<string>([...placeTags, ...definitionOf(name).tags]);
      expect(tags.size).toBe(placeTags.length + definitionOf(name).tags.length);
      for (const field of Object.keys(definitionOf(name).fields)) expect(tags.has(field), field).toBe(false);
    }
  });

  it('says everything in Chinese and in English', () => {
    for (const name of measurementNames) {
      expectBothLanguages(definitionOf(name).title);
      expectBothLanguages(definitionOf(name).description);
    }
    for (const { definition } of fields) {
      expectBothLanguages(definition.title);
      expectBothLanguages(definition.description);
    }
  });

  it('spells units in names', () => {
    for (const { name, field, definition } of fields)
      expect(field, name).toMatch(endings[definition.unit] ?? /(?<!_ns|_ms|_s|_bytes)$/);
  });

  it('gives units to numbers and none to texts and yes/no', () => {
    for (const { name, definition } of fields)
      if (definition.type === 'string' || definition.type === 'boolean')
        expect(definition.unit, name).toBe('');
  });

  it('says of every count of packets and errors that it adds up, and of no average, share, text or yes/no', () => {
    // Which PID is the worst changes from reading to reading.
    const counts = fields.filter(({ field }) => field !== 'worst_pid_errors');
    for (const { name, field, definition } of counts) {
      if (definition.unit === 'packets' || /_errors$/.test(field)) expect(definition.addsUp, name).toBe(true);
      if (definition.addsUp) expect(['packets', '1', 's', 'bytes'], name).toContain(definition.unit);
      if (definition.addsUp) expect(field, name).not.toMatch(/_ratio$/);
    }
  });

  it('has limits from the strictest on', () => {
    for (const { name, definition } of fields) {
      const limits = (definition.limits ?? []).map(({ below }) => below);
      expect(limits, name).toEqual(limits.toSorted((a, b) => b - a));
      for (const { title } of definition.limits ?? []) expectBothLanguages(title);
    }
  });

  it('means the same thing by the same field of every probe', () => {
    const first = new Map<string, { name: string; shape: string }>();
    for (const { name, field, definition } of fields) {
      const shape = `${definition.type} ${definition.unit} ${definition.addsUp ? 'adds up' : ''}`;
      const known = first.get(field);
      if (known === undefined) first.set(field, { name, shape });
      else expect(shape, `${name} and ${known.name}`).toBe(known.shape);
    }
  });

  it('knows its own names and no others', () => {
    expect(measurementNames).toEqual(Object.keys(catalogue));
    expect(isMeasurement('stamp')).toBe(true);
    for (const name of ['', 'Stamp', 'toString', '__proto__']) expect(isMeasurement(name)).toBe(false);
    expect(fieldOf('stamp', 'rtt_ms')?.unit).toBe('ms');
    expect(fieldOf('stamp', 'constructor')).toBeUndefined();
    expect(hasTag('stamp', 'link')).toBe(true);
    expect(hasTag('host', 'link')).toBe(false);
    expect(hasTag('stamp', 'school')).toBe(false);
  });
});
