import {
  countedVisits,
  countVisits,
  type SchoolVisits,
  type SpanVisits,
  targetsOf,
} from '@tongtang/lessons/visits/count-visits';
import { spansOf } from '@tongtang/lessons/visits/spans';
import type { Inventory, School } from '@tongtang/model/inventory';
import type { Text } from '@tongtang/model/text';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import { type Visit, type VisitKind, visitKinds, visitTitles } from '@tongtang/model/visit';
import type { Period } from './period.ts';
import { type ColumnOf, count, type Table, tableOf, text } from './table.ts';
import { headings } from './words.ts';

/** The register of visits and activities as a report has it: what was done, of what was to be done. */
export type VisitPart = Readonly<{
  /** What each kind is counted over, with what all schools have of it. */
  spans: readonly SpanVisits[];
  schools: readonly (SchoolVisits & Readonly<{ name: Text }>)[];
  /** The entries that were counted, the earliest first. */
  entries: readonly Readonly<{
    id: string;
    date: PlainDate;
    school: string;
    name: Text;
    kind: VisitKind;
    note: string;
    enteredBy: string;
  }>[];
}>;

type VisitInput = Readonly<{
  inventory: Inventory;
  timetable?: Timetable | undefined;
  period: Period;
  /** The register of the county; only what lies in the term and the school year so far is counted. */
  visits: readonly Visit[];
}>;

/** Counts the register for the schools of a report, until its period ends. */
export function visitPart(
  { inventory, timetable, period, visits }: VisitInput,
  schools: readonly School[],
): VisitPart {
  const spans = spansOf(period, timetable?.terms ?? []);
  const names = new Map(schools.map(({ id, name }) => [id, name]));
  const nameOf = (school: string): Text => names.get(school) ?? { zh: school, en: school };
  const counts = countVisits(visits, targetsOf(inventory), spans, schools);
  return {
    spans: counts.spans,
    schools: counts.schools.map((school) => ({ ...school, name: nameOf(school.school) })),
    entries: countedVisits(visits, spans, schools)
      .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
      .map(({ id, date, school, kind, note, enteredBy }) => ({
        id,
        date,
        school,
        name: nameOf(school),
        kind,
        note,
        enteredBy,
      })),
  };
}

function orderOf({ date, school, id }: Visit): string {
  return `${date} ${school} ${id}`;
}

const words = {
  each: { zh: '每校目标', en: 'target of a school' },
  span: { zh: '统计范围', en: 'counted over' },
  from: { zh: '自', en: 'from' },
  to: { zh: '至', en: 'to' },
  over: { zh: '已结束', en: 'over' },
  yes: { zh: '是', en: 'yes' },
  soFar: { zh: '否，截至该日', en: 'no, so far' },
  done: { zh: '已完成', en: 'done' },
  target: { zh: '目标', en: 'target' },
  missing: { zh: '尚缺', en: 'missing' },
  lacking: { zh: '未达标学校', en: 'schools lacking' },
  kind: { zh: '类别', en: 'kind' },
  note: { zh: '备注', en: 'note' },
  enteredBy: { zh: '登记人', en: 'entered by' },
} as const satisfies Readonly<Record<string, Text>>;

/** Twelve of these stand side by side. */
const briefly: Readonly<Record<VisitKind, Text>> = {
  first: { zh: '首访', en: 'first' },
  inspection: { zh: '督导', en: 'inspection' },
  research: { zh: '教研', en: 'research' },
  service: { zh: '走访', en: 'service' },
};

/** The section “Visits and activities”: over all schools, school by school, and the entries. */
export function visitTables({
  visits: { spans, schools, entries },
}: Readonly<{ visits: VisitPart }>): Table[] {
  return [
    tableOf('visits', { zh: '走访与活动', en: 'Visits and activities' }, spans, [
      text(words.kind, ({ kind }) => visitTitles[kind]),
      text(words.span, ({ name }) => name),
      text(words.from, ({ from }) => from),
      text(words.to, ({ to }) => to),
      text(words.over, ({ goesOn }) => (goesOn ? words.soFar : words.yes)),
      count(words.each, ({ each }) => each),
      count(words.done, ({ done }) => done),
      count(words.target, ({ target }) => target),
      count(words.missing, ({ missing }) => missing),
      count(words.lacking, ({ lacking }) => lacking),
    ]),
    tableOf('visits-of-schools', { zh: '各校走访与活动', en: 'Visits, school by school' }, schools, [
      text(headings.school, ({ name }) => name),
      ...visitKinds.flatMap(ofKind),
    ]),
    tableOf('visit-list', { zh: '走访与活动登记', en: 'Register of visits' }, entries, [
      text(headings.date, ({ date }) => date),
      text(headings.school, ({ name }) => name),
      text(words.kind, ({ kind }) => visitTitles[kind]),
      text(words.note, ({ note }) => (note === '' ? undefined : note)),
      text(words.enteredBy, ({ enteredBy }) => enteredBy),
    ]),
  ];
}

function ofKind(kind: VisitKind): ColumnOf<VisitPart['schools'][number]>[] {
  return (['done', 'target', 'missing'] as const).map((part) =>
    count(
      { zh: `${briefly[kind].zh}：${words[part].zh}`, en: `${briefly[kind].en}: ${words[part].en}` },
      ({ kinds }) => kinds[kind][part],
    ),
  );
}
