import { fieldOf, hasTag, type MeasurementName, type PlaceTag } from '@tongtang/model/catalogue';
import type { FieldDefinition, TagName } from '@tongtang/model/catalogue/definition';
import type { LinkKind } from '@tongtang/model/link';
import { variable } from './variable.ts';

/**
 * What panels ask of InfluxDB, in InfluxQL as every version from 1.6 to 3 has it. Raw points are kept for 30 days and are there at
 * once; minutes are kept for two years, cost a sixth to read, and come up to twelve minutes later: packages/store/src/influx.
 */
export type Layer = 'raw' | 'minute';

/** `share`: of a yes/no, how much of it is yes; of minutes only, because InfluxQL adds up no booleans. */
export type Aggregation = 'mean' | 'min' | 'max' | 'sum' | 'last' | 'count' | 'share';

/** A tag that series are told apart by. */
export type SeriesTag = PlaceTag | TagName;

/** One field of one measurement, as a panel shows it. */
export type Reading = Readonly<{
  measurement: MeasurementName;
  field: string;
  agg: Aggregation;
  layer: Layer;
  link?: LinkKind;
  /** A further condition on tags or fields, as InfluxQL. */
  where?: string;
  /** One series for each value of these; one for all where empty. */
  by: readonly SeriesTag[];
  /** Of the whole school, on a page about one room: its receiver stands elsewhere. */
  ofSchool?: true;
}>;

/** The variables of a dashboard that narrow its readings. */
export type Scope = readonly Exclude<PlaceTag, 'agent'>[];

/** @throws where the catalogue has no such field: a dashboard must not ask for what nobody measures */
export function definitionOfReading({ measurement, field }: Reading): FieldDefinition {
  const definition = fieldOf(measurement, field);
  if (definition === undefined) throw new Error(`the catalogue has no ${measurement}.${field}`);
  return definition;
}

/** As a line over time: one value for each of Grafana's intervals. */
export function overTime(reading: Reading, scope: Scope): string {
  const groups = ['time($__interval)', ...reading.by.map(quoted)].join(', ');
  return `SELECT ${column(reading)} ${source(reading, scope)} GROUP BY ${groups} fill(none)`;
}

/** As one value for the whole time, under its field's name. */
export function overall(reading: Reading, scope: Scope): string {
  const groups = reading.by.length === 0 ? '' : ` GROUP BY ${reading.by.map(quoted).join(', ')}`;
  return `SELECT ${column(reading)} AS ${quoted(columnName(reading))} ${source(reading, scope)}${groups}`;
}

/** How many machines were heard, over time. */
export function machinesHeard(layer: Layer, scope: Scope): string {
  const field = layer === 'raw' ? 'outbox_samples' : 'outbox_samples_count';
  const from = source({ measurement: 'agent', field: 'outbox_samples', agg: 'count', layer, by: [] }, scope);
  const each = `SELECT count(${quoted(field)}) AS "heard" ${from} GROUP BY time($__interval), "agent" fill(none)`;
  return `SELECT count("heard") FROM (${each}) WHERE $timeFilter GROUP BY time($__interval) fill(none)`;
}

/** What a column is called in a table: names of fields repeat among measurements. */
export function columnName({ measurement, field, link }: Reading): string {
  return [measurement, ...(link === undefined ? [] : [link]), field].join('_');
}

function source({ measurement, layer, link, where, ofSchool }: Reading, scope: Scope): string {
  if (link !== undefined && !hasTag(measurement, 'link')) throw new Error(`${measurement} has no links`);
  const conditions = [
    ...scope.filter((tag) => ofSchool !== true || tag !== 'classroom').map(chosen),
    ...(link === undefined ? [] : [`"link" = '${link}'`]),
    ...(where === undefined ? [] : [where]),
    '$timeFilter',
  ];
  return `FROM ${quoted(layer)}.${quoted(measurement)} WHERE ${conditions.join(' AND ')}`;
}

function column({ field, agg, layer }: Reading): string {
  const of = (suffix: string): string => quoted(`${field}_${suffix}`);
  if (layer === 'raw') {
    if (agg === 'share') throw new Error(`${field}: only minutes have a share`);
    return `${agg}(${quoted(field)})`;
  }
  switch (agg) {
    case 'mean':
    case 'share':
      return `sum(${of('sum')}) / sum(${of('count')})`;
    case 'count':
      return `sum(${of('count')})`;
    case 'sum':
    case 'min':
    case 'max':
    case 'last':
      return `${agg}(${of(agg)})`;
  }
}

function chosen(tag: PlaceTag): string {
  return `${quoted(tag)} =~ /^${variable(tag, 'regex')}$/`;
}

function quoted(name: string): string {
  return `"${name}"`;
}
