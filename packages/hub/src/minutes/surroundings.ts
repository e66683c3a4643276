import { isGone } from '@tongtang/incidents/incident-list';
import { lessonsHit } from '@tongtang/incidents/lessons-hit';
import { type Exclusion, exclusionsOf, type MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import type { Stretch } from '@tongtang/lessons/delivery/machine-minutes';
import type { Incident, PlannedLesson } from '@tongtang/model/incident';
import type { County } from '@tongtang/model/inventory';

/** What else has a say in what became of lessons. */
export type Surroundings = Readonly<{
  /** Incidents of a county that lasted at any time of a span. */
  incidents: (county: County, span: Stretch) => readonly Incident[];
  /** Whether an incident takes a lesson. */
  hits: (incident: Incident, lesson: PlannedLesson) => boolean;
  /** Announced work; without a school it is the whole county's. */
  work: (county: County, span: Stretch) => readonly Exclusion[];
}>;

/**
 * @param incidentsOf what the hub knows of incidents
 * @param windowsOf the maintenance windows of a county
 * @param nowS hub time in seconds
 */
export function surroundingsOf(
  incidentsOf: (county: string, span: Stretch) => readonly Incident[],
  windowsOf: (county: string) => readonly MaintenanceWindow[],
  nowS: () => number,
): Surroundings {
  return {
    incidents: ({ id }, span) => incidentsOf(id, span).filter(({ state }) => !isGone(state)),
    hits: (incident, lesson) => lessonsHit(incident, [lesson], nowS()).length > 0,
    work: ({ id, timezone }, { from, to }) => exclusionsOf(windowsOf(id), timezone, from, to),
  };
}
