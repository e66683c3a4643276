import { join } from 'node:path';

/** Where a hub keeps the minutes of its counties. */
export function minutesIn(dataFolder: string): string {
  return join(dataFolder, 'hub', 'minutes.db');
}
