import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../services/eventually.ts';
import { type Memory, memoryOf } from '../services/process-memory.ts';

/** Of several processes: what they share counts once. */
type ProportionalMemory = Pick<Memory, 'pssMib' | 'privateMib'>;

/**
 * A program and all its descendants, in a control group of their own (cgroup v2), so that the time of children that
 * have ended counts as well.
 */
export class ProcessGroup {
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #output = '';

  /** @throws where there is no cgroup v2 that may be written: that takes root */
  constructor(name: string) {
    this.#folder = join(cgroupRoot(), `tongtang-bench-${process.pid}-${name}`);
    mkdirSync(this.#folder);
  }

  /** Starts the program; it is in the group before its first instruction. */
  start(words: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): void {
    const join = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
    const child = spawn('/bin/sh', ['-c', join, this.#folder, ...words], {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        this.#output = `${this.#output}${String(chunk)}`.slice(-8000);
      });
  }

  /** The end of what it has printed. */
  get output(): string {
    return this.#output;
  }

  /** @throws with what it printed where the program has ended */
  mustRun(): void {
    const { exitCode, signalCode } = this.#child ?? {};
    if (this.#child === undefined || typeof exitCode === 'number' || typeof signalCode === 'string')
      throw new Error(`${this.#folder} has ended: ${this.#output}`);
  }

  /** Processor time since the group began, user and system, milliseconds. */
  cpuMs(): number {
    return numberAfter(this.#read('cpu.stat'), 'usage_usec') / 1000;
  }

  memory(): ProportionalMemory {
    const nothing: ProportionalMemory = { pssMib: 0, privateMib: 0 };
    return this.#pids().reduce((sum, pid) => {
      const { pssMib, privateMib } = unlessEnded(() => memoryOf(pid)) ?? nothing;
      return { pssMib: sum.pssMib + pssMib, privateMib: sum.privateMib + privateMib };
    }, nothing);
  }

  /**
   * Bytes that the processes which still run have caused to be written (`write_bytes` of proc(5)): whole pages, each
   * time one becomes dirty. The journal of the file system is not in it.
   */
  writtenBytes(): number {
    const written = (pid: number) => numberAfter(readFileSync(`/proc/${pid}/io`, 'utf8'), 'write_bytes:');
    return this.#pids().reduce((sum, pid) => sum + (unlessEnded(() => written(pid)) ?? 0), 0);
  }

  /** Kills everything in the group and removes it. */
  async end(): Promise<void> {
    writeFileSync(join(this.#folder, 'cgroup.kill'), '1');
    // Busy until the last process is gone for good.
    await eventually('empty control group', () => {
      rmdirSync(this.#folder);
      return true;
    });
  }

  #pids(): number[] {
    return this.#read('cgroup.procs').split('\n').filter(Boolean).map(Number);
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8');
  }
}

function cgroupRoot(): string {
  const found = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1];
  if (found === undefined) throw new Error('processor time is measured by cgroup v2, which is not mounted');
  return found;
}

/** A child such as `ping` may end while it is looked at. */
function unlessEnded<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function numberAfter(text: string, key: string): number {
  const line = text.split('\n').find((line) => line.startsWith(`${key} `) || line.startsWith(`${key}\t`));
  return line === undefined ? 0 : Number(/\d+/.exec(line.slice(key.length))?.[0] ?? 0);
}
