import { exclusionsOf } from '@tongtang/incidents/maintenance-window';
import type { AgentRegistry } from '@tongtang/store/registry/registry';
import type { IncidentDesk } from '../incidents/desk.ts';
import type { AnnouncedWork, OpenIncident } from './lesson-checks.ts';

/** What checks before lessons need to know of incidents and announced work. */
export function fromIncidents(
  desk: Pick<IncidentDesk, 'list' | 'windows'>,
  registry: Pick<AgentRegistry, 'inventories'>,
  nowS: () => number,
): Readonly<{
  openIncidents: (county: string) => readonly OpenIncident[];
  announcedWork: (county: string, from: number, to: number) => readonly AnnouncedWork[];
}> {
  return {
    openIncidents(county) {
      const now = nowS();
      return desk
        .list({ county, from: now, to: now + 1 })
        .filter(({ state }) => state === 'open' || state === 'acknowledged');
    },
    announcedWork(county, from, to) {
      const timezone = registry.inventories().find((one) => one.county.id === county)?.county.timezone;
      return timezone === undefined ? [] : exclusionsOf(desk.windows(county), timezone, from, to);
    },
  };
}
