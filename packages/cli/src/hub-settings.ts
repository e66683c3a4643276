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
  'logLevel',
] as const;

export function hubSettings(settings: Settings): HubSettings {
  const { data, http, mqtt, stamp, store, broker, agentBroker, adminToken, bytesPerDay, throughput } =
    settings;
  return {
    dataFolder: data,
    http: parseListen(http),
    mqtt: parseListen(mqtt),
    stamp: parseListen(stamp),
    store,
    bytesPerDay,
    throughput,
    consoleFolder,
    ...(broker !== undefined && { broker }),
    ...(agentBroker !== undefined && { agentBroker }),
    ...(adminToken !== undefined && { adminToken }),
  };
}
