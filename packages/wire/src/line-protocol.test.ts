import { definitionOf, measurementNames } from '@tongtang/model/catalogue';
import type { FieldDefinition } from '@tongtang/model/catalogue/definition';
import type { Fields, FieldValue, Reading } from '@tongtang/model/sample';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecodedSample,
  decodeLine,
  encodeReading,
  escapeTag,
  lineLimits,
  roundTo,
  textOf,
} from './line-protocol.ts';
import { LineReader } from './line-reader.ts';

/** Texts that a line carries unchanged: no control characters, whole characters only, within the limit. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map((text) => text.replace(/\p{Cc}/gu, '').toWellFormed());
/** The same without backslashes in a place where a tag cannot have them. */
const tagText = text.map((text) => text.replace(/\\+(?=[\\,= ]|$)/g, '').slice(0, lineLimits.tag));

function anyValueOf({ type, unit }: FieldDefinition): fc.Arbitrary<FieldValue> {
  switch (type) {
    case 'float':
      return fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((value) => roundTo(unit, value))
        .filter(Number.isFinite);
    case 'integer':
      return fc.maxSafeInteger();
    case 'boolean':
      return fc.boolean();
    case 'string':
      return text;
  }
}

const reading: fc.Arbitrary<Reading> = fc.constantFrom(...measurementNames).chain((measurement) => {
  const definition = definitionOf(measurement);
  const fields = Object.fromEntries(
    Object.entries(definition.fields).map(([name, field]) => [name, anyValueOf(field)]),
  );
  const tags = Object.fromEntries(definition.tags.map((tag) => [tag, tagText]));
  return fc
    .tuple(fc.record(tags, { requiredKeys: [] }), fc.record(fields, { requiredKeys: [] }))
    .map(([tags, fields]) => ({ measurement, tags, fields: given(fields) }));
});

function given(fields: Readonly<Record<string, FieldValue | undefined>>): Fields {
  const result: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) result[name] = value;
  return result;
}

function decoded(line: string): DecodedSample {
  const sample = decodeLine(line);
  if ('reason' in sample) throw new Error(`${sample.reason}: ${line}`);
  return sample;
}

function refusal(line: string): string {
  const sample = decodeLine(line);
  return 'reason' in sample ? sample.reason : `accepted: ${line}`;
}

describe('lines', () => {
  it('L-1: are read back as they were written', () => {
    fc.assert(
      fc.property(reading, fc.integer({ min: 0, max: 9_999_999_999 }), (reading, time) => {
        const line = encodeReading(reading);
        if (Object.keys(reading.fields).length === 0) {
          expect(line).toBeUndefined();
          return;
        }
        const tags = Object.entries(reading.tags).filter(([, value]) => value !== '');
        const { measurement, fields, ...read } = decoded(`${line} ${time}`);
        expect({ measurement, tags: read.tags, fields, time: read.time }).toEqual({
          measurement: reading.measurement,
          tags: Object.fromEntries(tags),
          // Zero has no sign in a line.
          fields: Object.fromEntries(
            Object.entries(reading.fields).map(([name, value]) => [name, value === 0 ? 0 : value]),
          ),
          time,
        });
        expect(textOf(read)).toBe(`${line} ${time}`);
      }),
    );
  });

  it('L-1: the key ends at the first space that is not escaped', () => {
    const key = 'interface,interface=以太网\\ 2';
    const sample = decoded(`${key} up=true 1788228000`);
    expect(sample).toMatchObject({ tags: { interface: '以太网 2' }, fields: { up: true }, key });
    expect(textOf({ ...sample, to: sample.keyEnd })).toBe(key);
  });

  it.each([
    ['', 'unknown measurement ""'],
    ['dns', 'expected a space'],
    ['dns ', 'no field ""'],
    ['dns ok=true', 'expected a time'],
    ['dns  ok=true 1', 'no field ""'],
    ['dns ok=true  1', 'not a time'],
    ['dns ok=true 1 ', 'not a time'],
    ['dns ok=true, 1', 'no field ""'],
    ['dns,ok=true 1', 'no tag "ok"'],
    ['dns,target ok=true 1', 'no tag "target" with a value'],
    ['dns,target= ok=true 1', 'tag "target" is empty'],
    ['dns,target=a=b ok=true 1', 'expected a space'],
    ['dns ok 1', 'no field "ok" with a value'],
  ])('L-1: "%s" is no sample, and the reason says why', (line, reason) => {
    expect(refusal(line)).toContain(reason);
  });

  it.each([
    ['nothing ok=true 1', 'unknown measurement "nothing"'],
    ['__proto__ ok=true 1', 'unknown measurement'],
    ['constructor ok=true 1', 'unknown measurement'],
    ['dns rtt_ms=1 1', 'no field "rtt_ms"'],
    ['dns __proto__=1 1', 'no field "__proto__"'],
    ['dns,interface=eth0 ok=true 1', 'no tag "interface"'],
    ['dns ok=1 1', 'field "ok" is not a boolean'],
    ['dns ok="true" 1', 'field "ok" is not a boolean'],
    ['dns ok=T 1', 'field "ok" is not a boolean'],
    ['dns answers=1 1', 'field "answers" is not an integer'],
    ['dns answers=1.5i 1', 'field "answers" is not an integer'],
    ['dns answers=9007199254740992i 1', 'field "answers" is not an integer'],
    ['dns answers=1u 1', 'field "answers" is not an integer'],
    ['dns resolve_ms=1i 1', 'field "resolve_ms" is not a float'],
    ['dns resolve_ms=NaN 1', 'field "resolve_ms" is not a float'],
    ['dns resolve_ms=Infinity 1', 'field "resolve_ms" is not a float'],
    ['dns resolve_ms=1e999 1', 'field "resolve_ms" is not a float'],
    ['dns resolve_ms=0x10 1', 'field "resolve_ms" is not a float'],
    ['dns resolve_ms= 1', 'field "resolve_ms" is not a float'],
    ['dns error=text 1', 'field "error" is not a string'],
    ['dns error="text 1', 'field "error" is not a string'],
  ])('L-2: "%s" is not of the catalogue', (line, reason) => {
    expect(refusal(line)).toContain(reason);
  });

  it('L-2: a number is what its digits say, to the last bit', () => {
    const float = fc.stringMatching(/^-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,3})?$/);
    fc.assert(
      fc.property(float, (digits) => {
        const sample = decodeLine(`dns resolve_ms=${digits} 1`);
        const value = Number(digits);
        expect('fields' in sample ? sample.fields.resolve_ms : undefined).toBe(
          Number.isFinite(value) ? value : undefined,
        );
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{1,18}$/), (digits) => {
        const sample = decodeLine(`dns answers=${digits}i 1`);
        const value = Number(digits);
        expect('fields' in sample ? sample.fields.answers : undefined).toBe(
          Number.isSafeInteger(value) ? value : undefined,
        );
      }),
    );
  });

  it.each(['1.', '.5', '1.2.3', '1..2', '-', '--1', '+1', '1e', '1i', '1 ', '1_0', '1,', '１'])(
    'L-2: "%s" is no number',
    (text) => {
      expect(refusal(`dns resolve_ms=${text} 1`)).not.toContain('accepted');
    },
  );

  it('L-2: values that do not exist are left out, and nothing is written where none is left', () => {
    const fields = { resolve_ms: Number.NaN, duration_ms: Number.POSITIVE_INFINITY, answers: 1.5 };
    expect(encodeReading({ measurement: 'dns', tags: {}, fields })).toBeUndefined();
    expect(encodeReading({ measurement: 'dns', tags: {}, fields: { ...fields, ok: true, other: 1 } })).toBe(
      'dns ok=true',
    );
    const largest = { rx_bit_s: Number.MAX_VALUE };
    expect(encodeReading({ measurement: 'interface', tags: {}, fields: largest })).toBeUndefined();
    expect(encodeReading({ measurement: 'dns', tags: {}, fields: { ok: 1, error: 2, answers: 'x' } })).toBe(
      undefined,
    );
  });

  it.each(['county', 'cluster', 'school', 'classroom', 'agent'])(
    'L-3: a line with the tag %s is no sample',
    (tag) => {
      expect(refusal(`dns,${tag}=elsewhere ok=true 1`)).toContain(`no tag "${tag}"`);
    },
  );

  it('L-4: comma, space and equals sign in tags, quote and backslash in texts are escaped', () => {
    const reading: Reading = {
      measurement: 'interface',
      tags: { interface: 'a,b =c' },
      fields: { up: true },
    };
    expect(encodeReading(reading)).toBe('interface,interface=a\\,b\\ \\=c up=true');
    const error = 'he said "hi" \\o/';
    expect(encodeReading({ measurement: 'dns', tags: {}, fields: { error } })).toBe(
      'dns error="he said \\"hi\\" \\\\o/"',
    );
    expect(decoded('dns error="he said \\"hi\\" \\\\o/, a=b" 1').fields).toEqual({
      error: 'he said "hi" \\o/, a=b',
    });
  });

  it('L-4: pairs of backslashes in a text collapse, single ones stay', () => {
    expect(decoded('dns error="a\\\\\\\\b" 1').fields).toEqual({ error: 'a\\\\b' });
    expect(decoded('dns error="a\\b" 1').fields).toEqual({ error: 'a\\b' });
  });

  it('L-5: backslashes that would touch another, an escape or the end are dropped', () => {
    expect(escapeTag('C:\\dir\\')).toBe('C:\\dir');
    expect(escapeTag('a\\\\b')).toBe('a\\b');
    expect(escapeTag('a\\ b')).toBe('a\\ b');
    expect(escapeTag('\\\\\\')).toBe('');
    expect(refusal('interface,interface=a\\\\ b up=true 1')).toContain('two backslashes');
    expect(refusal('interface,interface=a\\\\b up=true 1')).toContain('two backslashes');
  });

  it('L-6: control characters become a space, and an empty tag is left out', () => {
    expect(escapeTag('a\nb\tc\u007f')).toBe('a\\ b\\ c\\ ');
    const reading: Reading = {
      measurement: 'dns',
      tags: { link: 'lan', target: '' },
      fields: { error: 'a\r\nb' },
    };
    expect(encodeReading(reading)).toBe('dns,link=lan error="a  b"');
  });

  it.each([
    'dns error="a\tb" 1',
    'dns,target=a\u0000b ok=true 1',
    'dns ok=true 1\r',
    'dns\tok=true 1',
    'dns ok=tr\u0001ue 1',
  ])('L-6: %j is no sample', (line) => {
    expect(refusal(line)).not.toContain('accepted');
  });

  it('L-7: floats are rounded to what their unit is worth', () => {
    const fields = { rx_bit_s: 5_873_511.59, speed_bit_s: 1e9, tx_bit_s: 0.000012346 };
    expect(encodeReading({ measurement: 'interface', tags: {}, fields })).toBe(
      'interface rx_bit_s=5874000,tx_bit_s=0.00001235,speed_bit_s=1000000000',
    );
    const stamp = { rtt_ms: 39.082_972, loss_ratio: 0.333_333, offset_ms: -0.001 };
    expect(encodeReading({ measurement: 'stamp', tags: {}, fields: stamp })).toBe(
      'stamp loss_ratio=0.3333,rtt_ms=39.08,offset_ms=0',
    );
    const errors = { ber_post: 0.000_028_41, per: 3.456e-8 };
    expect(encodeReading({ measurement: 'signal', tags: {}, fields: errors })).toBe(
      'signal ber_post=0.000028,per=3.5e-8',
    );
    expect(encodeReading({ measurement: 'tls', tags: {}, fields: { days_left: 89.987_654 } })).toBe(
      'tls days_left=89.99',
    );
    expect(encodeReading({ measurement: 'agent', tags: {}, fields: { slept_s: 12.345 } })).toBe(
      'agent slept_s=12.3',
    );
  });

  it('L-8: time is whole seconds', () => {
    expect(decoded('dns ok=true 1788228000').time).toBe(1_788_228_000);
    for (const time of ['1788228000000', '-1', '1.5', '1e9', '٣', ''])
      expect(refusal(`dns ok=true ${time}`)).toMatch(/time/);
  });

  it('L-9: tags, texts and lines have a limit, at which a sender cuts', () => {
    const long = 'x'.repeat(1000);
    const line = encodeReading({ measurement: 'dns', tags: { target: long }, fields: { error: long } });
    expect(decoded(`${line} 1`)).toMatchObject({
      tags: { target: 'x'.repeat(128) },
      fields: { error: 'x'.repeat(500) },
    });
    expect(refusal(`dns,target=${'x'.repeat(129)} ok=true 1`)).toContain('longer than 128');
    expect(refusal(`dns error="${'x'.repeat(501)}" 1`)).toContain('not a string');
    expect(refusal(`dns error="${'\\"'.repeat(2100)}" 1`)).toContain('longer than 4096');
  });

  it('L-9: a character outside the basic plane is not cut in half', () => {
    const line = encodeReading({ measurement: 'dns', tags: {}, fields: { error: `${'x'.repeat(499)}𠮷` } });
    expect(line).toBe(`dns error="${'x'.repeat(499)}\ufffd"`);
  });

  it('L-10: nothing stands twice', () => {
    expect(refusal('dns ok=true,ok=true 1')).toContain('"ok" stands twice');
    expect(refusal('dns answers=1i,ok=true,answers=2i 1')).toContain('"answers" stands twice');
    expect(refusal('dns,link=lan,link=lan ok=true 1')).toContain('"link" stands twice');
  });

  it('L-1: fields and tags may stand in any order', () => {
    expect(decoded('dns,target=a,link=lan answers=1i,resolve_ms=2,ok=true,error="x" 1')).toMatchObject({
      tags: { target: 'a', link: 'lan' },
      fields: { answers: 1, resolve_ms: 2, ok: true, error: 'x' },
    });
  });

  it('L-1: any text is a sample or has a reason', () => {
    const near = fc
      .array(
        fc.constantFrom('dns', ',', '=', ' ', '\\', '"', 'ok', 'true', 'error', 'target', '1i', '1', 'é'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (line) => {
        const sample = decodeLine(line);
        if ('reason' in sample) expect(sample.reason.length).toBeLessThan(200);
        else expect(textOf(sample)).toBe(line);
      }),
      { numRuns: 2000 },
    );
  });

  it('L-1: is read the same among others, whatever came before it, as by itself', () => {
    // Keys that begin as others do, end in an escape, or are none.
    const keys = [
      'dns',
      'dns,target=a',
      'dns,target=ab',
      'dns,target=a\\ b',
      'dns,target=a\\',
      'agent',
      'none',
    ];
    const line = fc
      .tuple(
        fc.constantFrom(...keys),
        fc.constantFrom(' ', '', ',', '  '),
        fc.constantFrom('ok=true', 'answers=1i'),
      )
      .map(([key, between, field]) => `${key}${between}${field} 1`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = Buffer.from(`${lines.join('\n')}\n`);
        const reader = new LineReader(text);
        let from = 0;
        for (const one of lines) {
          const to = from + Buffer.byteLength(one);
          expect(meaning(reader.read(from, to))).toEqual(meaning(decodeLine(one)));
          from = to + 1;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** Without where the line lies. */
function meaning(read: DecodedSample | { reason: string }) {
  if ('reason' in read) return read;
  const { measurement, tags, fields, time, key } = read;
  return { measurement, tags, fields, time, key, line: textOf(read), keyBytes: read.keyEnd - read.from };
}
