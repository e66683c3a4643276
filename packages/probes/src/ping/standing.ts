import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { type PingReport, parsePing } from './parse.ts';

/** Packets go out evenly, as many in 10 s as a single run sends. Seconds. */
const everyS = 2.5;
/** Runs that follow so closely are worth a program that goes on in between; it ends when none follows. Milliseconds. */
const closeMs = 20_000;
const idleMs = 35_000;
/** Where such a program found nothing to say, it is not started again for so long: the options are not every make's. */
const pauseMs = 600_000;
/** Numbers on the wire have 16 bits: long before they begin anew, another program does. */
const lastSequence = 30_000;

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
    if (report !== undefined) return report;
    if (entry.program !== undefined) {
      entry.program.stop();
      delete entry.program;
      entry.notBeforeMs = nowMs + pauseMs;
    }
    if (follows && nowMs >= entry.notBeforeMs) entry.program = new StandingPing(this.#program, address);
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
  #printed = '';
  /** The highest number whose fate was told. */
  #told = 0;

  constructor(program: string, address: string) {
    // -O says of each packet that was not answered when the next one went out.
    const words = ['-n', '-O', '-i', `${everyS}`, address];
    this.#child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    this.#child.on('error', () => {});
    this.#child.stdout?.setEncoding('latin1').on('data', (text: string) => {
      this.#printed += text;
    });
    // It must not keep an agent alive that has stopped, nor outlive it.
    this.#child.unref();
    const { stdout } = this.#child;
    if (stdout instanceof Socket) stdout.unref();
    process.once('exit', this.stop);
  }

  /** @returns what is new; undefined where nothing is, or the numbers come to an end: another has to go on */
  take(): StandingReport | undefined {
    const end = this.#printed.lastIndexOf('\n') + 1;
    const fresh = this.#printed
      .slice(0, end)
      .split('\n')
      .filter((line) => sequenceOf(line) > this.#told);
    this.#printed = this.#printed.slice(end);
    const highest = Math.max(0, ...fresh.map(sequenceOf));
    if (highest === 0 || highest > lastSequence) return undefined;
    const sent = highest - this.#told;
    this.#told = highest;
    const { rttsMs, undeliverable } = parsePing(fresh.join('\n'));
    return { sent, rttsMs, undeliverable };
  }

  readonly stop = (): void => {
    process.off('exit', this.stop);
    this.#child.kill();
  };
}

/** 0 where the line tells of no packet. */
function sequenceOf(line: string): number {
  return Number(/seq=(\d+)/.exec(line)?.[1] ?? 0);
}
