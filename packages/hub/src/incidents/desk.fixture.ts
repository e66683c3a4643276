import { marked } from '@tongtang/incidents/incident-list';
import type { MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import type { IncidentDesk, KnownIncident } from './desk.ts';

/** A desk with these incidents, the newest first, kept in memory. */
export function deskInMemory(begun: readonly KnownIncident[]): IncidentDesk {
  let incidents = begun;
  const kept = new Map<string, readonly MaintenanceWindow[]>();
  const others = (county: string, id: string): MaintenanceWindow[] =>
    (kept.get(county) ?? []).filter((window) => window.id !== id);
  return {
    list: ({ county, school, from, to }) =>
      incidents.filter(
        (incident) =>
          (county === undefined || incident.place.county === county) &&
          (school === undefined || incident.evidence.some((one) => one.school === school)) &&
          incident.from <= to &&
          (incident.to ?? Number.POSITIVE_INFINITY) >= from,
      ),
    find: (id) => incidents.find((incident) => incident.id === id),
    mark(id, mark) {
      incidents = incidents.map((incident) =>
        incident.id === id ? { ...incident, ...marked(incident, mark) } : incident,
      );
      return incidents.find((incident) => incident.id === id);
    },
    windows: (county) => kept.get(county) ?? [],
    keepWindow(county, window) {
      kept.set(county, [...others(county, window.id), window]);
    },
    removeWindow(county, id) {
      const rest = others(county, id);
      const removed = rest.length < (kept.get(county)?.length ?? 0);
      kept.set(county, rest);
      return removed;
    },
  };
}
