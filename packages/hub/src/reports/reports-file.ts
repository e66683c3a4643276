import { join } from 'node:path';

/** Where a hub keeps the reports that it issued. */
export function reportsIn(dataFolder: string): string {
  return join(dataFolder, 'hub', 'reports.db');
}
