import { readFileSync, watchFile, writeFileSync } from 'node:fs';

/**
 * Lets a test set the wall clock of one process, as a user of a classroom PC does: what `Date.now` says follows the
 * milliseconds in a file, while the monotonic clock goes on. Preloaded: `NODE_OPTIONS=--import=…/wall-clock.ts`.
 */

const variable = 'WALL_CLOCK_FILE';
const lookEveryMs = 100;

/** The environment of a process whose wall clock is what the file says. */
export function environmentOf(file: string): Record<string, string> {
  setWallClock(file, 0);
  return { [variable]: file, NODE_OPTIONS: `--import=${import.meta.filename}` };
}

/** @param aheadMs of the machine's own clock */
export function setWallClock(file: string, aheadMs: number): void {
  writeFileSync(file, String(aheadMs));
}

const file = process.env[variable];
if (file !== undefined) {
  const trueNow = Date.now;
  let aheadMs = Number(readFileSync(file, 'utf8'));
  watchFile(file, { interval: lookEveryMs, persistent: false }, () => {
    aheadMs = Number(readFileSync(file, 'utf8'));
  });
  Date.now = () => trueNow() + aheadMs;
}
