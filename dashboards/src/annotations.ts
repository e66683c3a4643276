import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import type { announcedKinds } from '@tongtang/model/conclusions';
import type { Text } from '@tongtang/model/text';
import { columnOf, marks, type Place } from './concluded.ts';
import type { Scope } from './influxql.ts';
import { inLanguage, type PageLanguage } from './language.ts';
import { datasource } from './target.ts';

/** `county`: what concerns many schools as one; `school`: what concerns the one that is chosen. */
export type Marked = 'county' | 'school';

type Mark = Readonly<{
  title: Text;
  colour: string;
  place: Place;
  on: readonly Marked[];
  /** What is of the whole county has no school that could be chosen. */
  ofCounty: boolean;
}>;

const wholeCounty = `"school" = ''`;
const announced = (kind: (typeof announcedKinds)[number], where?: string): Place => ({
  measurement: 'announced',
  where: [`"kind" = '${kind}'`, ...(where === undefined ? [] : [where])].join(' AND '),
});

const incidents = { title: { zh: '故障', en: 'Incidents' }, colour: 'red' } as const;
const sun = { title: { zh: '日凌', en: 'Sun outages' }, colour: 'yellow' } as const;

const marksOf: readonly Mark[] = [
  { ...incidents, place: { measurement: 'incident' }, on: ['county'], ofCounty: true },
  { ...incidents, place: { measurement: 'incident_school' }, on: ['school'], ofCounty: false },
  { ...sun, place: announced('sun-outage', wholeCounty), on: ['county'], ofCounty: true },
  { ...sun, place: announced('sun-outage'), on: ['school'], ofCounty: false },
  {
    title: { zh: '全县维护', en: 'Maintenance of the county' },
    colour: 'blue',
    place: announced('maintenance', wholeCounty),
    on: ['county', 'school'],
    ofCounty: true,
  },
  {
    title: { zh: '本校维护', en: 'Maintenance of the school' },
    colour: 'blue',
    place: announced('maintenance'),
    on: ['school'],
    ofCounty: false,
  },
];

/** Marks in the charts of a page, that can be switched on and off one by one. */
export function annotationsOf(
  marked: Marked,
  scope: Scope,
  language: PageLanguage,
): Builder<AnnotationQuery>[] {
  return marksOf
    .filter(({ on }) => on.includes(marked))
    .map(({ title, colour, place, ofCounty }) => {
      const within = ofCounty ? scope.filter((tag) => tag === 'county') : scope;
      const query = marks(place, ['text_*', 'end_ms'], within, language);
      return { build: () => annotation(inLanguage(title, language), colour, place, query, language) };
    });
}

/** As Grafana's InfluxDB data source wants it, which the SDK has no type for. */
function annotation(
  name: string,
  iconColor: string,
  { measurement }: Place,
  query: string,
  language: PageLanguage,
): AnnotationQuery {
  const target = {
    refId: 'Anno',
    datasource,
    fromAnnotations: true,
    textEditor: true,
    rawQuery: true,
    query,
    textColumn: columnOf(measurement, 'text_*', language),
    // Text is looked for within a name; this one must be as the data source calls the column.
    timeEndColumn: `${measurement}.end_ms`,
    tagsColumn: '',
    titleColumn: '',
    // Only the SDK's types ask for it; JSON leaves functions out.
    _implementsDataqueryVariant: () => {},
  };
  return { name, datasource, enable: true, iconColor, target };
}
