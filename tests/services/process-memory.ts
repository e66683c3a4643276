import { readFileSync } from 'node:fs';

/** Memory of a process at one moment, in MiB (2^20 bytes); `smaps_rollup` of proc(5). */
export type Memory = Readonly<{
  /** Proportional set: each page divided by the number of processes that map it. */
  pssMib: number;
  /**
   * The anonymous part of it: what the kernel cannot drop and read again from a file. For a process without children
   * the same as `Anonymous`, and within 0.1 MB of `Private_Dirty`.
   */
  privateMib: number;
  /** Resident set: every page that it maps and that is in memory, whoever else maps it. */
  residentMib: number;
}>;

/** @throws where the process has ended */
export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mib = (key: string): number => {
    const kib = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1];
    if (kib === undefined) throw new Error(`no ${key} in /proc/${pid}/smaps_rollup`);
    return Number(kib) / 1024;
  };
  return { pssMib: mib('Pss'), privateMib: mib('Pss_Anon'), residentMib: mib('Rss') };
}
