import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { codeOf } from '@tongtang/runtime/errors';
import { ipv4Gateway, ipv6Gateway } from './routes/linux.ts';
import { macosGateway, windowsGateway } from './routes/printed.ts';

/**
 * Looks for the default gateway, IPv4 before IPv6.
 * @returns its address, or undefined where there is none: the cable is out, or no address was given
 * @throws (rejects) where the system cannot be asked
 */
export type FindGateway = () => Promise<string | undefined>;

/** How this system is asked. Linux costs two small reads; the others a child process, so their answer is remembered. */
export function gatewayFinder(): FindGateway {
  switch (process.platform) {
    case 'linux':
      return findOnLinux;
    case 'win32':
      return remembering(async () =>
        windowsGateway(await printedBy('route.exe', ['print', '-4', '0.0.0.0'])),
      );
    default:
      return remembering(async () => macosGateway(await printedBy('netstat', ['-rn', '-f', 'inet'])));
  }
}

async function findOnLinux(): Promise<string | undefined> {
  return (
    ipv4Gateway(await readFile('/proc/net/route', 'latin1')) ??
    ipv6Gateway(await readUnlessMissing('/proc/net/ipv6_route'))
  );
}

/** A kernel without IPv6 has no such table. */
async function readUnlessMissing(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

/** A routing table is printed in milliseconds; a program that hangs is killed. */
const printingMs = 10_000;

async function printedBy(program: string, args: string[]): Promise<string> {
  const options = { encoding: 'latin1', timeout: printingMs, windowsHide: true } as const;
  return (await promisify(execFile)(program, args, options)).stdout;
}

/**
 * How long an answer holds while the machine's addresses stay the same: long, as a router is seldom replaced by one
 * with another address; shorter where there was none, as a route may come after its address.
 */
const holdsMs = { found: 3_600_000, none: 300_000 } as const;

/** Asks again only when the addresses of this machine have changed, or the answer has become old. */
export function remembering(
  look: FindGateway,
  addresses: () => string = addressesNow,
  nowMs: () => number = () => performance.now(),
): FindGateway {
  let known: { addresses: string; gateway: string | undefined; untilMs: number } | undefined;
  return async () => {
    const present = addresses();
    if (known?.addresses === present && nowMs() < known.untilMs) return known.gateway;
    const gateway = await look();
    const holds = gateway === undefined ? holdsMs.none : holdsMs.found;
    known = { addresses: present, gateway, untilMs: nowMs() + holds };
    return gateway;
  };
}

function addressesNow(): string {
  const all = Object.entries(networkInterfaces()).flatMap(([name, entries = []]) =>
    entries.map(({ address, netmask }) => `${name} ${address} ${netmask}`),
  );
  return all.toSorted().join('\n');
}
