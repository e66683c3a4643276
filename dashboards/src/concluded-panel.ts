import {
  BigValueColorMode,
  BigValueGraphMode,
  FrameGeometrySourceBuilder,
  FrameGeometrySourceMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  MapLayerOptionsBuilder,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  ControlsOptionsBuilder,
  MapCenterID,
  PanelBuilder as MapPanel,
  MapViewConfigBuilder,
  TooltipMode,
  TooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/geomap';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as ChartPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Text } from '@tongtang/model/text';
import { colours, thresholdsOf } from './colours.ts';
import { columnOf, daily, type Figure, names, type Place, reached, rows, whole } from './concluded.ts';
import type { Scope } from './influxql.ts';
import { inLanguage, type PageLanguage, tagTitles } from './language.ts';
import { type LimitName, limits } from './limits.ts';
import { type BoardId, linkTo } from './links.ts';
import { InfluxTarget } from './target.ts';
import type { GrafanaUnit } from './unit.ts';
import { mappingsOf, type WordList } from './words.ts';

/** A field or tag of each point, as a column. */
export type Column = Readonly<{
  /** `name_*` is in the language of the page. */
  of: string;
  title: Text;
  words?: WordList;
  unit?: GrafanaUnit | 'dateTimeAsIso';
  limits?: LimitName;
  /** Pixels. */
  width?: number;
}>;

export type Counted = Readonly<{
  figure: Figure;
  title: Text;
  unit?: GrafanaUnit;
  limits?: LimitName;
  /** Another than that of the panel. */
  place?: Place;
  colour?: 'green' | 'orange' | 'red' | 'gray';
}>;

/** Panels of what the hub concluded. */
export type ConcludedSpec =
  /** Points one by one; `began` is what their time is called, and nothing where it says nothing. */
  | Readonly<{
      kind: 'list';
      place: Place;
      columns: readonly Column[];
      began?: Text;
      opens?: BoardId;
      /** What it says where there is none. */
      none: Text;
    }>
  /** Schools where they are. */
  | Readonly<{ kind: 'map' }>
  /** A bar a day, one above the other; or a line for each of some tags. */
  | Readonly<{ kind: 'days'; place: Place; counted: readonly Counted[]; by?: 'school' }>
  /** Figures of the whole time. */
  | Readonly<{ kind: 'counts'; place: Place; counted: readonly Counted[] }>
  /** How many of all met the objective. */
  | Readonly<{
      kind: 'reached';
      place: Place;
      fields: Readonly<{ up: string; known: string; scheduled: string }>;
      by: readonly string[];
    }>
  /** Figures of the whole time, a line for each school, or each of its links or classes. */
  | Readonly<{
      kind: 'totals';
      place: Place;
      counted: readonly Counted[];
      by: readonly string[];
      opens?: BoardId;
    }>;

export type ConcludedPanel = ChartPanel | StatPanel | TablePanel | MapPanel;

const coloured = { type: 'color-background', mode: 'basic' } as const;
/** Words that are neither good nor bad, or stand beside values that have no colour. */
const plain: readonly WordList[] = ['mode', 'end'];

export function concludedPanel(spec: ConcludedSpec, scope: Scope, language: PageLanguage): ConcludedPanel {
  switch (spec.kind) {
    case 'list':
      return list(spec, scope, language);
    case 'map':
      return map(scope, language);
    case 'days':
      return days(spec, scope, language);
    case 'counts':
      return counts(spec, scope, language);
    case 'reached':
      return met(spec, scope, language);
    case 'totals':
      return totals(spec, scope, language);
  }
}

type Of<Kind extends ConcludedSpec['kind']> = Extract<ConcludedSpec, { kind: Kind }>;

function list(
  { place, columns, began, opens, none }: Of<'list'>,
  scope: Scope,
  language: PageLanguage,
): TablePanel {
  const query = rows(
    place,
    columns.map((column) => column.of),
    scope,
    language,
  );
  const panel = new TablePanel()
    .targets([new InfluxTarget({ at: 0, query, format: 'table' })])
    .unit('none')
    .noValue(inLanguage(none, language));
  if (began === undefined)
    panel.withTransformation({ id: 'filterFieldsByName', options: { exclude: { names: ['Time', 'time'] } } });
  else
    for (const time of ['Time', 'time'])
      panel.overrideByName(time, [
        { id: 'displayName', value: inLanguage(began, language) },
        { id: 'custom.width', value: 170 },
      ]);
  for (const column of columns) {
    const name = columnOf(place.measurement, column.of, language);
    panel.overrideByName(name, columnProperties(column, language, opens));
  }
  return panel;
}

function columnProperties(
  { title, words: list, unit, limits: limit, width, of }: Column,
  language: PageLanguage,
  opens: BoardId | undefined,
): { id: string; value: unknown }[] {
  return [
    { id: 'displayName', value: inLanguage(title, language) },
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(list === undefined ? [] : [{ id: 'mappings', value: mappingsOf(list, language) }]),
    ...(limit === undefined ? [] : [{ id: 'thresholds', value: thresholdsOf(limits[limit]).build() }]),
    ...(limit !== undefined || (list !== undefined && !plain.includes(list))
      ? [{ id: 'custom.cellOptions', value: coloured }]
      : []),
    ...(opens !== undefined && /^(school|name)_\*$/.test(of)
      ? [{ id: 'links', value: [linkTo(opens, 'row', language).build()] }]
      : []),
  ];
}

/** Without a map of its own Grafana shows the streets of OpenStreetMap's data, where it reaches them. */
function map(scope: Scope, language: PageLanguage): MapPanel {
  const place = { measurement: 'school_now', where: '"mapped" = true', when: 'always' } as const;
  const columns = ['name_*', 'state', 'incidents', 'lat', 'lon', 'school'];
  const name = columnOf('school_now', 'name_*', language);
  const unsaid = [{ id: 'custom.hideFrom', value: { tooltip: true, viz: false, legend: false } }];
  return new MapPanel()
    .targets([new InfluxTarget({ at: 0, query: rows(place, columns, scope, language), format: 'table' })])
    .unit('none')
    .thresholds(thresholdsOf(limits.school))
    .colorScheme(colours.byThreshold)
    .basemap(new MapLayerOptionsBuilder().type('default').name(''))
    .controls(new ControlsOptionsBuilder().showZoom(true).mouseWheelZoom(false).showAttribution(true))
    .tooltip(new TooltipOptionsBuilder().mode(TooltipMode.Details))
    .view(new MapViewConfigBuilder().id(MapCenterID.Fit).lat(0).lon(0).zoom(12).allLayers(true))
    .layers([
      new MapLayerOptionsBuilder()
        .type('markers')
        .name(inLanguage({ zh: '学校', en: 'schools' }, language))
        .location(
          new FrameGeometrySourceBuilder()
            .mode(FrameGeometrySourceMode.Coords)
            .latitude('lat')
            .longitude('lon'),
        )
        .config({
          showLegend: false,
          style: {
            color: { field: 'state', fixed: 'gray' },
            opacity: 0.9,
            size: { fixed: 10 },
            symbol: { mode: 'fixed', fixed: 'img/icons/marker/circle.svg' },
            text: { mode: 'field', field: name, fixed: '' },
            textConfig: {
              fontSize: 12,
              offsetX: 0,
              offsetY: 18,
              textAlign: 'center',
              textBaseline: 'middle',
            },
          },
        })
        .tooltip(true),
    ])
    .overrideByName('state', [
      { id: 'displayName', value: inLanguage({ zh: '现状', en: 'Now' }, language) },
      { id: 'mappings', value: mappingsOf('school', language) },
    ])
    .overrideByName('incidents', [
      { id: 'displayName', value: inLanguage({ zh: '未恢复的故障', en: 'Open incidents' }, language) },
    ])
    .overrideByName(name, [
      { id: 'displayName', value: inLanguage(tagTitles.school, language) },
      { id: 'links', value: [linkTo('school', 'row', language).build()] },
    ])
    .overrideByName('lat', unsaid)
    .overrideByName('lon', unsaid);
}

function days({ place, counted, by }: Of<'days'>, scope: Scope, language: PageLanguage): ChartPanel {
  const [first] = counted;
  const panel = new ChartPanel()
    .targets(
      counted.map(
        (one, at) =>
          new InfluxTarget({
            at,
            query: daily(one.place ?? place, one.figure, by === undefined ? [] : [by], scope),
            format: 'time_series',
            alias: by === undefined ? inLanguage(one.title, language) : `$tag_${by}`,
          }),
      ),
    )
    .unit(first?.unit ?? 'short')
    .interval('1d')
    .thresholds(thresholdsOf(limits[first?.limits ?? 'none']))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (by !== undefined)
    return panel
      .max(1)
      .lineWidth(1)
      .spanNulls(4 * 86_400_000)
      .dataLinks([linkTo('school', 'series', language)]);
  panel
    .min(0)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  for (const { title, colour } of counted)
    if (colour !== undefined)
      panel.overrideByName(inLanguage(title, language), [
        { id: 'color', value: { mode: 'fixed', fixedColor: colour } },
      ]);
  return panel;
}

function counts({ place, counted }: Of<'counts'>, scope: Scope, language: PageLanguage): StatPanel {
  const panel = figures(
    counted.map(
      (one, at) =>
        new InfluxTarget({
          at,
          query: whole(one.place ?? place, one.figure, `figure_${at}`, [], scope),
          format: 'time_series',
          alias: inLanguage(one.title, language),
        }),
    ),
    language,
  );
  for (const one of counted)
    panel.overrideByName(inLanguage(one.title, language), [
      ...(one.unit === undefined ? [] : [{ id: 'unit', value: one.unit }]),
      ...(one.colour === undefined
        ? []
        : [{ id: 'color', value: { mode: 'fixed', fixedColor: one.colour } }]),
      ...(one.limits === undefined
        ? []
        : [{ id: 'thresholds', value: thresholdsOf(limits[one.limits]).build() }]),
    ]);
  return panel;
}

function met({ place, fields, by }: Of<'reached'>, scope: Scope, language: PageLanguage): StatPanel {
  const titles = {
    met: { zh: '达标', en: 'met it' },
    judged: { zh: '可评判', en: 'of' },
  } as const;
  return figures(
    (['met', 'judged'] as const).map(
      (which, at) =>
        new InfluxTarget({
          at,
          query: reached(place, fields, by, which, scope),
          format: 'time_series',
          alias: inLanguage(titles[which], language),
        }),
    ),
    language,
  );
}

function figures(targets: readonly InfluxTarget[], language: PageLanguage): StatPanel {
  return new StatPanel()
    .targets([...targets])
    .unit('short')
    .thresholds(thresholdsOf(limits.none))
    .colorScheme(colours.byThreshold)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .noValue(inLanguage({ zh: '无', en: 'none' }, language))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''));
}

function totals(
  { place, counted, by, opens }: Of<'totals'>,
  scope: Scope,
  language: PageLanguage,
): TablePanel {
  const panel = new TablePanel()
    .targets(
      [
        // Rows are laid together by what all queries have, so a name can stand beside schools alone.
        ...(by.join() === 'school' ? [names('school', scope, language)] : []),
        ...counted.map((one, at) => whole(one.place ?? place, one.figure, `figure_${at}`, by, scope)),
      ].map((query, at) => new InfluxTarget({ at, query, format: 'table' })),
    )
    .unit('none')
    .thresholds(thresholdsOf(limits.none))
    .withTransformation({ id: 'filterFieldsByName', options: { exclude: { names: ['Time', 'time'] } } })
    .withTransformation({ id: 'merge', options: {} })
    .overrideByName('place_name', [{ id: 'displayName', value: inLanguage(placeName, language) }]);
  for (const [at, one] of counted.entries())
    panel.overrideByName(`figure_${at}`, [
      { id: 'displayName', value: inLanguage(one.title, language) },
      { id: 'unit', value: one.unit ?? 'short' },
      ...(one.limits === undefined
        ? []
        : [
            { id: 'thresholds', value: thresholdsOf(limits[one.limits]).build() },
            { id: 'custom.cellOptions', value: coloured },
          ]),
    ]);
  for (const tag of by)
    panel.overrideByName(tag, [
      { id: 'displayName', value: inLanguage(titleOf(tag), language) },
      ...(opens !== undefined && tag === 'school'
        ? [{ id: 'links', value: [linkTo(opens, 'row', language).build()] }]
        : []),
    ]);
  return panel;
}

export const placeName: Text = { zh: '名称', en: 'Name' };

function titleOf(tag: string): Text {
  if (tag === 'class') return { zh: '网班', en: 'Class' };
  const known = Object.entries(tagTitles).find(([name]) => name === tag);
  if (known === undefined) throw new Error(`no title of ${tag}`);
  return known[1];
}
