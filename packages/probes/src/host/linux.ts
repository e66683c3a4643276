import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '@tongtang/runtime/errors';
import { parseCpuTimes, parseDefaultRoutes, parseInterfaceCounters, parseMemory } from './proc.ts';
import { type HostSource, type InterfaceState, interfaceLimit } from './source.ts';

/**
 * Reads /proc and /sys. Synchronously: the kernel answers from memory in microseconds, less than a trip to the thread
 * pool takes.
 * @param root where the file system begins; another one in tests
 */
export function linuxSource(root = '/'): HostSource {
  const speeds = new Map<string, number | undefined>();

  function read(path: string): string {
    return readFileSync(root + path, 'utf8');
  }

  function interfaces(): InterfaceState[] {
    const counters = parseInterfaceCounters(read('proc/net/dev'));
    const routed = parseDefaultRoutes(read('proc/net/route'));
    // A device stands behind a card; bridges, tunnels and the ends of containers have none.
    const names = [...counters.keys()].filter(
      (name) => routed.has(name) || existsSync(`${root}sys/class/net/${name}/device`),
    );
    return names
      .sort((a, b) => Number(routed.has(b)) - Number(routed.has(a)))
      .slice(0, interfaceLimit)
      .map((name) => {
        const up = carrierOf(name);
        return { name, up, speedBitS: speedOf(name, up), counters: counters.get(name) };
      });
  }

  /** The file cannot be read while the interface is switched off. */
  function carrierOf(name: string): boolean | undefined {
    try {
      return read(`sys/class/net/${name}/carrier`).trim() === '1';
    } catch (error) {
      if (codeOf(error) === 'EINVAL') return false;
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Asking a card for its speed can take milliseconds; it changes only with the carrier. */
  function speedOf(name: string, up: boolean | undefined): number | undefined {
    if (up === false) speeds.delete(name);
    else if (!speeds.has(name)) speeds.set(name, readSpeed(name));
    return speeds.get(name);
  }

  /** Radios and virtual cards have no speed: -1, or an error. */
  function readSpeed(name: string): number | undefined {
    try {
      const megabits = Number(read(`sys/class/net/${name}/speed`));
      return megabits > 0 ? megabits * 1e6 : undefined;
    } catch (error) {
      if (codeOf(error) === 'EINVAL' || codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  return {
    cpuTimes: () => parseCpuTimes(read('proc/stat')),
    memory: () => parseMemory(read('proc/meminfo')),
    processes: () => readdirSync(`${root}proc`).filter((name) => /^\d+$/.test(name)).length,
    interfaces,
  };
}
