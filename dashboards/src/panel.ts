import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesPanel } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as ChartPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Text } from '@tongtang/model/text';
import { type Advice, advice } from './advice.ts';
import { colours, thresholdsOf, yesAndNo } from './colours.ts';
import { names } from './concluded.ts';
import { type ConcludedPanel, type ConcludedSpec, concludedPanel, placeName } from './concluded-panel.ts';
import {
  columnName,
  definitionOfReading,
  type Layer,
  machinesHeard,
  overall,
  overTime,
  type Reading,
  type Scope,
  type SeriesTag,
} from './influxql.ts';
import { inLanguage, type PageLanguage, tagTitles } from './language.ts';
import { type LimitName, limits } from './limits.ts';
import { type BoardId, linkTo } from './links.ts';
import { datasource, InfluxTarget } from './target.ts';
import { type GrafanaUnit, unitOf } from './unit.ts';

/** A reading with what the catalogue does not say of it. */
export type Shown = Reading & Readonly<{ title?: Text; unit?: GrafanaUnit; limits?: LimitName }>;

type Framed = Readonly<{
  /** That of the first reading where absent. */
  title?: Text;
  /** What it shows; the catalogue's description of the first reading where absent. */
  shows?: Text;
  whenRed: Advice;
  /** Of 24 columns. */
  width: number;
  /** In steps of 30 pixels. */
  height: number;
  /** Looks back so far and no further, whatever the range of the page: what is now. Minutes. */
  lastMinutes?: number;
  /** Where a series' school or classroom leads to. */
  opens?: BoardId;
}>;

/** What a dashboard consists of. */
export type PanelSpec = Framed &
  (
    | Readonly<{ kind: 'chart' | 'states' | 'figure' | 'table'; readings: readonly Shown[] }>
    /** How many machines were heard. */
    | Readonly<{ kind: 'heard'; layer: Layer; title: Text; shows: Text }>
    | (ConcludedSpec & Readonly<{ title: Text; shows: Text }>)
  );

/** No screen shows more points; InfluxDB answers so much faster. */
const pointsPerSeries = 600;

/** One panel, without its place on the page. */
export function panelOf(spec: PanelSpec, scope: Scope, language: PageLanguage): Panel {
  const builder = bodyOf(spec, scope, language);
  const first = 'readings' in spec ? spec.readings[0] : undefined;
  const definition = first && definitionOfReading(first);
  const title = spec.title ?? first?.title ?? definition?.title;
  const shows = spec.shows ?? definition?.description;
  if (title === undefined || shows === undefined) throw new Error('a panel shows nothing');
  const red = inLanguage({ zh: '变红时：', en: 'When it is red: ' }, language);
  const end = inLanguage({ zh: '。', en: '.' }, language);
  builder
    .title(inLanguage(title, language))
    .description(
      `${inLanguage(shows, language).replace(/[。.]$/, '')}${end}\n\n${red}${inLanguage(advice[spec.whenRed], language)}`,
    )
    .datasource(datasource)
    .maxDataPoints(pointsPerSeries);
  if (spec.lastMinutes !== undefined) builder.timeFrom(`${spec.lastMinutes}m`);
  return builder.build();
}

function bodyOf(
  spec: PanelSpec,
  scope: Scope,
  language: PageLanguage,
): ChartPanel | StatesPanel | StatPanel | TablePanel | ConcludedPanel {
  switch (spec.kind) {
    case 'chart':
      return chart(spec, scope, language);
    case 'states':
      return states(spec, scope, language);
    case 'figure':
      return figure(spec, scope, language);
    case 'table':
      return table(spec, scope, language);
    case 'heard':
      return heard(spec, scope, language);
    default:
      return concludedPanel(spec, scope, language);
  }
}

type WithReadings = Extract<PanelSpec, { readings: readonly Shown[] }>;

function chart({ readings, opens }: WithReadings, scope: Scope, language: PageLanguage): ChartPanel {
  const [first] = readings;
  const limit = limits[first?.limits ?? 'none'];
  const panel = new ChartPanel()
    .targets(seriesTargets(readings, scope, language))
    .unit(first === undefined ? 'none' : unitOf(first))
    .interval(first?.layer === 'minute' ? '1m' : '10s')
    .thresholds(thresholdsOf(limit))
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        limit.length > 1 ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
      ),
    )
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .lineWidth(1)
    .fillOpacity(5)
    .showPoints(VisibilityMode.Auto)
    // Off at night is a gap, a minute without a value is none.
    .spanNulls(15 * 60_000);
  return opens === undefined ? panel : panel.dataLinks([linkTo(opens, 'series', language)]);
}

function states({ readings, opens }: WithReadings, scope: Scope, language: PageLanguage): StatesPanel {
  const [first] = readings;
  const panel = new StatesPanel()
    .targets(seriesTargets(readings, scope, language))
    .unit(first === undefined ? 'none' : unitOf(first))
    .interval('1m')
    .mappings(yesAndNo(language))
    .thresholds(thresholdsOf(limits[first?.limits ?? 'none']))
    .colorScheme(colours.byThreshold)
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8)
    .spanNulls(15 * 60_000);
  return opens === undefined ? panel : panel.dataLinks([linkTo(opens, 'series', language)]);
}

function figure({ readings }: WithReadings, scope: Scope, language: PageLanguage): StatPanel {
  const [first] = readings;
  return (
    new StatPanel()
      .targets(
        readings.map(
          (reading, at) =>
            new InfluxTarget({
              at,
              query: overall(reading, scope),
              format: 'time_series',
              alias: aliasOf(reading, language, readings.length > 1 || reading.by.length === 0),
            }),
        ),
      )
      .unit(first === undefined ? 'none' : unitOf(first))
      .mappings(yesAndNo(language))
      .thresholds(thresholdsOf(limits[first?.limits ?? 'none']))
      .colorScheme(colours.byThreshold)
      .colorMode(BigValueColorMode.Background)
      .graphMode(BigValueGraphMode.None)
      .noValue(inLanguage({ zh: '无数据', en: 'no data' }, language))
      // By itself it shows numbers alone, and a yes/no is none.
      .reduceOptions(
        new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields('/^(?!Time$|time$)/'),
      )
  );
}

/** One line for each school or classroom, one column for each reading; a column has the colour of its own limits. */
function table({ readings, opens }: WithReadings, scope: Scope, language: PageLanguage): TablePanel {
  const tags = [...new Set(readings.flatMap(({ by }) => by))];
  const [tag] = tags;
  const panel = new TablePanel()
    .targets(
      [
        // Rows are laid together by what all queries have, so a name can stand beside one tag alone.
        ...(tags.length === 1 && (tag === 'school' || tag === 'classroom')
          ? [names(tag, scope, language)]
          : []),
        ...readings.map((reading) => overall(reading, scope)),
      ].map((query, at) => new InfluxTarget({ at, query, format: 'table' })),
    )
    .unit('none')
    .mappings(yesAndNo(language))
    .thresholds(thresholdsOf(limits.none))
    // A last or largest value comes with its own time, and rows of different times are not laid together.
    .withTransformation({ id: 'filterFieldsByName', options: { exclude: { names: ['Time', 'time'] } } })
    .withTransformation({ id: 'merge', options: {} })
    .overrideByName('place_name', [{ id: 'displayName', value: inLanguage(placeName, language) }]);
  for (const reading of readings)
    panel.overrideByName(columnName(reading), columnProperties(reading, language));
  for (const tag of tags)
    panel.overrideByName(tag, [
      { id: 'displayName', value: inLanguage(tagTitles[tag], language) },
      ...(opens !== undefined && tag === tags.at(-1)
        ? [{ id: 'links', value: [linkTo(opens, 'row', language).build()] }]
        : []),
    ]);
  return panel;
}

function columnProperties(reading: Shown, language: PageLanguage): { id: string; value: unknown }[] {
  const title = reading.title ?? definitionOfReading(reading).title;
  return [
    { id: 'displayName', value: inLanguage(title, language) },
    { id: 'unit', value: unitOf(reading) },
    ...(reading.limits === undefined
      ? []
      : [
          { id: 'thresholds', value: thresholdsOf(limits[reading.limits]).build() },
          { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
        ]),
  ];
}

function heard(
  { layer, title }: Extract<PanelSpec, { kind: 'heard' }>,
  scope: Scope,
  language: PageLanguage,
): ChartPanel {
  return new ChartPanel()
    .targets([
      new InfluxTarget({
        at: 0,
        query: machinesHeard(layer, scope),
        format: 'time_series',
        alias: inLanguage(title, language),
      }),
    ])
    .unit('short')
    .min(0)
    .interval(layer === 'minute' ? '2m' : '1m')
    .thresholds(thresholdsOf(limits.none))
    .lineWidth(1)
    .fillOpacity(20)
    .spanNulls(15 * 60_000);
}

function seriesTargets(readings: readonly Shown[], scope: Scope, language: PageLanguage): InfluxTarget[] {
  return readings.map(
    (reading, at) =>
      new InfluxTarget({
        at,
        query: overTime(reading, scope),
        format: 'time_series',
        alias: aliasOf(reading, language, readings.length > 1 || reading.by.length === 0),
      }),
  );
}

function aliasOf(reading: Shown, language: PageLanguage, named: boolean): string {
  const title = inLanguage(reading.title ?? definitionOfReading(reading).title, language);
  return [...(named ? [title] : []), ...reading.by.map((tag: SeriesTag) => `$tag_${tag}`)].join(' ');
}
