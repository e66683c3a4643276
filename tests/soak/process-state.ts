import { readdirSync, readFileSync } from 'node:fs';

/** What must not grow in a process that runs for months. */
export type ProcessState = Readonly<{
  /** Anonymous memory in MiB (`Pss_Anon` of proc(5)): what the kernel cannot drop and read again from a file. */
  privateMib: number;
  /** Files, sockets and the like that are open. */
  handles: number;
}>;

/** @throws where the process has ended */
export function stateOf(pid: number): ProcessState {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = /^Pss_Anon:\s+(\d+) kB$/m.exec(rollup)?.[1];
  if (kib === undefined) throw new Error(`no Pss_Anon in /proc/${pid}/smaps_rollup`);
  return { privateMib: Number(kib) / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
}
