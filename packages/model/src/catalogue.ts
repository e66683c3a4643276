import { agentMeasurements } from './catalogue/agent.ts';
import type { FieldDefinition, MeasurementDefinition, TagName } from './catalogue/definition.ts';
import { hostMeasurements } from './catalogue/host.ts';
import { networkMeasurements } from './catalogue/network.ts';
import { signalMeasurements } from './catalogue/signal.ts';
import { streamMeasurements } from './catalogue/stream.ts';
import { throughputMeasurements } from './catalogue/throughput.ts';

/**
 * Every measurement of the system, with its tags, fields, units and texts. Probes, the wire dictionary, the
 * tables of the store, the labels of the console and `docs/metrics.md` are made from it: a new metric is an
 * entry here and the probe that fills it. Names are never reused for something else.
 */
export const catalogue = {
  ...networkMeasurements,
  ...throughputMeasurements,
  ...streamMeasurements,
  ...signalMeasurements,
  ...hostMeasurements,
  ...agentMeasurements,
} as const satisfies Record<string, MeasurementDefinition>;

export type MeasurementName = keyof typeof catalogue;

/** Names in the order of the catalogue; tables, pages and the dictionary follow it. */
export const measurementNames = Object.keys(catalogue).filter(isMeasurement);

/** Whether the catalogue has a measurement of this name. */
export function isMeasurement(name: string): name is MeasurementName {
  return Object.hasOwn(catalogue, name);
}

/** A measurement's definition, for code that handles all of them alike. */
export function definitionOf(name: MeasurementName): MeasurementDefinition {
  return catalogue[name];
}

/** A field's definition, or undefined where the measurement has no such field. */
export function fieldOf(name: MeasurementName, field: string): FieldDefinition | undefined {
  const fields = definitionOf(name).fields;
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** Whether samples of this measurement may carry the tag. */
export function hasTag(name: MeasurementName, tag: string): tag is TagName {
  return definitionOf(name).tags.some((known) => known === tag);
}

/**
 * Tags that say where a sample was measured. The hub writes them from its inventory; an agent never sends them.
 */
export const placeTags = ['county', 'cluster', 'school', 'classroom', 'agent'] as const;
export type PlaceTag = (typeof placeTags)[number];
/** `cluster` is absent where a school belongs to none. */
export type Place = Readonly<Record<Exclude<PlaceTag, 'cluster'>, string> & { cluster?: string }>;
