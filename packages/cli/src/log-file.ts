import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';

const rotateAtBytes = 20 * 1024 * 1024;
const lookEveryMs = 60_000;

/**
 * Opens a log file that others append to, for as long as this process runs. What has grown large becomes `<name>.1`, at the start and
 * whenever it has: hub and agent may run for months.
 */
export function openLogFile(path: string): { path: string; descriptor: number } {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a');
  const look = (): void => {
    try {
      if (statSync(path).size > rotateAtBytes) rotate(path);
    } catch {
      // A disk without room: the log goes on growing, as it would anyhow, and the next look tries again.
    }
  };
  look();
  setInterval(look, lookEveryMs).unref();
  return { path, descriptor };
}

/**
 * Those who write hold the file itself, and not its name, so it is copied and emptied: they append to what is there. A line that is
 * written between the last two steps is lost.
 */
function rotate(path: string): void {
  const old = `${path}.1`;
  copyFileSync(path, old);
  const copied = statSync(old).size;
  const meanwhile = Buffer.alloc(statSync(path).size - copied);
  const file = openSync(path, 'r');
  try {
    readSync(file, meanwhile, 0, meanwhile.length, copied);
  } finally {
    closeSync(file);
  }
  appendFileSync(old, meanwhile);
  truncateSync(path);
}
