import { definitionOf, type MeasurementName } from '@tongtang/model/catalogue';
import type { FieldType } from '@tongtang/model/catalogue/definition';

export type Column = Readonly<{ name: string; type: FieldType }>;

/** The fields of a measurement as columns, in the order of the catalogue. */
export function columnsOf(measurement: MeasurementName): Column[] {
  return Object.entries(definitionOf(measurement).fields).map(([name, { type }]) => ({ name, type }));
}
