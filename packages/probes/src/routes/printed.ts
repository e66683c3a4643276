import { isIPv4 } from 'node:net';

/**
 * The default gateway from what programs of Windows and macOS print. Their words are in the display language, so only
 * addresses and numbers are looked at.
 */

/**
 * @param output of `route.exe print -4 0.0.0.0`: rows of destination, mask, gateway, interface, metric
 * @returns the gateway of the active default route with the lowest metric, if there is one
 */
export function windowsGateway(output: string): string | undefined {
  const routes = output.split(/\r?\n/).flatMap((line) => {
    const [destination, mask, gateway = '', local = '', metric = ''] = line.trim().split(/\s+/);
    const isDefault = destination === '0.0.0.0' && mask === '0.0.0.0';
    // Rows of persistent routes have no interface, rows without a gateway have words in its place.
    return isDefault && isIPv4(gateway) && isIPv4(local) ? [{ gateway, metric: Number(metric) }] : [];
  });
  return routes.toSorted((a, b) => a.metric - b.metric)[0]?.gateway;
}

/** @param output of `netstat -rn -f inet`: rows of destination, gateway, flags, interface, the best route first */
export function macosGateway(output: string): string | undefined {
  const rows = output.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.find(([destination, gateway = '']) => destination === 'default' && isIPv4(gateway))?.[1];
}
