import type { VisitCounts, VisitSpan } from '../api/answers.ts';

/** The day until which is counted: the last of a term that is over, or nothing, which is today. */
export function lastDay(counts: VisitCounts | undefined, term: string | undefined): string | undefined {
  return counts?.terms.find(({ name }) => name === term)?.to;
}

/** What is counted over, each once: several kinds have the same. */
export function spansOf({ spans }: VisitCounts): VisitSpan[] {
  return spans.filter(
    (span, at) => spans.findIndex(({ of, from }) => of === span.of && from === span.from) === at,
  );
}
