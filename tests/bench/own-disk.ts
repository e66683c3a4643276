import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AtEnd } from './tidily.ts';

const bytes = 128 * 1024 * 1024;

/**
 * Lays an ext4 file system of its own, in a file. On a shared one each `fsync` of a neighbour has everybody's dirty
 * pages written that are new, and those that are dirtied again count again: the figure would be the neighbour's.
 * @returns the folder where it is mounted
 * @throws where that cannot be done: it takes root, e2fsprogs and a loop device
 */
export function layDisk(atEnd: AtEnd): string {
  const home = mkdtempSync(join(tmpdir(), 'tongtang-disk-'));
  atEnd(() => rmSync(home, { recursive: true }));
  const [image, folder] = [join(home, 'image'), join(home, 'mounted')];
  writeFileSync(image, '');
  truncateSync(image, bytes);
  mkdirSync(folder);
  // Debian puts it where only root's PATH looks.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
  execFileSync('mkfs.ext4', ['-q', '-F', image], { env, stdio: 'pipe' });
  execFileSync('mount', ['-o', 'loop', image, folder], { stdio: 'pipe' });
  atEnd(() => execFileSync('umount', [folder], { stdio: 'pipe' }));
  return folder;
}
