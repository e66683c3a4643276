import type { TimeSources } from '../clock.ts';
import type { Timers } from '../timers.ts';

type Timer = { at: number; run: () => void };

/** Clocks and timers that move when told to. */
export class VirtualTime {
  monotonic = 0;
  boot = 1_000_000;
  wall = 1_800_000_000_000;
  #timers: Timer[] = [];

  readonly sources: TimeSources = {
    originMs: 1_800_000_000_000,
    monotonicMs: () => this.monotonic,
    bootMs: () => this.boot,
    wallMs: () => this.wall,
  };

  readonly timers: Timers = {
    after: (ms, run) => {
      const timer = { at: this.monotonic + ms, run };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      };
    },
  };

  /** How many timers are set. */
  get armed(): number {
    return this.#timers.length;
  }

  /** All clocks go on, timers fire in order; promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.monotonic + ms;
    for (;;) {
      const next = this.#timers.reduce<Timer | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      );
      if (next === undefined || next.at > end) break;
      this.#move(Math.max(0, next.at - this.monotonic));
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.run();
      await settle();
    }
    this.#move(end - this.monotonic);
    await settle();
  }

  /** Linux: the monotonic clock stands still, timers with it. */
  sleep(ms: number): void {
    this.boot += ms;
    this.wall += ms;
  }

  /** The process is not run, but all clocks go on: sleep on Windows, or a stopped process. */
  freeze(ms: number): void {
    this.#move(ms);
  }

  #move(ms: number): void {
    this.monotonic += ms;
    this.boot += ms;
    this.wall += ms;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
