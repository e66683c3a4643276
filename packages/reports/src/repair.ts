import { secondsAt } from '@tongtang/lessons/plain-date';
import type { Period } from './period.ts';
import type { Delivery, IncidentRow, Report } from './report.ts';

/** What says how long repairs take: seconds of each incident that began in the period and is over. */
export function repairsIn(
  incidents: readonly IncidentRow[],
  { from }: Pick<Period, 'from'>,
  timezone: string,
): Readonly<{ incident: IncidentRow; seconds: number }>[] {
  const start = secondsAt(from, '00:00', timezone);
  return incidents.flatMap((incident) =>
    incident.from >= start && incident.to !== undefined
      ? [{ incident, seconds: Math.round(incident.to - incident.from) }]
      : [],
  );
}

/** The incidents that took lesson minutes. */
export function takingOf(incidents: readonly IncidentRow[]): IncidentRow[] {
  return incidents.filter(({ lostMinutes }) => lostMinutes > 0);
}

export function repairOf(
  incidents: readonly IncidentRow[],
  { availability }: Delivery,
  period: Period,
  timezone: string,
): Report['repair'] {
  const repairs = repairsIn(incidents, period, timezone);
  const taking = takingOf(incidents).length;
  return {
    incidents: incidents.length,
    taking,
    mttr: { part: repairs.reduce((sum, { seconds }) => sum + seconds, 0), of: 60 * repairs.length },
    mtbf: { part: availability.part, of: 60 * taking },
  };
}
