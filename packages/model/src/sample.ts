import type { TagName } from './catalogue/definition.ts';
import type { MeasurementName } from './catalogue.ts';

export type FieldValue = number | boolean | string;
/** Absent fields were not measured; a value is never made up. NaN and infinities are not values. */
export type Fields = Readonly<Record<string, FieldValue>>;
export type Tags = Readonly<Partial<Record<TagName, string>>>;

/** What a probe hands over: not yet placed in hub time. */
export type Reading = Readonly<{ measurement: MeasurementName; tags: Tags; fields: Fields }>;

/**
 * One point of measurement: (measurement, tags, time) is its identity, so that writing it twice is writing it once.
 * `time` is whole seconds since 1970 in hub time.
 */
export type Sample = Reading & Readonly<{ time: number }>;
