import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { memoryOf } from '../services/process-memory.ts';
import { median } from './benchmark.ts';

const everyMs = 2000;

/** What a process took while it was watched. */
export type Watched = Readonly<{
  /**
   * Resident set, in MB (10^6 bytes): the most, and the middle of the second and of the last quarter of the time. Not the
   * proportional one: who measures runs the same Node, and would take over a part of it.
   */
  mostMb: number;
  earlyMb: number;
  lateMb: number;
  /** Of one core. */
  cpuShare: number;
}>;

/** Looks every two seconds at what a process without children holds in memory. */
export class ProcessWatch {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  readonly #startMs = performance.now();
  readonly #startCpuMs: number;
  readonly #residentMb: number[] = [];

  constructor(pid: number) {
    this.#pid = pid;
    this.#startCpuMs = cpuMsOf(pid);
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  end(): Watched {
    clearInterval(this.#timer);
    this.#look();
    const quarter = (number: number): number[] => {
      const length = Math.ceil(this.#residentMb.length / 4);
      return this.#residentMb.slice(number * length).slice(0, length);
    };
    const last = this.#residentMb.slice(-Math.ceil(this.#residentMb.length / 4));
    const share = (cpuMsOf(this.#pid) - this.#startCpuMs) / (performance.now() - this.#startMs);
    return {
      mostMb: Math.max(...this.#residentMb),
      earlyMb: median(quarter(1).length > 0 ? quarter(1) : last),
      lateMb: median(last),
      cpuShare: share,
    };
  }

  #look(): void {
    this.#residentMb.push((memoryOf(this.#pid).residentMib * 2 ** 20) / 1e6);
  }
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of a process, see proc(5): fields 14 and 15 of `stat`, counted behind its name. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}
