import { cpus, freemem, networkInterfaces, totalmem } from 'node:os';
import { type HostSource, type InterfaceState, interfaceLimit } from './source.ts';

/**
 * Reads what `node:os` knows, for Windows: never a child process. It tells no traffic counters.
 * @param speeds negotiated speeds by interface, in bit/s; may fill later
 */
export function portableSource(speeds: ReadonlyMap<string, number>): HostSource {
  // An interface without a cable disappears from the list: what was seen once and is gone, is down.
  const seen = new Set<string>();

  function interfaces(): InterfaceState[] {
    const present = new Set<string>();
    for (const [name, addresses = []] of Object.entries(networkInterfaces()))
      if (!isVirtual(name) && addresses.some(({ internal }) => !internal)) present.add(name);
    for (const name of present) if (seen.size < interfaceLimit) seen.add(name);
    return [...seen].map((name) => ({
      name,
      up: present.has(name),
      speedBitS: present.has(name) ? speeds.get(name) : undefined,
      counters: undefined,
    }));
  }

  return { cpuTimes, memory, processes: () => undefined, interfaces };
}

function cpuTimes(): { busy: number; total: number } {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    total += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { busy, total };
}

function memory(): { totalBytes: number; availableBytes: number } {
  return { totalBytes: totalmem(), availableBytes: freemem() };
}

/**
 * Windows' names of interfaces that no cable leads to: Hyper-V, VirtualBox, VMware, Bluetooth, and the hidden adapters
 * of hot spots, whose name is translated and ends in a star and a number.
 */
export function isVirtual(name: string): boolean {
  return /^(vEthernet|VirtualBox|VMware|Loopback|Bluetooth|蓝牙|docker|veth|br-|virbr)|\* \d+$/i.test(name);
}
