import { inflateSync } from 'node:zlib';
import { definitionOf, measurementNames } from '@tongtang/model/catalogue';
import type { FieldType } from '@tongtang/model/catalogue/definition';
import type { FieldValue } from '@tongtang/model/sample';
import { decodeBatch, encodeBatch } from '@tongtang/wire/batch';
import { decodeLine, encodeReading, textOf } from '@tongtang/wire/line-protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Influxd, startInfluxd } from '../services/influxd.ts';

/** A batch, inflated, is a document of InfluxDB's: what our codec accepts, a real one reads in the same way. */

let influx: Influxd;
beforeAll(async () => {
  influx = await startInfluxd();
  await query('CREATE DATABASE wire');
});
afterAll(() => influx.stop());

async function query(q: string): Promise<unknown> {
  const parameters = new URLSearchParams({ q, db: 'wire', epoch: 's' });
  const answer = await fetch(`${influx.url}/query?${parameters}`, { method: 'POST' });
  return answer.json();
}

async function write(document: Buffer | string): Promise<{ status: number; text: string }> {
  const body = Buffer.from(document);
  const answer = await fetch(`${influx.url}/write?db=wire&precision=s`, { method: 'POST', body });
  return { status: answer.status, text: await answer.text() };
}

const odd = 'he said "hi" \\o/, a=b 祁连 \\" \\\\ #';

function valueOfType(type: FieldType): FieldValue {
  switch (type) {
    case 'float':
      return -12.5;
    case 'integer':
      return Number.MAX_SAFE_INTEGER;
    case 'boolean':
      return false;
    case 'string':
      return odd;
  }
}

describe('a batch in a real InfluxDB', () => {
  it('B-11: every measurement and field of the catalogue is accepted, and read back as it was', async () => {
    const lines = measurementNames.map((measurement) => {
      const { tags, fields } = definitionOf(measurement);
      const values = Object.entries(fields).map(([name, { type }]) => [name, valueOfType(type)] as const);
      const reading = {
        measurement,
        tags: Object.fromEntries(tags.map((tag) => [tag, odd])),
        fields: Object.fromEntries(values),
      };
      return `${encodeReading(reading)} 1788228000`;
    });
    const batch = encodeBatch({ outbox: '0utb0x00', from: 1, to: lines.length, oldest: 1 }, lines, false);
    expect(await write(inflateSync(batch))).toEqual({ status: 204, text: '' });
    const decoded = decodeBatch(batch);
    if ('reason' in decoded) throw new Error(decoded.reason);
    for (const { measurement, tags, fields, time } of decoded.samples) {
      const names = [...Object.keys(fields), ...Object.keys(tags)];
      const columns = names.map((name) => `"${name}"`).join(',');
      expect(await query(`SELECT ${columns} FROM "${measurement}"`)).toMatchObject({
        results: [
          {
            series: [
              {
                columns: ['time', ...names],
                values: [[time, ...Object.values(fields), ...Object.values(tags)]],
              },
            ],
          },
        ],
      });
    }
  });

  it('L-5: the line that swallows the one behind it is real, and no sample', async () => {
    const poison = 'dns,target=a\\\\ b\\\\=" ok=true 1788228000';
    const innocent = 'dns,target=z ok=true 1788228000';
    const { status, text } = await write(`${poison}\n${innocent}\n`);
    expect(status).toBe(400);
    expect(text).toContain('target=z');
    expect(decodeLine(poison)).toHaveProperty('reason');
    expect(decodeLine(innocent)).not.toHaveProperty('reason');
  });

  it('B-11, L-5: no accepted line is refused, or swallows the one behind it', async () => {
    const parts = fc.constantFrom('\\', '"', ',', '=', ' ', '\\\\', '\\"', 'x', '祁', 'link=', '#', ' 1 ');
    const text = fc.array(parts, { maxLength: 8 }).map((parts) => parts.join(''));
    const ending = fc.constantFrom('', ' up=true 1', '"', '\\');
    const raw = fc
      .tuple(text, text, ending)
      .map(([tag, error, end]) => `dns,target=${tag} error="${error}"${end} 1788228000`);
    const written = fc
      .tuple(text, text)
      .map(([target, error]) => encodeReading({ measurement: 'dns', tags: { target }, fields: { error } }))
      .map((line) => `${line} 1788228000`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(raw, written), { minLength: 40, maxLength: 60 }), async (lines) => {
        const header = { outbox: '0utb0x00', from: 1, to: lines.length, oldest: 1 };
        const batch = decodeBatch(encodeBatch(header, lines, false));
        if ('reason' in batch) throw new Error(batch.reason);
        await query('DROP MEASUREMENT dns');
        const accepted = batch.samples.map((sample) => `${textOf(sample)}\n`).join('');
        expect(await write(accepted), accepted).toEqual({ status: 204, text: '' });
        const series = new Set(batch.samples.map(({ key }) => key));
        expect(JSON.stringify(await query('SHOW SERIES FROM dns')).split('"dns').length - 1).toBe(
          series.size,
        );
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
