import { statfsSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Fields, Reading } from '@tongtang/model/sample';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { readInterfaceSpeeds } from './interface-speeds.ts';
import { linuxSource } from './linux.ts';
import { portableSource } from './portable.ts';
import type { CpuTimes, InterfaceCounters } from './proc.ts';
import type { HostSource, InterfaceState } from './source.ts';

export type HostSamplerOptions = Readonly<{
  /** The disk that it stands on is watched. */
  dataFolder: string;
  log: Log;
  /** Monotonic time in milliseconds. */
  monotonicMs: () => number;
  /** Absent: this machine. */
  source?: HostSource;
}>;

export interface HostSampler {
  /**
   * One `host` reading and one `interface` reading each for the few interfaces that matter. Rates and counts are since
   * the last call, so the first has none. What cannot be read is left out and logged once; never rejects.
   */
  sample(): Promise<readonly Reading[]>;
}

/** Processes and disk are asked for once a minute, give or take; in between the last answer holds. Milliseconds. */
const slowMs = 55_000;

/** Samples the machine that the agent runs on, without child processes. */
export function createHostSampler(options: HostSamplerOptions): HostSampler {
  return new Sampler(options, options.source ?? sourceOfThisMachine(options.log));
}

function sourceOfThisMachine(log: Log): HostSource {
  if (process.platform === 'linux') return linuxSource();
  const speeds = new Map<string, number>();
  // Never rejects; until it is there, samples go without speeds.
  void readInterfaceSpeeds(log).then((found) => {
    for (const [name, speed] of found) speeds.set(name, speed);
  });
  return portableSource(speeds);
}

class Sampler implements HostSampler {
  readonly #options: HostSamplerOptions;
  readonly #source: HostSource;
  readonly #complained = new Set<string>();
  #slow: Readonly<{ fields: Fields; untilMs: number }> = { fields: {}, untilMs: Number.NEGATIVE_INFINITY };
  #cpu: CpuTimes | undefined;
  #counters = new Map<string, Readonly<{ atMs: number; counters: InterfaceCounters }>>();

  constructor(options: HostSamplerOptions, source: HostSource) {
    this.#options = options;
    this.#source = source;
  }

  async sample(): Promise<readonly Reading[]> {
    const fields = {
      ...this.#attempt('cpu', () => this.#cpuFields()),
      ...this.#attempt('memory', () => this.#memoryFields()),
      ...this.#slowFields(),
      uptime_s: Math.floor(uptime()),
    };
    const interfaces = this.#attempt('interfaces', () => this.#interfaceReadings()) ?? [];
    return [{ measurement: 'host', tags: {}, fields }, ...interfaces];
  }

  /** What costs more to ask for than it changes in a minute. */
  #slowFields(): Fields {
    const now = this.#options.monotonicMs();
    if (now < this.#slow.untilMs) return this.#slow.fields;
    const fields = {
      ...this.#attempt('processes', () => this.#processFields()),
      ...this.#attempt('disk', () => this.#diskFields()),
    };
    this.#slow = { fields, untilMs: now + slowMs };
    return fields;
  }

  #cpuFields(): Fields {
    const before = this.#cpu;
    const now = this.#source.cpuTimes();
    this.#cpu = now;
    if (before === undefined || now === undefined || now.total <= before.total) return {};
    // Single counters of the kernel may step back a little.
    const busy = Math.max(0, now.busy - before.busy);
    return { cpu_ratio: Math.min(1, busy / (now.total - before.total)) };
  }

  #memoryFields(): Fields {
    const memory = this.#source.memory();
    if (memory === undefined) return {};
    const { totalBytes, availableBytes } = memory;
    return { memory_used_ratio: 1 - availableBytes / totalBytes, memory_total_bytes: totalBytes };
  }

  #processFields(): Fields {
    const processes = this.#source.processes();
    return processes === undefined ? {} : { processes };
  }

  /** Synchronously: the outbox writes to the same disk in the same way. */
  #diskFields(): Fields {
    const { bsize, blocks, bfree, bavail } = statfsSync(this.#options.dataFolder);
    // As `df` counts: what is kept for root is neither used nor free.
    const used = blocks - bfree;
    if (used + bavail === 0) return {};
    // Whole megabytes: the digits below change with every sample, say nothing, and would be paid for on the wire.
    const freeBytes = Math.floor((bavail * bsize) / 1e6) * 1e6;
    return { disk_free_bytes: freeBytes, disk_used_ratio: used / (used + bavail) };
  }

  #interfaceReadings(): Reading[] {
    const atMs = this.#options.monotonicMs();
    const before = this.#counters;
    const now: typeof before = new Map();
    const readings = this.#source.interfaces().map((state): Reading => {
      const { name, counters } = state;
      if (counters !== undefined) now.set(name, { atMs, counters });
      const last = before.get(name);
      const traffic =
        last && counters ? trafficBetween(last.counters, counters, (atMs - last.atMs) / 1000) : {};
      return {
        measurement: 'interface',
        tags: { interface: name },
        fields: { ...traffic, ...stateOf(state) },
      };
    });
    this.#counters = now;
    return readings;
  }

  #attempt<T>(part: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#complain(part, error);
      return undefined;
    }
  }

  #complain(part: string, error: unknown): void {
    if (this.#complained.has(part)) return;
    this.#complained.add(part);
    this.#options.log.warn({ part, reason: messageOf(error) }, 'a part of the host cannot be sampled');
  }
}

function stateOf({ up, speedBitS }: InterfaceState): Fields {
  return { ...(speedBitS !== undefined && { speed_bit_s: speedBitS }), ...(up !== undefined && { up }) };
}

/**
 * What passed between two readings of the counters. Counters that stepped back were reset or have wrapped: which, cannot
 * be told, so nothing is said of that interval.
 */
export function trafficBetween(before: InterfaceCounters, now: InterfaceCounters, seconds: number): Fields {
  const rxBytes = now.rxBytes - before.rxBytes;
  const txBytes = now.txBytes - before.txBytes;
  const counts = {
    rx_errors: now.rxErrors - before.rxErrors,
    tx_errors: now.txErrors - before.txErrors,
    rx_dropped: now.rxDropped - before.rxDropped,
    tx_dropped: now.txDropped - before.txDropped,
  };
  if (seconds <= 0 || rxBytes < 0 || txBytes < 0 || Object.values(counts).some((count) => count < 0))
    return {};
  return { rx_bit_s: (rxBytes * 8) / seconds, tx_bit_s: (txBytes * 8) / seconds, ...counts };
}
