import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Log } from '@tongtang/runtime/log';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import { assertWritable } from './data-folder.ts';

/**
 * Opens the registry of the hub whose data are in this folder; the hub may be running, and takes notice. Where none is,
 * one is begun, and said so: the folder may have been another one.
 */
export function registryIn(dataFolder: string, log: Log): Registry {
  assertWritable(dataFolder);
  const path = join(dataFolder, 'hub', 'registry.db');
  const isNew = !existsSync(path);
  const registry = openRegistry(path, log);
  if (isNew)
    process.stderr.write(
      `No hub has data in ${resolve(dataFolder)} yet: begun there. Another folder: --data, or TONGTANG_DATA\n`,
    );
  return registry;
}

/** Whose doing it is in the audit log. */
export const commandLine = 'command line';
