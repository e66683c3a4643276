import { Resolver } from 'node:dns';

/**
 * The resolvers that this system is set to ask, in its order; read anew each time, as a classroom PC moves between
 * networks.
 * @returns each as parseHostPort (address.ts) reads it: an IP address, with its port where that is not 53
 */
export function systemResolvers(): string[] {
  return new Resolver().getServers();
}
