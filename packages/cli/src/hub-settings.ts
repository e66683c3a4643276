import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HubSettings } from '@tongtang/hub/hub';
import { parseListen } from '@tongtang/runtime/host-port';
import type { Settings } from './settings.ts';

/** The page as `npm run build` leaves it. */
const consoleFolder = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** What a hub can be told. */
export const hubKeys = [
  'data',
  'http',
  'mqtt',
  'stamp',
  'store',
  'broker',
  'agentBroker',
  'adminToken',
  'bytesPerDay',
  'throughput',
  'notify',
  'logLevel',
] as const;

export function hubSettings(settings: Settings): HubSettings {
  const { data, http, mqtt, stamp, store, broker, agentBroker, adminToken, bytesPerDay, throughput } =
    settings;
  const notifyFile = notifyFileOf(settings);
  return {
    dataFolder: data,
    http: parseListen(http),
    mqtt: parseListen(mqtt),
    stamp: parseListen(stamp),
    store,
    bytesPerDay,
    throughput,
    consoleFolder,
    ...(notifyFile !== undefined && { notifyFile }),
    ...(broker !== undefined && { broker }),
    ...(agentBroker !== undefined && { agentBroker }),
    ...(adminToken !== undefined && { adminToken }),
  };
}

/** The file that was named, which must be there; or the one in the data folder, where there is one. */
export function notifyFileOf({ data, notify }: Settings): string | undefined {
  const file = notify ?? join(data, 'notify.yaml');
  return notify === undefined && !existsSync(file) ? undefined : file;
}
