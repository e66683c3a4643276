import { join } from 'node:path';
import type { Log } from '@tongtang/runtime/log';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';

/** Opens the registry of the hub whose data are in this folder; the hub may be running, and takes notice. */
export function registryIn(dataFolder: string, log: Log): Registry {
  return openRegistry(join(dataFolder, 'hub', 'registry.db'), log);
}

/** Whose doing it is in the audit log. */
export const commandLine = 'command line';
