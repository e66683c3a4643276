import type { School } from '@tongtang/model/inventory';
import {
  spanOfKind,
  usualTargets,
  type VisitEntry,
  type VisitKind,
  type VisitTargets,
  visitKinds,
} from '@tongtang/model/visit';
import type { Span } from './spans.ts';

/** What was done of a kind, what is to be, and what is still missing: more in one span makes up for nothing in another. */
export type KindCount = Readonly<{ done: number; target: number; missing: number }>;

export type SchoolVisits = Readonly<{ school: string; kinds: Readonly<Record<VisitKind, KindCount>> }>;

/** A kind in one span, over all schools. */
export type SpanVisits = Span &
  KindCount &
  Readonly<{
    kind: VisitKind;
    /** Of one school. */
    each: number;
    /** Schools that have not met it. */
    lacking: number;
  }>;

export type VisitCounts = Readonly<{ spans: readonly SpanVisits[]; schools: readonly SchoolVisits[] }>;

/** A county's own targets, and the usual ones where it has none. */
export function targetsOf({
  visitTargets,
}: Readonly<{ visitTargets?: Partial<VisitTargets> }>): VisitTargets {
  return { ...usualTargets, ...visitTargets };
}

/** The entries that lie in a span of their kind, at one of the schools; as they were ordered. */
export function countedVisits<Entry extends VisitEntry>(
  visits: readonly Entry[],
  spans: readonly Span[],
  schools: readonly Pick<School, 'id'>[],
): Entry[] {
  const known = new Set(schools.map(({ id }) => id));
  return visits.filter(
    (visit) => known.has(visit.school) && spans.some((span) => isCounted(visit, visit.kind, span)),
  );
}

/** Counts the register against the targets, school by school and kind by kind. */
export function countVisits(
  visits: readonly VisitEntry[],
  targets: VisitTargets,
  spans: readonly Span[],
  schools: readonly Pick<School, 'id'>[],
): VisitCounts {
  const bySchool = Map.groupBy(visits, ({ school }) => school);
  const counted = schools.map(({ id }) => {
    const own = bySchool.get(id) ?? [];
    return visitKinds.map((kind) =>
      spans.map((span): KindCount => {
        const done = own.filter((visit) => isCounted(visit, kind, span)).length;
        const target = span.of === spanOfKind[kind] ? targets[kind] : 0;
        return { done, target, missing: Math.max(0, target - done) };
      }),
    );
  });
  return {
    spans: visitKinds.flatMap((kind, k) =>
      spans.flatMap((span, s): SpanVisits[] => {
        if (span.of !== spanOfKind[kind]) return [];
        const counts = counted.flatMap((kinds) => kinds[k]?.[s] ?? []);
        const lacking = counts.filter(({ missing }) => missing > 0).length;
        return [{ ...span, kind, each: targets[kind], ...sumOf(counts), lacking }];
      }),
    ),
    schools: schools.map(({ id }, at) => {
      const of = (kind: VisitKind): KindCount => sumOf(counted[at]?.[visitKinds.indexOf(kind)] ?? []);
      return {
        school: id,
        kinds: {
          first: of('first'),
          inspection: of('inspection'),
          research: of('research'),
          service: of('service'),
        },
      };
    }),
  };
}

function isCounted(visit: VisitEntry, kind: VisitKind, { of, from, to }: Span): boolean {
  return visit.kind === kind && of === spanOfKind[kind] && from <= visit.date && visit.date <= to;
}

function sumOf(counts: readonly KindCount[]): KindCount {
  const sum = (part: keyof KindCount): number => counts.reduce((all, count) => all + count[part], 0);
  return { done: sum('done'), target: sum('target'), missing: sum('missing') };
}
