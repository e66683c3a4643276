import { join } from 'node:path';

/** Where a hub keeps what it concluded. */
export function incidentsIn(dataFolder: string): string {
  return join(dataFolder, 'hub', 'incidents.db');
}
