import type { Share } from '@tongtang/lessons/delivery/minute-state';
import type { Inventory } from '@tongtang/model/inventory';
import type { Language, Text } from '@tongtang/model/text';
import type { Timetable } from '@tongtang/model/timetable';
import type { Change } from '@tongtang/reports/changes';
import type { Period } from '@tongtang/reports/period';
import type { Report, Scope } from '@tongtang/reports/report';
import { summaryRows } from '@tongtang/reports/summary';
import { printed, type Table } from '@tongtang/reports/table';

/** Documents of reports.db: the store keeps them as text. */

/** What all revisions of a report have in common. */
export type ReportDocument = Readonly<{ scope: Scope; period: Period; objective: Share; title: Text }>;

/** What lists show of a revision; `changes`: so much is other than in what people held before. */
export type RevisionHead = Readonly<{
  figures: Readonly<Record<'availability' | 'coverage' | 'schools' | 'classes' | 'platforms', Share>>;
  changes: number;
}>;

/** What its page shows. */
export type RevisionDocument = Readonly<{
  /** `value` as it is printed; absent where nothing is known. */
  summary: readonly Readonly<{ title: Text; value?: string; share?: Share; unit: Text }>[];
  completeness: readonly Readonly<{
    school: Text;
    days: Share;
    agents: number;
    coverage: Share;
    unknownLessons: number;
  }>[];
  inputs: readonly Readonly<{ title: Text; value: Text }>[];
  isSimulated: boolean;
}>;

/** What differs; `more`: so many are left out. */
export type Changes = Readonly<{ changes: readonly Change[]; more: number }>;

/** The county as a revision was made with it. */
export type Source = Readonly<{ inventory: Inventory; timetable: Timetable | undefined }>;

/** How a county wants its monthly report. */
export type ScheduleDocument = Readonly<{
  on: boolean;
  scope: Readonly<{ kind: Scope['kind']; id: string }>;
  /** In hundredths of a per cent. */
  objective: number;
  language: Language;
  recipients: readonly string[];
  /** Whether reports of the county wait until somebody approves them. */
  approval: boolean;
  /** Who is told by mail that one waits. */
  approvers: readonly string[];
}>;

/** What a revision is called; the first needs no number. */
export function titleOf(
  { title }: Pick<ReportDocument, 'title'>,
  number: number,
  language: Language,
): string {
  const revision = number === 1 ? '' : { zh: `（修订${number}）`, en: ` (revision ${number})` }[language];
  return `${title[language]}${revision}`;
}

/** The same for reports about the same. */
export function keyOf(county: string, { scope, period, objective }: Omit<ReportDocument, 'title'>): string {
  return JSON.stringify([
    county,
    scope.kind,
    scope.id,
    period.kind,
    period.from,
    period.to,
    objective.part / objective.of,
  ]);
}

export function headOf({ rates, lessons }: Report, { changes, more }: Changes): RevisionHead {
  return {
    figures: {
      availability: lessons.availability,
      coverage: lessons.coverage,
      schools: rates.schools.met,
      classes: rates.classes.met,
      platforms: rates.platforms.met,
    },
    changes: changes.length + more,
  };
}

export function documentOf(report: Report, tables: readonly Table[]): RevisionDocument {
  const { completeness, isSimulated } = report;
  return {
    summary: summaryRows(report).map(({ title, value, unit }) => {
      const number = printed(value);
      return {
        title,
        ...(number !== undefined && { value: number }),
        ...(value.kind === 'ratio' && { share: value.share }),
        unit,
      };
    }),
    completeness: completeness.map(({ name, days, agents, coverage, unknownLessons }) => ({
      school: name,
      days,
      agents,
      coverage,
      unknownLessons,
    })),
    inputs: (tables.find(({ id }) => id === 'inputs')?.rows ?? []).flatMap(([title, value]) =>
      title?.kind === 'text' && value?.kind === 'text' ? [{ title: title.text, value: value.text }] : [],
    ),
    isSimulated,
  };
}
