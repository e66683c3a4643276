import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type PingReport, parsePing } from './parse.ts';

/** Packets go out evenly, as many in 10 s as a single run sends. Seconds. */
const everyS = 2.5;
/** Runs that follow so closely are worth a program that goes on in between; it ends when none follows. Milliseconds. */
const closeMs = 20_000;
const idleMs = 35_000;
/** Where such a program found nothing to say, it is not started again for so long: the options are not every make's. */
const pauseMs = 600_000;
/** Then another program begins with another file: four hours, 400 kB. */
const lastSequence = 6000;
const memoryFolder = '/dev/shm';
/** More than is printed from one run to the next. */
const buffer = Buffer.alloc(8192);

/** Of the packets since the last one: each of them has an answer, or went without. */
export type StandingReport = PingReport & Readonly<{ sent: number }>;

type Entry = { askedMs: number; notBeforeMs: number; program?: StandingPing; idle?: NodeJS.Timeout };

/**
 * Programs that go on from run to run, one for each address that is asked for every few seconds. To start a program
 * takes the processor ten times as long as its packets do.
 */
export class StandingPings {
  readonly #entries = new Map<string, Entry>();
  readonly #program: string;

  /** @param program another one in tests */
  constructor(program = 'ping') {
    this.#program = program;
  }

  /**
   * What became of the packets since the last call.
   * @returns undefined where that cannot be said: the address was not asked for a moment ago, or something is wrong
   */
  take(address: string, nowMs = performance.now()): StandingReport | undefined {
    const entry = this.#entries.get(address) ?? { askedMs: Number.NEGATIVE_INFINITY, notBeforeMs: 0 };
    const follows = nowMs - entry.askedMs <= closeMs;
    entry.askedMs = nowMs;
    this.#entries.set(address, entry);
    clearTimeout(entry.idle);
    entry.idle = setTimeout(() => this.stop(address), idleMs).unref();
    const report = entry.program?.take();
    if (report === undefined && entry.program !== undefined) entry.notBeforeMs = nowMs + pauseMs;
    if (report === undefined || entry.program?.isWornOut) {
      entry.program?.stop();
      delete entry.program;
    }
    if (report !== undefined) return report;
    if (!follows || nowMs < entry.notBeforeMs) return undefined;
    try {
      entry.program = new StandingPing(this.#program, address);
    } catch {
      // No files in memory: the run that follows works without.
      entry.notBeforeMs = nowMs + pauseMs;
    }
    return undefined;
  }

  stop(address: string): void {
    const entry = this.#entries.get(address);
    clearTimeout(entry?.idle);
    entry?.program?.stop();
    this.#entries.delete(address);
  }
}

class StandingPing {
  readonly #child: ChildProcess;
  /** What it prints goes to a file in memory: a pipe would wake this process for each packet, to no purpose. */
  readonly #file: number;
  #readTo = 0;
  #rest = '';
  /** The highest number whose fate was told. */
  #told = 0;

  /** @throws where there are no files in memory */
  constructor(program: string, address: string) {
    const path = join(memoryFolder, `tongtang-ping-${randomUUID()}`);
    this.#file = openSync(path, 'ax+', 0o600);
    unlinkSync(path);
    // -O says of each packet that was not answered when the next one went out.
    const words = ['-n', '-O', '-i', `${everyS}`, address];
    this.#child = spawn(program, words, {
      stdio: ['ignore', this.#file, 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    this.#child.on('error', () => {});
    // It must not keep an agent alive that has stopped, nor outlive it.
    this.#child.unref();
    process.once('exit', this.stop);
  }

  /** Numbers on the wire have 16 bits, and what was printed is kept: another one has to go on. */
  get isWornOut(): boolean {
    return this.#told > lastSequence;
  }

  /** @returns what is new; undefined where nothing is */
  take(): StandingReport | undefined {
    const text = this.#rest + this.#read();
    const end = text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    const fresh = text
      .slice(0, end)
      .split('\n')
      .filter((line) => sequenceOf(line) > this.#told);
    const highest = Math.max(0, ...fresh.map(sequenceOf));
    if (highest === 0) return undefined;
    const sent = highest - this.#told;
    this.#told = highest;
    const { rttsMs, undeliverable } = parsePing(fresh.join('\n'));
    return { sent, rttsMs, undeliverable };
  }

  readonly stop = (): void => {
    process.off('exit', this.stop);
    this.#child.kill();
    closeSync(this.#file);
  };

  #read(): string {
    const bytes = readSync(this.#file, buffer, 0, buffer.length, this.#readTo);
    this.#readTo += bytes;
    return buffer.toString('latin1', 0, bytes);
  }
}

/** 0 where the line tells of no packet. */
function sequenceOf(line: string): number {
  return Number(/seq=(\d+)/.exec(line)?.[1] ?? 0);
}
