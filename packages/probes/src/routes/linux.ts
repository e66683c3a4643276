/**
 * The default gateway from Linux's routing tables in /proc/net (proc(5), and net/ipv6/route.c of the kernel).
 */

/** The route goes through a gateway (RTF_GATEWAY of linux/route.h) and is in use (RTF_UP). */
const throughGateway = 0x3;

/** @param table /proc/net/route @returns the gateway of the default route with the lowest metric, if there is one */
export function ipv4Gateway(table: string): string | undefined {
  const routes = table.split('\n').flatMap((line) => {
    const [, destination, gateway = '', flags = '', , , metric, mask] = line.split(/\s+/);
    const isDefault = destination === '00000000' && mask === '00000000';
    return isDefault && isThroughGateway(flags) ? [{ gateway, metric: Number(metric) }] : [];
  });
  const best = lowestMetric(routes)?.gateway;
  // The kernel prints a word of memory, so the octets stand in reverse on the little-endian machines we run on.
  return best?.match(/../g)?.toReversed().map(hexadecimal).join('.');
}

/** @param table /proc/net/ipv6_route @returns the same for IPv6, with its interface as zone where it is link-local */
export function ipv6Gateway(table: string): string | undefined {
  const routes = table.split('\n').flatMap((line) => {
    const [destination = '', length, , , gateway = '', metric = '', , , flags = '', zone = ''] =
      line.split(/\s+/);
    const isDefault = /^0{32}$/.test(destination) && length === '00';
    return isDefault && isThroughGateway(flags) ? [{ gateway, zone, metric: hexadecimal(metric) }] : [];
  });
  const best = lowestMetric(routes);
  const address = best?.gateway
    .match(/.{4}/g)
    ?.map((group) => hexadecimal(group).toString(16))
    .join(':');
  return address?.startsWith('fe80:') ? `${address}%${best?.zone}` : address;
}

function isThroughGateway(flags: string): boolean {
  return (hexadecimal(flags) & throughGateway) === throughGateway;
}

function lowestMetric<Route extends { metric: number }>(routes: readonly Route[]): Route | undefined {
  return routes.toSorted((a, b) => a.metric - b.metric)[0];
}

function hexadecimal(digits: string): number {
  return Number.parseInt(digits, 16);
}
