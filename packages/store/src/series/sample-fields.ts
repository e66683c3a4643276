import { fieldOf, hasTag, isMeasurement, type MeasurementName } from '@tongtang/model/catalogue';
import type { FieldType } from '@tongtang/model/catalogue/definition';
import type { FieldValue } from '@tongtang/model/sample';
import { type SamplesQuery, type StoredSample, UnknownSeries } from '../telemetry.ts';

/** A query of samples that has been checked. */
export type SamplesPlan = Readonly<{
  measurement: MeasurementName;
  agent: string;
  fields: readonly Readonly<{ name: string; type: FieldType }>[];
  /** Whole seconds. */
  from: number;
  to: number;
}>;

/** Checks a query against the catalogue. @throws UnknownSeries */
export function planSamples({ measurement, agent, fields, from, to }: SamplesQuery): SamplesPlan {
  if (!isMeasurement(measurement)) throw new UnknownSeries(`no measurement "${measurement}"`);
  const typed = fields.map((name) => {
    const type = fieldOf(measurement, name)?.type;
    if (type === undefined) throw new UnknownSeries(`${measurement} has no field "${name}"`);
    return { name, type };
  });
  return { measurement, agent, fields: typed, from: Math.ceil(from), to: Math.ceil(to) };
}

/**
 * A row as a sample.
 * @param tags of its series, those of the place included
 * @param values of the fields of the plan, in their order; what is not measured is null
 */
export function sampleOf(
  { measurement, fields: columns }: SamplesPlan,
  tags: Readonly<Record<string, string>>,
  time: number,
  values: readonly unknown[],
): StoredSample | undefined {
  const fields: Record<string, FieldValue> = {};
  let measured = false;
  for (const [index, { name, type }] of columns.entries()) {
    const value = values[index];
    if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') continue;
    // SQLite has no booleans.
    fields[name] = type === 'boolean' ? value === true || value === 1 : value;
    measured = true;
  }
  return measured ? { measurement, tags: ownTags(measurement, tags), time, fields } : undefined;
}

function ownTags(
  measurement: MeasurementName,
  tags: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).filter(([name, value]) => value !== '' && hasTag(measurement, name)),
  );
}
