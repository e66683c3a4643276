import type { Reading } from '@tongtang/model/sample';
import type { OutboxStats } from '@tongtang/outbox/outbox';

/** What the agent knows of itself when it is asked. */
export type SelfSources = Readonly<{
  /** Microseconds of processor time since start, user and system. */
  cpuMicros: () => number;
  residentBytes: () => number;
  monotonicMs: () => number;
  outbox: () => OutboxStats;
  /** Hub time in milliseconds, or undefined before it is known. */
  hubMs: () => number | undefined;
  wallOffsetMs: () => number | undefined;
  wireBytesToday: () => number;
  reconnects: () => number;
}>;

/** The agent's own cost, clock and backlog, as the measurement `agent`. */
export class SelfMeter {
  readonly #sources: SelfSources;
  #last: Readonly<{ cpuMicros: number; atMs: number }>;
  #sleptMs = 0;

  constructor(sources: SelfSources) {
    this.#sources = sources;
    this.#last = { cpuMicros: sources.cpuMicros(), atMs: sources.monotonicMs() };
  }

  /** The machine was asleep for so long. */
  slept(ms: number): void {
    this.#sleptMs += ms;
  }

  /** Measures since the last call. */
  reading(): Reading {
    const { cpuMicros, monotonicMs, outbox, hubMs, wallOffsetMs } = this.#sources;
    const now = { cpuMicros: cpuMicros(), atMs: monotonicMs() };
    const busyMs = (now.cpuMicros - this.#last.cpuMicros) / 1000;
    const passedMs = now.atMs - this.#last.atMs;
    this.#last = now;
    const sleptMs = this.#sleptMs;
    this.#sleptMs = 0;
    const { samples, bytes, oldestTime, dropped, failedWrites } = outbox();
    const hub = hubMs();
    const offset = wallOffsetMs();
    return {
      measurement: 'agent',
      tags: {},
      fields: {
        ...(passedMs > 0 && { cpu_ratio: Math.min(1, busyMs / passedMs) }),
        resident_bytes: this.#sources.residentBytes(),
        wire_bytes: Math.round(this.#sources.wireBytesToday()),
        outbox_samples: samples,
        outbox_bytes: bytes,
        ...(hub !== undefined &&
          oldestTime !== undefined && { outbox_oldest_s: Math.max(0, Math.round(hub / 1000 - oldestTime)) }),
        dropped_samples: dropped,
        failed_writes: failedWrites,
        ...(offset !== undefined && { clock_offset_ms: offset }),
        slept_s: sleptMs / 1000,
        reconnects: this.#sources.reconnects(),
      },
    };
  }
}

/** Buffers of sockets and zlib are freed late otherwise, and memory grows for hours. A collection takes 7 to 15 ms. */
const collectEveryMs = 300_000;

/** Collects garbage now and then, where Node was started with `--expose-gc`. */
export class GarbageCollection {
  readonly #monotonicMs: () => number;
  #lastMs: number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#lastMs = monotonicMs();
  }

  /** To be called more often than it shall happen. */
  collect(): void {
    if (globalThis.gc === undefined || this.#monotonicMs() - this.#lastMs < collectEveryMs) return;
    this.#lastMs = this.#monotonicMs();
    globalThis.gc();
  }
}
