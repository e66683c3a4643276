import type { CpuTimes, InterfaceCounters, Memory } from './proc.ts';

/** An interface as it is now; what this system cannot tell is undefined. */
export type InterfaceState = Readonly<{
  name: string;
  up: boolean | undefined;
  speedBitS: number | undefined;
  counters: InterfaceCounters | undefined;
}>;

/** Where the sampler reads from: a system's own way to tell the state of the machine. May throw. */
export type HostSource = Readonly<{
  cpuTimes: () => CpuTimes | undefined;
  memory: () => Memory | undefined;
  /** Undefined where only a costly way exists. */
  processes: () => number | undefined;
  /** Interfaces that carry the classroom's traffic, the one with the default route first; a few at most. */
  interfaces: () => readonly InterfaceState[];
}>;

/** More are not reported: a series each. */
export const interfaceLimit = 4;
