import type { Finding, IncidentNode, PlannedLesson } from '@tongtang/model/incident';
import { type Severity, severities } from '@tongtang/model/notice';

/** A lesson that begins within this is as good as on. Seconds. */
const soonS = 1800;

/** Whatever is broken here takes the whole school, or more. */
const wide: readonly IncidentNode[] = ['front-end', 'satellite', 'hub', 'broadband', 'school'];

/**
 * How much an incident matters. `critical`: a lesson that it hits is on, or begins within half an hour. `warning`: it hits one of the next
 * two hours, or a whole school. `info`: the rest. What is over is judged by the lessons that it hit. A sun outage is a
 * warning at most: it was announced, and nobody can do anything about it.
 * @param lessons that it hits, as `lessonsHit` has them
 * @param now hub time in seconds
 */
export function severityOf(
  { place, cause, to }: Finding,
  lessons: readonly PlannedLesson[],
  now: number,
): Severity {
  const near = lessons.filter(({ start, end }) => to !== undefined || (end > now && start <= now + soonS));
  const ahead = lessons.some(({ end }) => end > now);
  if (near.length > 0) return cause === 'sun-outage' ? 'warning' : 'critical';
  return ahead || wide.includes(place.node) ? 'warning' : 'info';
}

/** Whether one matters more than another. */
export function isGraver(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) > severities.indexOf(other);
}
