import { fileURLToPath } from 'node:url';
import type { HubSettings } from '@tongtang/hub/hub';
import { type HostPort, parseListen } from '@tongtang/runtime/host-port';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

/** The page as `npm run build` leaves it. */
const consoleFolder = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** @throws Refusal where a port is past 65535 */
export function hubSettings(settings: Settings): HubSettings {
  const { data, http, mqtt, stamp, store, broker, agentBroker, adminToken, bytesPerDay } = settings;
  return {
    dataFolder: data,
    http: listen('http', http),
    mqtt: listen('mqtt', mqtt),
    stamp: listen('stamp', stamp),
    store,
    bytesPerDay,
    consoleFolder,
    ...(broker !== undefined && { broker }),
    ...(agentBroker !== undefined && { agentBroker }),
    ...(adminToken !== undefined && { adminToken }),
  };
}

function listen(key: string, text: string): HostPort {
  const parsed = parseListen(text);
  if (parsed === undefined) throw new Refusal(`${key}: ${text} has no port from 0 to 65535`);
  return parsed;
}
