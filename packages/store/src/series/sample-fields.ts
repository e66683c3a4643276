import { fieldOf, hasTag, isMeasurement, type MeasurementName } from '@tongtang/model/catalogue';
import type { FieldType } from '@tongtang/model/catalogue/definition';
import type { FieldValue } from '@tongtang/model/sample';
import { type SamplesQuery, type StoredSample, UnfitQuery, UnknownSeries } from '../telemetry.ts';

/** A query of samples that has been checked. */
export type SamplesPlan = Readonly<{
  measurement: MeasurementName;
  agent: string;
  fields: readonly Readonly<{ name: string; type: FieldType }>[];
  /** Whole seconds. */
  from: number;
  to: number;
  most: number;
}>;

/** Checks a query against the catalogue. @throws UnknownSeries */
export function planSamples({ measurement, agent, fields, from, to, most }: SamplesQuery): SamplesPlan {
  if (!isMeasurement(measurement)) throw new UnknownSeries(`no measurement "${measurement}"`);
  const typed = fields.map((name) => {
    const type = fieldOf(measurement, name)?.type;
    if (type === undefined) throw new UnknownSeries(`${measurement} has no field "${name}"`);
    return { name, type };
  });
  return { measurement, agent, fields: typed, from: Math.ceil(from), to: Math.ceil(to), most };
}

/** Counts the rows of an answer while it is read, those without any of the fields included: they take as long. */
export class RowsLeft {
  readonly #plan: SamplesPlan;
  #count: number;

  constructor(plan: SamplesPlan) {
    this.#plan = plan;
    this.#count = plan.most;
  }

  /** For so many there is room still. */
  get count(): number {
    return this.#count;
  }

  /** @throws UnfitQuery where there is no room for so many more */
  take(rows: number): void {
    this.#count -= rows;
    const { most, measurement, agent } = this.#plan;
    if (this.#count < 0) throw new UnfitQuery(`more than ${most} samples of ${measurement} of ${agent}`);
  }
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
