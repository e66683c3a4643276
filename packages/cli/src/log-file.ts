import { mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const rotateAtBytes = 20 * 1024 * 1024;

/** Opens a log file to append to; one that has grown large becomes `<name>.1`, once at each start. */
export function openLogFile(path: string): { path: string; descriptor: number } {
  mkdirSync(dirname(path), { recursive: true });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > rotateAtBytes) renameSync(path, `${path}.1`);
  return { path, descriptor: openSync(path, 'a') };
}
