import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Why there can be none here; undefined where there can. Only root may mount one. */
export function smallDiskObstacle(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'a disk of its own takes root';
}

/** A disk of so many megabytes over a folder, in memory, that a test can fill. */
export function smallDisk(folder: string, megabytes: number) {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    fill: (): void => {
      for (let bytes = 1 << 20; bytes >= 512; bytes >>= 1)
        try {
          for (;;) appendFileSync(filler, Buffer.alloc(bytes));
        } catch {
          // Full for this size: smaller ones find what is left.
        }
    },
    empty: (): void => rmSync(filler),
    unmount: (): void => {
      execFileSync('umount', ['--lazy', folder]);
    },
  };
}
