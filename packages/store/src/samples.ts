import type { MeasurementName } from '@tongtang/model/catalogue';
import type { FieldType } from '@tongtang/model/catalogue/definition';
import type { FieldValue } from '@tongtang/model/sample';
import { columnsOf } from './catalogue-columns.ts';
import { UnfitQuery } from './telemetry.ts';

/** Raw points of one agent: those that have any of the fields. */
export type SamplesQuery = Readonly<{
  agent: string;
  /** Seconds, inclusive. */
  from: number;
  /** Seconds, exclusive. */
  to: number;
  /** Which fields of which measurements. */
  fields: ReadonlyMap<MeasurementName, readonly string[]>;
}>;

/** A point as it was measured, with the fields that were asked for. */
export type StoredSample = Readonly<{
  measurement: MeasurementName;
  tags: Readonly<Record<string, string>>;
  time: number;
  fields: Readonly<Record<string, FieldValue>>;
}>;

/** Some ten days of an agent that measures as those that are shipped do. */
const mostSamples = 500_000;

/** @throws UnfitQuery where so many samples are more than a hub should hold at once */
export function assertFew(count: number): void {
  if (count > mostSamples) throw new UnfitQuery(`more than ${mostSamples} samples: shorten the range`);
}

/** The fields of a measurement that a query asks for, as the catalogue has them, with their types. */
export function columnsFor(
  measurement: MeasurementName,
  names: readonly string[],
): readonly Readonly<{ name: string; type: FieldType }>[] {
  return columnsOf(measurement).filter(({ name }) => names.includes(name));
}

/** Fields that are there, by name; undefined where none is. */
export function fieldsOf(
  columns: readonly Readonly<{ name: string; type: FieldType }>[],
  values: readonly unknown[],
): StoredSample['fields'] | undefined {
  const fields: Record<string, FieldValue> = {};
  let some = false;
  for (const [index, { name, type }] of columns.entries()) {
    const value = values[index];
    if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') continue;
    some = true;
    fields[name] = type === 'boolean' && typeof value === 'number' ? value === 1 : value;
  }
  return some ? fields : undefined;
}
