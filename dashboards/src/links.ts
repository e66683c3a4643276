import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Text } from '@tongtang/model/text';
import { inLanguage, type PageLanguage, suffixOf } from './language.ts';
import { variable } from './variable.ts';

export type BoardId =
  | 'county'
  | 'lessons'
  | 'school'
  | 'classroom'
  | 'satellite'
  | 'stream'
  | 'bandwidth'
  | 'agents'
  | 'hub'
  | 'trend'
  | 'bureau';

/** What Grafana knows a page by. */
export function uidOf(board: BoardId, language: PageLanguage): string {
  return `tongtang-${board}-${suffixOf(language)}`;
}

/** The tag of all pages of a language. */
export function tagOf(language: PageLanguage): string {
  return `tongtang-${suffixOf(language)}`;
}

/** Opens all pages of the language, with what is chosen here. */
export function navigation(language: PageLanguage): DashboardLinkBuilder {
  return new DashboardLinkBuilder(inLanguage({ zh: '同堂', en: 'Tongtang' }, language))
    .type(DashboardLinkType.Dashboards)
    .tags([tagOf(language)])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

const opens: Readonly<Partial<Record<BoardId, Text>>> = {
  school: { zh: '打开学校', en: 'Open the school' },
  classroom: { zh: '打开教室', en: 'Open the classroom' },
  satellite: { zh: '打开接收机', en: 'Open the receiver' },
};

/**
 * Leads from a value to the page of where it was measured.
 * @param from a series has its tags as labels, a row of a table as fields
 */
export function linkTo(board: BoardId, from: 'series' | 'row', language: PageLanguage): DashboardLinkBuilder {
  const of = (tag: string): string =>
    variable(from === 'series' ? `__field.labels.${tag}` : `__data.fields.${tag}`);
  const chosen = [
    variable('datasource', 'queryparam'),
    variable('county', 'queryparam'),
    ...(board === 'classroom'
      ? [variable('school', 'queryparam'), `var-classroom=${of('classroom')}`]
      : [`var-school=${of('school')}`]),
    variable('__url_time_range'),
  ];
  const title = opens[board];
  if (title === undefined) throw new Error(`nothing leads to ${board}`);
  return new DashboardLinkBuilder(inLanguage(title, language)).url(
    `/d/${uidOf(board, language)}?${chosen.join('&')}`,
  );
}
