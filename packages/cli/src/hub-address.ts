import { networkInterfaces } from 'node:os';

/**
 * Where others find a hub: where it listens on every network, this machine's first address in one.
 * @param listen `host:port`, as the setting `http` has it
 */
export function hubAddress(listen: string, interfaces = networkInterfaces()): string {
  const everywhere = /^(?:0\.0\.0\.0|\[::\])(:\d+)$/.exec(listen);
  if (everywhere === null) return `http://${listen}`;
  const outside = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return `http://${outside?.address ?? '127.0.0.1'}${everywhere[1]}`;
}
