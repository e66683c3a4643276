import type { Stretch } from '@tongtang/lessons/delivery/machine-minutes';
import type { Incident } from '@tongtang/model/incident';
import type { School } from '@tongtang/model/inventory';
import type { IncidentRow } from './report.ts';
import { responsibilityOf } from './responsibility.ts';
import type { Sums } from './sums.ts';

/**
 * The incidents of a report, by when they began: those in its schools, and those of a wider place that showed in them. What was
 * withdrawn was nothing, and what joined another is told with that.
 * @param span of the period: what ended as it began was before it, and what began as it ended comes after it
 */
export function incidentRows(
  { incidents }: Readonly<{ incidents: readonly Incident[] }>,
  span: Stretch,
  sums: Sums,
  schools: readonly School[],
): IncidentRow[] {
  const known = new Map(schools.map((school) => [school.id, school]));
  const concerns = ({ id, place, evidence }: Incident): boolean =>
    sums.incidents.has(id) ||
    (place.school === undefined ? evidence.some(({ school }) => known.has(school)) : known.has(place.school));
  return incidents
    .filter(({ state }) => state !== 'withdrawn' && state !== 'joined')
    .filter((incident) => lastedIn(span, incident) && concerns(incident))
    .toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
    .map(({ id, from, to, place, cause, confidence }) => {
      const school = known.get(place.school ?? '');
      const classroom = school?.classrooms.find((room) => room.id === place.classroom);
      const lost = sums.incidents.get(id);
      return {
        id,
        from,
        ...(to !== undefined && { to }),
        node: place.node,
        ...(school && { school: school.name }),
        ...(classroom && { classroom: classroom.name }),
        cause,
        confidence,
        responsibility: responsibilityOf[cause],
        lessons: lost?.lessons ?? 0,
        lostMinutes: lost?.minutes ?? 0,
      };
    });
}

function lastedIn(span: Stretch, { from, to = Number.POSITIVE_INFINITY }: Incident): boolean {
  return from < span.to && (from >= span.from || to > span.from);
}
