import { isIPv4, isIPv6 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * An interface of this machine as a membership names it: IPv4 by an address, IPv6 by a zone.
 * @param wanted its name, or an address of it
 * @param group decides between IPv4 and IPv6
 * @returns undefined where there is none, or it has no address of that kind
 */
export function interfaceFor(
  wanted: string,
  group: string,
  interfaces: Interfaces = networkInterfaces(),
): string | undefined {
  return found(wanted, group, interfaces)?.membership;
}

/** The name of an interface that is given by its name or an address of it; undefined where there is none. */
export function nameOfInterface(
  wanted: string,
  group: string,
  interfaces: Interfaces = networkInterfaces(),
): string | undefined {
  return found(wanted, group, interfaces)?.name;
}

/** All that lead out of this machine. */
export function interfacesOutward(group: string, interfaces: Interfaces = networkInterfaces()): string[] {
  const outward = namesOf(interfaces, group).filter(({ internal }) => !internal);
  return [...new Map(outward.map(({ name, membership }) => [name, membership])).values()];
}

function found(wanted: string, group: string, interfaces: Interfaces) {
  return namesOf(interfaces, group).find(({ name, address }) => name === wanted || address === wanted);
}

function namesOf(interfaces: Interfaces, group: string) {
  const fits = isIPv6(group) ? isIPv6 : isIPv4;
  return Object.entries(interfaces).flatMap(([name, entries = []]) =>
    entries
      .filter(({ address }) => fits(address))
      .map(({ address, internal }) => ({
        name,
        address,
        internal,
        membership: isIPv6(group) ? `::%${name}` : address,
      })),
  );
}
