import { readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

/**
 * Lets a test set the clocks of one process, as a user of a classroom PC does, or its sleep: what `Date.now` and `os.uptime`
 * say follows the milliseconds in a file, while the monotonic clock goes on. Preloaded: `NODE_OPTIONS=--import=…/wall-clock.ts`.
 */

const variable = 'WALL_CLOCK_FILE';
/** The file is read again after so long, by the monotonic clock. */
const freshMs = 20;

/** The environment of a process whose wall clock is what the file says. */
export function environmentOf(file: string): Record<string, string> {
  setWallClock(file, 0);
  return { [variable]: file, NODE_OPTIONS: `--import=${import.meta.filename}` };
}

/**
 * @param aheadMs of the machine's own clock
 * @param sleptMs how long the machine slept, so that the clock that counts from its start goes ahead as well
 */
export function setWallClock(file: string, aheadMs: number, sleptMs = 0): void {
  writeFileSync(file, JSON.stringify([aheadMs, sleptMs]));
}

const file = process.env[variable];
if (file !== undefined) {
  const [trueNow, trueUptime] = [Date.now, os.uptime];
  let readMs = Number.NEGATIVE_INFINITY;
  let clocks = [0, 0];
  const look = (): readonly number[] => {
    if (performance.now() - readMs < freshMs) return clocks;
    readMs = performance.now();
    const text = readFileSync(file, 'utf8');
    // Empty while it is written.
    if (text !== '') clocks = JSON.parse(text);
    return clocks;
  };
  Date.now = () => trueNow() + (look()[0] ?? 0);
  Object.assign(os, { uptime: () => trueUptime() + (look()[1] ?? 0) / 1000 });
  syncBuiltinESMExports();
}
