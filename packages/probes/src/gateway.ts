import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
      return linuxFinder();
    case 'win32':
      return remembering(async () =>
        windowsGateway(await printedBy('route.exe', ['print', '-4', '0.0.0.0'])),
      );
    default:
      return remembering(async () => macosGateway(await printedBy('netstat', ['-rn', '-f', 'inet'])));
  }
}

/** Synchronously: the kernel answers from memory, and a trip to the thread pool wakes another thread. */
function linuxFinder(): FindGateway {
  const ofIpv4 = reader(ipv4Gateway);
  const ofIpv6 = reader(ipv6Gateway);
  // As UTF-8, which Node reads in one call; any other encoding takes it five.
  return async () =>
    ofIpv4(readFileSync('/proc/net/route', 'utf8')) ?? ofIpv6(readUnlessMissing('/proc/net/ipv6_route'));
}

/** Reads a table once: it is asked for every ten seconds, and changes with the cable. */
function reader(read: (table: string) => string | undefined): typeof read {
  let known: Readonly<{ table: string; gateway: string | undefined }> | undefined;
  return (table) => {
    if (known?.table !== table) known = { table, gateway: read(table) };
    return known.gateway;
  };
}

/** A kernel without IPv6 has no such table. */
function readUnlessMissing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
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

/** A route may come a little after its address: so long after each look that found none is the next one. */
const lookAgainMs = [10_000, 60_000, 300_000] as const;

/**
 * Asks again only when the addresses of this machine have changed, and a few times where there was no gateway: a child
 * process on a timer would be felt. A router that is replaced by one with another address is found when the machine gets
 * a new address or is started again.
 */
export function remembering(
  look: FindGateway,
  addresses: () => string = addressesNow,
  nowMs: () => number = () => performance.now(),
): FindGateway {
  let known: { addresses: string; gateway: string | undefined; looks: number; againMs: number } | undefined;
  return async () => {
    const present = addresses();
    const same = known?.addresses === present ? known : undefined;
    if (same !== undefined && (same.gateway !== undefined || nowMs() < same.againMs)) return same.gateway;
    const looks = same?.looks ?? 0;
    const waitMs = lookAgainMs[looks] ?? Number.POSITIVE_INFINITY;
    // At first as if there were none: a program that fails costs as much as one that finds nothing.
    known = { addresses: present, gateway: undefined, looks: looks + 1, againMs: nowMs() + waitMs };
    const gateway = await look();
    known = { ...known, gateway };
    return gateway;
  };
}

function addressesNow(): string {
  const all = Object.entries(networkInterfaces()).flatMap(([name, entries = []]) =>
    entries.map(({ address, netmask }) => `${name} ${address} ${netmask}`),
  );
  return all.toSorted().join('\n');
}
