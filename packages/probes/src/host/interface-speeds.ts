import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';

/**
 * Negotiated speeds where the system has no cheap way to tell them. Starts a PowerShell on Windows, so it is asked once
 * in the life of a process. The package is loaded here only: an agent shipped without it reports no speeds.
 * @returns bit/s by interface; empty where they cannot be had, which is logged
 */
export async function readInterfaceSpeeds(log: Log): Promise<Map<string, number>> {
  const speeds = new Map<string, number>();
  try {
    const { networkInterfaces } = await import('systeminformation');
    const found = await networkInterfaces();
    for (const { iface, speed } of Array.isArray(found) ? found : [found])
      if (typeof speed === 'number' && speed > 0) speeds.set(iface, speed * 1e6);
  } catch (error) {
    log.info({ reason: messageOf(error) }, 'speeds of the network interfaces are not known');
  }
  return speeds;
}
