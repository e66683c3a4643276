import { globSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keepPrivate, syncFile } from './copied-file.ts';

export type CopiedDatabase = Readonly<{ name: string; bytes: number }>;

/**
 * Copies every database of a hub's folder into another folder, each as of one moment, while the hub runs. A copy takes the
 * place of an older one only when it is whole and on disk.
 * @param folder `<data>/hub`
 * @returns what was copied; empty where no hub has run with this folder
 * @throws where a database cannot be read or the folder cannot be written
 */
export function copyDatabases(folder: string, to: string): CopiedDatabase[] {
  // By name: the ledger before the telemetry, so that it never claims more than is there.
  const paths = globSync('*.db', { cwd: folder }).sort();
  if (paths.length > 0) mkdirSync(to, { recursive: true, mode: 0o700 });
  return paths.map((path) => {
    const name = basename(path);
    const target = join(to, name);
    const fresh = `${target}.${process.pid}`;
    rmSync(fresh, { force: true });
    const database = new DatabaseSync(join(folder, path), { readOnly: true, timeout: 10_000 });
    try {
      database.prepare('VACUUM INTO ?').run(fresh);
      keepPrivate(fresh);
      syncFile(fresh);
      renameSync(fresh, target);
    } finally {
      database.close();
      rmSync(fresh, { force: true });
    }
    return { name, bytes: statSync(target).size };
  });
}
