import { definitionOf, type MeasurementName, measurementNames } from '@tongtang/model/catalogue';
import type { FieldType, TagName } from '@tongtang/model/catalogue/definition';

/** A tag or a field. */
export type Key<Name> = Readonly<{
  name: Name;
  /** The name with its equals sign, as it stands in a line, in UTF-8. */
  key: Uint8Array;
}>;
export type FieldKey = Key<string> & Readonly<{ type: FieldType }>;
export type Shape = Readonly<{
  name: MeasurementName;
  tags: readonly Key<TagName>[];
  fields: readonly FieldKey[];
}>;

/** The catalogue, prepared for reading lines. */
export const shapes: ReadonlyMap<string, Shape> = new Map(
  measurementNames.map((name) => {
    const { tags, fields } = definitionOf(name);
    return [
      name,
      {
        name,
        tags: tags.map((tag) => ({ name: tag, key: Buffer.from(`${tag}=`) })),
        fields: Object.entries(fields).map(([field, { type }]) => ({
          name: field,
          key: Buffer.from(`${field}=`),
          type,
        })),
      },
    ];
  }),
);
