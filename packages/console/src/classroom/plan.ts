import type { Catalogue, FieldDefinition, Sample, Tags } from '../api/answers.ts';
import type { Words } from '../language/en.ts';
import type { Aggregation } from './table.ts';
import { sameTags } from './table.ts';

export type ChartLine = Readonly<{
  field: string;
  agg: Aggregation;
  tags: Tags;
  /** A field to be taken off, which makes it a line of another meaning: C/N less its margin is the threshold. */
  less?: string;
  /** Key of its name, where that is not the field's. */
  name?: keyof Words['lineNames'];
}>;
export type Chart = Readonly<{
  id: string;
  measurement: string;
  /** Key of a title of its own; absent: the field's. */
  title?: keyof Words['titles'];
  lines: readonly ChartLine[];
  unit: string;
}>;
/** Charts of one link, of the machine, or of the agent itself; `more` is shown when asked for. */
export type ChartGroup = Readonly<{ id: string; charts: readonly Chart[]; more: readonly Chart[] }>;

type Telling = Readonly<{
  title: keyof Words['titles'];
  measurement: string;
  fields: readonly (readonly [field: string, agg: Aggregation])[];
  /** What is derived of them. */
  derived?: Omit<ChartLine, 'tags'>;
  /** A chart for each target, although it has one line. */
  each?: true;
}>;

/** What tells a technician most, in the order of telling. */
const telling: readonly Telling[] = [
  {
    title: 'stamp/delay',
    measurement: 'stamp',
    fields: [
      ['rtt_ms', 'mean'],
      ['rtt_max_ms', 'max'],
    ],
  },
  { title: 'stamp/loss', measurement: 'stamp', fields: [['loss_ratio', 'mean']] },
  {
    title: 'stamp/direction',
    measurement: 'stamp',
    fields: [
      ['loss_up', 'sum'],
      ['loss_down', 'sum'],
    ],
  },
  { title: 'stamp/jitter', measurement: 'stamp', fields: [['jitter_ms', 'mean']] },
  { title: 'stamp/voice', measurement: 'stamp', fields: [['r_factor', 'mean']] },
  {
    title: 'ping/delay',
    measurement: 'ping',
    fields: [
      ['rtt_ms', 'mean'],
      ['rtt_max_ms', 'max'],
    ],
  },
  { title: 'ping/loss', measurement: 'ping', fields: [['loss_ratio', 'mean']] },
  { title: 'tcp/delay', measurement: 'tcp', fields: [['connect_ms', 'mean']] },
  { title: 'dns/delay', measurement: 'dns', fields: [['resolve_ms', 'mean']] },
  { title: 'http/delay', measurement: 'http', fields: [['first_byte_ms', 'mean']] },
  { title: 'signal/margin', measurement: 'signal', fields: [['margin_db', 'min']], each: true },
  {
    title: 'signal/cn',
    measurement: 'signal',
    fields: [['cn_db', 'mean']],
    derived: { field: 'cn_db', agg: 'mean', less: 'margin_db', name: 'threshold' },
  },
  { title: 'signal/uncorrected', measurement: 'signal', fields: [['uncorrected', 'sum']] },
  { title: 'mpegts/score', measurement: 'mpegts', fields: [['stream_score', 'min']] },
  { title: 'mpegts/rate', measurement: 'mpegts', fields: [['stream_bit_s', 'mean']] },
  { title: 'mpegts/errors', measurement: 'mpegts', fields: [['continuity_errors', 'sum']] },
  { title: 'mpegts/absent', measurement: 'mpegts', fields: [['absent_s', 'sum']] },
  {
    title: 'host/load',
    measurement: 'host',
    fields: [
      ['cpu_ratio', 'mean'],
      ['memory_used_ratio', 'mean'],
    ],
  },
  {
    title: 'interface/traffic',
    measurement: 'interface',
    fields: [
      ['rx_bit_s', 'mean'],
      ['tx_bit_s', 'mean'],
    ],
  },
];

const groupOrder = ['broadband', 'lan', 'satellite', 'stream', 'platform', 'machine', 'agent'] as const;
/** More lines than that nobody can tell apart. */
const mostLines = 6;

/**
 * The charts of an agent, by link: for every series that it has, the telling ones open and one for each further field.
 * Fields come from the catalogue and not from the newest sample, since that of a failing probe has hardly any.
 */
export function planCharts(latest: readonly Sample[], catalogue: Catalogue): ChartGroup[] {
  return groupOrder
    .map((id) => {
      const series = latest.filter((sample) => groupOf(sample) === id);
      const charts = telling.flatMap((entry) => tellingCharts(entry, id, series, catalogue));
      return { id, charts, more: furtherCharts(id, series, catalogue) };
    })
    .filter(({ charts, more }) => charts.length + more.length > 0);
}

function groupOf({ measurement, tags }: Sample): string {
  if (tags.link !== undefined) return tags.link;
  return measurement === 'agent' ? 'agent' : 'machine';
}

function tellingCharts(
  entry: Telling,
  group: string,
  latest: readonly Sample[],
  catalogue: Catalogue,
): Chart[] {
  const { measurement, title, fields, derived, each } = entry;
  const unit = catalogue[measurement]?.fields[fields[0]?.[0] ?? '']?.unit ?? '';
  const series = seriesOf(latest, measurement);
  const single = fields.length === 1 && derived === undefined && each !== true;
  const sets = single ? chunks(series, mostLines) : series.map((tags) => [tags]);
  return sets.map((set, index) => ({
    id: `${group}/${title}/${index}`,
    measurement,
    title,
    unit,
    lines: set.flatMap((tags) => [
      ...fields.map(([field, agg]) => ({ field, agg, tags })),
      ...(derived === undefined ? [] : [{ ...derived, tags }]),
    ]),
  }));
}

function furtherCharts(group: string, latest: readonly Sample[], catalogue: Catalogue): Chart[] {
  const measurements = [...new Set(latest.map(({ measurement }) => measurement))];
  return measurements.flatMap((measurement) => {
    const told = new Set(
      telling
        .filter((entry) => entry.measurement === measurement)
        .flatMap((entry) => entry.fields.map(([field]) => field)),
    );
    const sets = chunks(seriesOf(latest, measurement), mostLines);
    return Object.entries(catalogue[measurement]?.fields ?? {})
      .filter(([field, { type }]) => type !== 'string' && !told.has(field))
      .flatMap(([field, definition]) =>
        sets.map((set, index) => ({
          id: `${group}/${measurement}/${field}/${index}`,
          measurement,
          unit: definition.unit,
          lines: set.map((tags) => ({ field, agg: aggregationOf(definition), tags })),
        })),
      );
  });
}

function aggregationOf({ type, addsUp }: FieldDefinition): Aggregation {
  if (type === 'boolean') return 'min';
  return addsUp ? 'sum' : type === 'integer' ? 'last' : 'mean';
}

function seriesOf(latest: readonly Sample[], measurement: string): Tags[] {
  return latest.filter((sample) => sample.measurement === measurement).map(({ tags }) => tags);
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < values.length; at += size) result.push(values.slice(at, at + size));
  return result;
}

/** Charts that stand on the card of a receiver. */
export function isOfDish({ title }: Chart): boolean {
  return title === 'signal/margin' || title === 'signal/cn';
}

/** The groups without those charts. */
export function withoutDishes(groups: readonly ChartGroup[]): ChartGroup[] {
  return groups.map((group) => ({ ...group, charts: group.charts.filter((chart) => !isOfDish(chart)) }));
}

/** The samples with the newest of each series: what arrived live takes the place of what was known. */
export function mergeLatest(known: readonly Sample[], arrived: readonly Sample[]): readonly Sample[] {
  const result = [...known];
  for (const sample of arrived) {
    const at = result.findIndex(
      (old) => old.measurement === sample.measurement && sameTags(old.tags, sample.tags),
    );
    if (at === -1) result.push(sample);
    else if ((result[at]?.time ?? 0) < sample.time) result[at] = sample;
  }
  return result;
}
