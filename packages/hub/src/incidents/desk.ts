import type { HandMark } from '@tongtang/incidents/incident-list';
import type { MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import type { Incident, PlannedLesson } from '@tongtang/model/incident';
import type { Severity } from '@tongtang/model/notice';

/** An incident with what it means for lessons. */
export type KnownIncident = Incident & Readonly<{ severity: Severity; lessons: readonly PlannedLesson[] }>;

/** Which incidents are asked for; those that lasted at any time of the span. Hub time in seconds. */
export type IncidentQuery = Readonly<{ county?: string; school?: string; from: number; to: number }>;

/** The incidents of all counties of a hub, as people ask for them and act on them. */
export interface IncidentDesk {
  /** The newest first. */
  list(query: IncidentQuery): KnownIncident[];
  find(id: string): KnownIncident | undefined;
  /** @returns the incident after it, or undefined where there is none */
  mark(id: string, mark: HandMark): KnownIncident | undefined;
  windows(county: string): readonly MaintenanceWindow[];
  /** Adds a window, or takes the place of the one with the same id. */
  keepWindow(county: string, window: MaintenanceWindow): void;
  /** @returns whether there was one */
  removeWindow(county: string, id: string): boolean;
}
