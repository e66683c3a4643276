import type { IncidentState, IncidentSummary, LessonHit, Severity } from '../api/answers.ts';

const weights: Readonly<Record<Severity, number>> = { critical: 2, warning: 1, info: 0 };

/** Whether nobody has to do anything about it any more. */
export function isOver(state: IncidentState): boolean {
  return state !== 'open' && state !== 'acknowledged';
}

/** What goes on first, and of that the gravest; then the newest. */
export function inOrder(incidents: readonly IncidentSummary[]): IncidentSummary[] {
  const weight = ({ state, severity }: IncidentSummary): number => (isOver(state) ? -1 : weights[severity]);
  return [...incidents].sort((a, b) => weight(b) - weight(a) || b.from - a.from);
}

/** The lesson that is on, or begins next. */
export function lessonAhead(lessons: readonly LessonHit[], now: number): LessonHit | undefined {
  return lessons.find(({ end }) => end > now);
}
