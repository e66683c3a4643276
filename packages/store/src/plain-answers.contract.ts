import type { FieldValue } from '@tongtang/model/sample';
import { type DecodedSample, decodeLine } from '@tongtang/wire/line-protocol';
import type { Aggregation } from './telemetry.ts';

/** Samples for the contract suite, and what a store should answer about them, worked out the plain way. */

/** The samples of lines in line protocol. */
export function samplesOf(...lines: readonly string[]): DecodedSample[] {
  return lines.map((line) => {
    const sample = decodeLine(line);
    if ('reason' in sample) throw new Error(`${line}: ${sample.reason}`);
    return sample;
  });
}

/** A multiple of an hour, some hours ago: InfluxDB knows only the real time. */
export const hour = Math.floor(Date.now() / 3_600_000) * 3600;
export const base = hour - 12 * 3600;
export const ping = (time: number, fields: string, target = 'hub'): string =>
  `ping,link=broadband,target=${target} ${fields} ${time}`;

/** Points of eight hours with gaps, repeated values and fields that come and go; the same each time. */
export function scatter(): DecodedSample[] {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const lines: string[] = [];
  for (let time = base; time < base + 8 * 3600; time += 1 + random(200)) {
    const ok = random(4) > 0;
    const answered = `rtt_ms=${random(3) === 0 ? 20 : random(10_000) / 64},sent=${random(20)}i`;
    lines.push(ping(time, ok ? `ok=true,${answered}` : `ok=false,error="error ${random(3)}"`));
  }
  return samplesOf(...lines);
}

/** What the store should answer, the plain way. */
export function model(
  points: readonly DecodedSample[],
  field: string,
  every: number,
  agg: Aggregation,
): Map<number, FieldValue> {
  const buckets = new Map<number, FieldValue[]>();
  for (const { time, fields } of points) {
    const value = fields[field];
    const bucket = time - (time % every);
    if (value !== undefined) buckets.set(bucket, [...(buckets.get(bucket) ?? []), value]);
  }
  return new Map([...buckets].map(([time, values]) => [time, aggregate(values, agg)]));
}

function aggregate(values: readonly FieldValue[], agg: Aggregation): FieldValue {
  const numbers = values.map(Number);
  const sum = numbers.reduce((a, b) => a + b, 0);
  const by = {
    mean: sum / values.length,
    sum,
    count: values.length,
    min: Math.min(...numbers),
    max: Math.max(...numbers),
  };
  return agg === 'last' ? (values.at(-1) ?? 0) : by[agg];
}

/** Sums are added up in different orders. */
export function rounded(values: ReadonlyMap<number, FieldValue>): Map<number, FieldValue> {
  return new Map(
    [...values].map(([time, value]) => [
      time,
      typeof value === 'number' ? Number(value.toPrecision(12)) : value,
    ]),
  );
}
