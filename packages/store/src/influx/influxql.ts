import type { MeasurementName } from '@tongtang/model/catalogue';
import { type ConclusionName, conclusions, goneField } from '@tongtang/model/conclusions';
import type { Part } from '../series/axis.ts';
import { type Segment, type SeriesPlan, tagNamesOf } from '../series/plan.ts';
import { valuesPerSeries } from '../telemetry.ts';
import type { Rows } from './ask.ts';

/**
 * InfluxQL as every version from 1.6 to 3 has it: no INTO, no continuous queries, no sub-queries. Booleans have no
 * sum in it: their ones are counted by a second statement.
 */

export const policies = { raw: 'raw', minute: 'minute', concluded: 'concluded' } as const;

/** Conclusions of a measurement that have some tags, from a time on and before another. Seconds. */
export type Realm = Readonly<{
  measurement: ConclusionName;
  tags: Readonly<Record<string, string>>;
  from: number;
  to: number;
}>;

/** All values of some fields, as rows of each series in the order of time. */
export function selectFields(
  measurement: MeasurementName,
  fields: readonly string[],
  from: number,
  to: number,
  tags: Readonly<Record<string, string>>,
  layer: Segment['layer'] = 'raw',
): string {
  return `SELECT ${fields.map(name).join(', ')} ${source(policies[layer], measurement, from, to, tags)} GROUP BY ${groups(measurement)}`;
}

/** The keys of all conclusions in a place and time that were not taken back. */
export function selectConclusions({ measurement, tags, from, to }: Realm): string {
  const where = source(policies.concluded, measurement, from, to, tags);
  const by = conclusions[measurement].tags.map(name).join(', ');
  return `SELECT ${name(goneField)} ${where} AND ${name(goneField)} = false GROUP BY ${by}`;
}

export function selectOpenIncidents(county: string): string {
  const incident = `${name(policies.concluded)}.${name('incident')}`;
  const where = `${name('county')} = ${literal(county)} AND ${name(goneField)} = false AND ${name('open')} = true`;
  return `SELECT ${name('open')} FROM ${incident} WHERE ${where} GROUP BY ${name('id')}`;
}

/** The statements that answer a segment; {@link partsOf} reads the rows of each. */
export function selectSegment(plan: SeriesPlan, { layer, from, to }: Segment): string[] {
  const { measurement, field, tags, every } = plan;
  const by = every === undefined ? '' : `time(${every}s), `;
  const fill = every === undefined ? '' : ' fill(none)';
  return columns(plan, layer).map(({ select, where = '' }) => {
    const rest = `${source(policies[layer], measurement, from, to, tags)}${where}`;
    return `SELECT ${select(field)} ${rest} GROUP BY ${by}${groups(measurement)}${fill} LIMIT ${valuesPerSeries + 1}`;
  });
}

type Statement = { select: (field: string) => string; where?: string };

/** One statement gives count and sum, or the value; two give the count of all and of the ones. */
function columns({ field, type, every, agg }: SeriesPlan, layer: Segment['layer']): Statement[] {
  const of = (suffix: string): string => name(`${field}_${suffix}`);
  if (every === undefined) {
    if (layer === 'raw') return [{ select: () => name(field) }];
    if (agg === 'mean' || agg === 'sum' || agg === 'count')
      return [{ select: () => (type === 'string' ? of('count') : `${of('count')}, ${of('sum')}`) }];
    return [{ select: () => of(agg) }];
  }
  const summed = agg === 'mean' || agg === 'sum';
  if (layer === 'minute') {
    if (summed) return [{ select: () => `sum(${of('count')}), sum(${of('sum')})` }];
    return [{ select: () => (agg === 'count' ? `sum(${of('count')})` : `${agg}(${of(agg)})`) }];
  }
  if (type === 'boolean' && agg !== 'last' && agg !== 'count') {
    const select = (): string => `count(${name(field)})`;
    return [{ select }, { select, where: ` AND ${name(field)} = true` }];
  }
  return [
    { select: () => (summed ? `count(${name(field)}), sum(${name(field)})` : `${agg}(${name(field)})`) },
  ];
}

/**
 * The parts of one series.
 * @param answers its rows from each statement of {@link selectSegment}
 */
export function partsOf(plan: SeriesPlan, { layer }: Segment, answers: readonly Rows[]): Part[] {
  const [rows, ones] = answers;
  if (rows === undefined) return [];
  const counts = plan.agg === 'mean' || plan.agg === 'sum' || plan.agg === 'count';
  if (plan.every === undefined && layer === 'raw') return rows.values.map(valuePart);
  if (layer === 'raw' && plan.type === 'boolean' && plan.agg !== 'last' && plan.agg !== 'count')
    return booleanParts(plan, rows, ones);
  return rows.values.map((row) => (counts ? countPart(row) : valuePart(row)));
}

function valuePart([time, value]: readonly unknown[]): Part {
  return { time: Number(time), count: 1, sum: 0, value: typeof value === 'string' ? value : Number(value) };
}

function countPart([time, count, sum]: readonly unknown[]): Part {
  return { time: Number(time), count: Number(count), sum: Number(sum ?? 0), value: 0 };
}

function booleanParts({ agg }: SeriesPlan, rows: Rows, ones: Rows | undefined): Part[] {
  const trues = new Map(ones?.values.map(([time, count]) => [Number(time), Number(count)]));
  return rows.values.map(([time, of]) => {
    const [count, sum] = [Number(of), trues.get(Number(time)) ?? 0];
    const value = agg === 'min' ? sum === count : sum > 0;
    return { time: Number(time), count, sum, value: Number(value) };
  });
}

function source(
  policy: string,
  measurement: string,
  from: number,
  to: number,
  tags: Readonly<Record<string, string>>,
): string {
  const wanted = Object.entries(tags).map(([tag, value]) => ` AND ${name(tag)} = ${literal(value)}`);
  return `FROM ${name(policy)}.${name(measurement)} WHERE time >= ${from}s AND time < ${to}s${wanted.join('')}`;
}

function groups(measurement: MeasurementName): string {
  return tagNamesOf(measurement).map(name).join(', ');
}

function name(text: string): string {
  return `"${text}"`;
}

function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
