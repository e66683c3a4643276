import { isAbsolute, join, resolve } from 'node:path';
import type { Log } from '@tongtang/runtime/log';
import { parseInfluxLocation } from './influx/location.ts';
import { openInfluxStore } from './influx/store.ts';
import { openSqliteStore } from './sqlite/store.ts';
import type { TelemetryStore } from './telemetry.ts';

export type StoreOptions = Readonly<{
  /** The hub's data folder; databases lie in `hub/` of it. */
  dataFolder: string;
  log: Log;
  /** Hub time in seconds; the system's clock where absent. */
  nowS?: () => number;
  /** Hears where a damaged file was set aside: what was in it is missing from then on. */
  onReplaced?: (setAside: string) => void;
}>;

/**
 * Opens the telemetry store that a location names: `sqlite:` (a file in the data folder), `sqlite:/path/to/file` or
 * `http(s)://user:password@host:8086/database` (or `…/database?token=…`).
 * @throws where the location is none of these, or the database cannot be opened; an InfluxDB that does not answer yet
 * is no failure, `check` tells
 */
export async function openTelemetryStore(location: string, options: StoreOptions): Promise<TelemetryStore> {
  const { dataFolder, log, nowS = () => Date.now() / 1000, onReplaced } = options;
  const file = sqliteFileOf(location, dataFolder);
  if (file !== undefined) {
    if (!isAbsolute(file)) throw new Error(`store: "${location}" is not sqlite:/absolute/path`);
    return openSqliteStore(file, { log, nowS, ...(onReplaced && { onReplaced }) });
  }
  if (/^https?:/.test(location)) {
    const journal = join(dataFolder, 'hub', 'rollup.db');
    return openInfluxStore(parseInfluxLocation(location), { journal, log, nowS });
  }
  throw new Error('store: want sqlite:, sqlite:/path or http(s)://user:password@host:8086/database');
}

/** The file that a location names; undefined where it names an InfluxDB. */
export function sqliteFileOf(location: string, dataFolder: string): string | undefined {
  if (!location.startsWith('sqlite:')) return undefined;
  const path = location.slice('sqlite:'.length);
  return path === '' ? resolve(dataFolder, 'hub', 'telemetry.db') : path;
}
