import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  type RowPanel,
  TimePickerBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Text } from '@tongtang/model/text';
import { annotationsOf, type Marked } from './annotations.ts';
import { labelled, labels } from './concluded.ts';
import type { Scope } from './influxql.ts';
import { inLanguage, type PageLanguage, tagTitles } from './language.ts';
import { type BoardId, navigation, tagOf, uidOf } from './links.ts';
import { type PanelSpec, panelOf } from './panel.ts';
import { datasource } from './target.ts';

/** Places that can be chosen on a page, from the top down: one of them, or many with all to begin with. */
export type Choice = Readonly<{ tag: Scope[number]; of: 'one' | 'many' | 'few' }>;

/** What pages begin with that lay schools beside each other. */
export const schoolsOfCounty: readonly Choice[] = [
  { tag: 'county', of: 'one' },
  { tag: 'cluster', of: 'many' },
  { tag: 'school', of: 'many' },
];

export type Section = Readonly<{ title: Text; panels: readonly PanelSpec[] }>;

/** A page before it is in a language. */
export type Board = Readonly<{
  id: BoardId;
  title: Text;
  about: Text;
  /** `few`: several, and none to begin with but the first. */
  choices: readonly Choice[];
  /** What it shows when it opens, as Grafana writes it: `6h`; `d` is the whole of today. */
  range: string;
  /** What its charts are marked with. */
  marked?: Marked;
  /** How often it asks anew; never where absent. */
  refresh?: string;
  sections: readonly Section[];
}>;

const columns = 24;

/** The page as Grafana imports it. */
export function dashboardOf(board: Board, language: PageLanguage): Dashboard {
  const { id, title, about, choices, range, refresh = '', marked } = board;
  const dashboard = new DashboardBuilder(
    `${inLanguage({ zh: '同堂', en: 'Tongtang' }, language)} · ${inLanguage(title, language)}`,
  )
    .uid(uidOf(id, language))
    .description(inLanguage(about, language))
    .tags([tagOf(language)])
    .timezone('browser')
    .time(range === 'd' ? { from: 'now/d', to: 'now/d' } : { from: `now-${range}`, to: 'now' })
    .timepicker(new TimePickerBuilder().refreshIntervals(['30s', '1m', '5m', '15m']))
    .refresh(refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .link(navigation(language))
    .readonly()
    .withVariable(
      new DatasourceVariableBuilder('datasource')
        .label(inLanguage({ zh: '数据源', en: 'Data source' }, language))
        .type('influxdb')
        .hide(VariableHide.DontHide),
    );
  const scope = choices.map(({ tag }) => tag);
  if (marked !== undefined) dashboard.annotations(annotationsOf(marked, scope, language));
  for (const [index, choice] of choices.entries())
    dashboard.withVariable(variableOf(choice, choices.slice(0, index), language));
  return { ...dashboard.build(), panels: laidOut(board, language) };
}

function variableOf(
  { tag, of }: Choice,
  above: readonly Choice[],
  language: PageLanguage,
): QueryVariableBuilder {
  const query = labels(
    tag,
    above.map((choice) => choice.tag),
    language,
  );
  const variable = new QueryVariableBuilder(tag)
    .label(inLanguage(tagTitles[tag], language))
    .datasource(datasource)
    .query(query)
    .definition(query)
    .regex(labelled)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalAsc);
  if (of === 'one') return variable;
  variable.multi(true);
  if (of === 'few') return variable;
  // Schools without a cluster have no such tag, and the empty text fits as well.
  return variable
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'] });
}

/** From left to right, a new line where one is full; each section begins with its heading. */
function laidOut({ sections, choices }: Board, language: PageLanguage): (Panel | RowPanel)[] {
  const scope = choices.map(({ tag }) => tag);
  const panels: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const { title, panels: specs } of sections) {
    panels.push({
      type: 'row',
      id: panels.length + 1,
      title: inLanguage(title, language),
      collapsed: false,
      gridPos: { x: 0, y, w: columns, h: 1 },
      panels: [],
    });
    y += 1;
    let [x, lineHeight] = [0, 0];
    for (const spec of specs) {
      if (x + spec.width > columns) [x, y, lineHeight] = [0, y + lineHeight, 0];
      const gridPos = { x, y, w: spec.width, h: spec.height };
      panels.push({ ...panelOf(spec, scope, language), id: panels.length + 1, gridPos });
      x += spec.width;
      lineHeight = Math.max(lineHeight, spec.height);
    }
    y += lineHeight;
  }
  return panels;
}
