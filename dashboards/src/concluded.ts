import { type ConclusionName, conclusions, goneField, type placeKinds } from '@tongtang/model/conclusions';
import type { Scope } from './influxql.ts';
import { type PageLanguage, suffixOf } from './language.ts';
import { objective } from './objective.ts';
import { variable } from './variable.ts';

/**
 * What panels ask of what the hub concluded, in InfluxQL as every version from 1.6 to 3 has it. It is kept for good, stands in a policy of
 * its own, and what was taken back is marked: packages/hub/src/conclusions.
 */
export type Place = Readonly<{
  measurement: ConclusionName;
  /** A further condition, as InfluxQL. */
  where?: string;
  /** `always`: what stands at no time in particular, or is asked for by what it is, such as open. */
  when?: 'range' | 'always';
}>;

/** What is made of fields of many points: their sum, or a share of one sum in another. */
export type Figure = Readonly<{ sum: string }> | Readonly<{ share: readonly [part: string, of: string] }>;

/** A school or class is judged where so much of what could be known is known, as in the bureau's reports. */
const judgedShare = 0.5;

/** A name that stands for the page's language where it ends so: `name_*`. */
const eachLanguage = /_\*$/;

/** The field or tag as it is called, in the language of a page. @throws where there is none */
export function columnOf(measurement: ConclusionName, name: string, language: PageLanguage): string {
  const called = name.replace(eachLanguage, `_${suffixOf(language)}`);
  const { tags, fields } = conclusions[measurement];
  if (![...tags, ...Object.keys(fields)].includes(called)) throw new Error(`no ${measurement}.${called}`);
  return called;
}

/** Points as rows of a table, the last ones first. */
export function rows(
  place: Place,
  columns: readonly string[],
  scope: Scope,
  language: PageLanguage,
  most = 1000,
): string {
  const wanted = columns.map((name) => quoted(columnOf(place.measurement, name, language)));
  return `SELECT ${wanted.join(', ')} ${source(place, scope)} ORDER BY time DESC LIMIT ${most}`;
}

/** One value a day. */
export function daily(place: Place, figure: Figure, by: readonly string[], scope: Scope): string {
  const groups = ['time(1d)', ...by.map(quoted)].join(', ');
  return `SELECT ${written(place, figure)} ${source(place, scope)} GROUP BY ${groups} fill(none)`;
}

/** One value of the whole time, for each of some tags. */
export function whole(place: Place, figure: Figure, as: string, by: readonly string[], scope: Scope): string {
  const groups = by.length === 0 ? '' : ` GROUP BY ${by.map(quoted).join(', ')}`;
  return `SELECT ${written(place, figure)} AS ${quoted(as)} ${source(place, scope)}${groups}`;
}

/** How many of what tags tell apart are judged; or met the objective. */
export function reached(
  place: Place,
  fields: Readonly<{ up: string; known: string; scheduled: string }>,
  by: readonly string[],
  which: 'judged' | 'met',
  scope: Scope,
): string {
  const up = written(place, { share: [fields.up, fields.known] });
  const covered = written(place, { share: [fields.known, fields.scheduled] });
  const each = `SELECT ${up} AS "up", ${covered} AS "covered" ${source(place, scope)} GROUP BY ${by.map(quoted).join(', ')}`;
  const met = which === 'met' ? ` AND "up" >= ${objective}` : '';
  return `SELECT count("up") AS ${quoted(which)} FROM (${each}) WHERE "covered" >= ${judgedShare}${met} AND $timeFilter`;
}

/** The names of schools or rooms, for a table that has their ids. */
export function names(kind: 'school' | 'classroom', scope: Scope, language: PageLanguage): string {
  const name = quoted(columnOf('place', 'name_*', language));
  const place = { measurement: 'place', where: `"kind" = '${kind}'`, when: 'always' } as const;
  return `SELECT last(${name}) AS "place_name" ${source(place, scope)} GROUP BY ${quoted(kind)}`;
}

/** Places that can be chosen, within what the variables above have chosen: name and id, as {@link labelled} takes them apart. */
export function labels(kind: (typeof placeKinds)[number], above: Scope, language: PageLanguage): string {
  const label = quoted(columnOf('place', 'label_*', language));
  return `SELECT ${label} ${source({ measurement: 'place', where: `"kind" = '${kind}'`, when: 'always' }, above)}`;
}

/** Shows the whole label and takes the id in it. Grafana's own way of doing so: groups called `text` and `value`. */
export const labelled = '/^(?<text>.+ \\((?<value>[a-z0-9-]+)\\))$/';

/** What began within the time of the page, or up to a week before: it may last. */
export function marks(
  place: Place,
  columns: readonly string[],
  scope: Scope,
  language: PageLanguage,
): string {
  const wanted = columns.map((name) => quoted(columnOf(place.measurement, name, language)));
  const when = `time >= ${variable('__from')}ms - 7d AND time <= ${variable('__to')}ms`;
  return `SELECT ${wanted.join(', ')} ${source({ ...place, when: 'always' }, scope)} AND ${when}`;
}

function source({ measurement, where, when = 'range' }: Place, scope: Scope): string {
  const known: readonly string[] = conclusions[measurement].tags;
  const conditions = [
    ...scope
      .filter((tag) => known.includes(tag))
      .map((tag) => `${quoted(tag)} =~ /^${variable(tag, 'regex')}$/`),
    `${quoted(goneField)} = false`,
    ...(where === undefined ? [] : [where]),
    ...(when === 'range' ? ['$timeFilter'] : []),
  ];
  return `FROM "concluded".${quoted(measurement)} WHERE ${conditions.join(' AND ')}`;
}

function written({ measurement }: Place, figure: Figure): string {
  const sum = (field: string): string => {
    if (!Object.hasOwn(conclusions[measurement].fields, field)) throw new Error(`no ${measurement}.${field}`);
    return `sum(${quoted(field)})`;
  };
  return 'sum' in figure ? sum(figure.sum) : figure.share.map(sum).join(' / ');
}

function quoted(name: string): string {
  return `"${name}"`;
}
