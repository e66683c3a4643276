/** Parsers of Linux' /proc texts (proc(5)). Each returns undefined, or leaves out, what the text does not hold. */

/** Clock ticks of all cores since boot. */
export type CpuTimes = Readonly<{ busy: number; total: number }>;

/** /proc/stat. Waiting for a disk is idle time; guest time is in user time already. */
export function parseCpuTimes(stat: string): CpuTimes | undefined {
  if (!stat.startsWith('cpu ')) return undefined;
  const ticks = stat.slice(4, stat.indexOf('\n')).trim().split(' ').slice(0, 8).map(Number);
  const [, , , idle, iowait = 0] = ticks;
  if (idle === undefined || ticks.some(Number.isNaN)) return undefined;
  const total = ticks.reduce((sum, tick) => sum + tick, 0);
  return { busy: total - idle - iowait, total };
}

export type Memory = Readonly<{ totalBytes: number; availableBytes: number }>;

/** /proc/meminfo. MemAvailable counts what the page cache would give back. */
export function parseMemory(meminfo: string): Memory | undefined {
  const total = /^MemTotal: +(\d+) kB$/m.exec(meminfo)?.[1];
  const available = /^MemAvailable: +(\d+) kB$/m.exec(meminfo)?.[1];
  if (total === undefined || available === undefined) return undefined;
  return { totalBytes: Number(total) * 1024, availableBytes: Number(available) * 1024 };
}

/** Totals of an interface since it appeared. */
export type InterfaceCounters = Readonly<{
  rxBytes: number;
  rxErrors: number;
  rxDropped: number;
  txBytes: number;
  txErrors: number;
  txDropped: number;
}>;

/** /proc/net/dev, by interface. Old kernels write the first number right behind the colon. */
export function parseInterfaceCounters(netDev: string): Map<string, InterfaceCounters> {
  const interfaces = new Map<string, InterfaceCounters>();
  for (const line of netDev.split('\n')) {
    const [, name, numbers] = /^ *([^ |]+): *([\d ]+)$/.exec(line) ?? [];
    if (name === undefined || numbers === undefined) continue;
    const [rxBytes, , rxErrors, rxDropped, , , , , txBytes, , txErrors, txDropped] = numbers
      .trim()
      .split(/ +/)
      .map(Number);
    if (rxBytes === undefined || rxErrors === undefined || rxDropped === undefined) continue;
    if (txBytes === undefined || txErrors === undefined || txDropped === undefined) continue;
    interfaces.set(name, { rxBytes, rxErrors, rxDropped, txBytes, txErrors, txDropped });
  }
  return interfaces;
}

/** /proc/net/route: interfaces that a default route leads over. */
export function parseDefaultRoutes(route: string): Set<string> {
  const interfaces = new Set<string>();
  for (const line of route.split('\n')) {
    const [name, destination, , , , , , mask] = line.split('\t');
    if (name !== undefined && destination === '00000000' && mask === '00000000') interfaces.add(name);
  }
  return interfaces;
}
