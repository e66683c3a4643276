import { setTimeout as wait } from 'node:timers/promises';
import type { HubMetrics } from '../metrics.ts';
import type { CountyWatch } from './county-watch.ts';

export type WorkParts = Readonly<{
  counties: ReadonlyMap<string, CountyWatch>;
  /** When no hub ran before this one. */
  away: Readonly<{ from: number; to: number }> | undefined;
  metrics: Pick<HubMetrics, 'replays'>;
  /**
   * Whether a crowd of agents is coming in: what is read from the store waits for it. However long one comes in, this is so for no more than
   * half of the time, or what asks thousands of questions would never have the last one answered (precedence.ts).
   */
  busy: () => boolean;
  stopping: AbortSignal;
  /** Something could not be done; it is tried again. */
  failed: (what: string, error: unknown) => void;
}>;

/** Replays, and keeping what was concluded, take no more than this share of the time. A backlog comes in for minutes. */
const replays = { everyMs: 60_000, share: 10 } as const;
const keeping = { everyMs: 30_000, share: 30 } as const;
/** How long it waits before it looks again whether the hub is busy. */
const busyMs = 500;
/** A store that answers at once lets nobody else have a turn: after so long there is a pause, as long as what was before it. */
const breathMs = { every: 15, most: 100 } as const;
/** After something failed: a store that does not answer, say. */
const afterErrorMs = 10_000;

type Work = Readonly<{ failure: string; run: () => Promise<void> }>;

/** What takes its time in the watch over counties: one thing after the other, what matters first. */
export class CountyWork {
  readonly #parts: WorkParts;
  readonly #toSettle = new Set<string>();
  #nextReplayMs = 0;
  #nextKeepMs = 0;
  #notBeforeMs = 0;
  #breathedMs = 0;

  constructor(parts: WorkParts) {
    this.#parts = parts;
  }

  /** Inventory, timetable or agents of a county are other than before. */
  changed(county: string): void {
    this.#toSettle.add(county);
  }

  /** Does the next thing, if there is one. Never rejects. */
  async next(): Promise<void> {
    if (performance.now() < this.#notBeforeMs) return;
    const work = this.#nextWork();
    try {
      await work?.run();
    } catch (error) {
      if (this.#parts.stopping.aborted) return;
      this.#notBeforeMs = performance.now() + afterErrorMs;
      this.#parts.failed(work?.failure ?? '', error);
    }
  }

  /** Waits while the hub is busy, and lets everybody else have as much time. @throws where it stops */
  async calm(): Promise<void> {
    const { busy, stopping } = this.#parts;
    const spentMs = performance.now() - this.#breathedMs;
    if (spentMs > breathMs.every) {
      await wait(Math.min(spentMs, breathMs.most), undefined, { ref: false });
      this.#breathedMs = performance.now();
    }
    while (busy() && !stopping.aborted) await wait(busyMs, undefined, { ref: false });
    stopping.throwIfAborted();
  }

  #nextWork(): Work | undefined {
    const counties = [...this.#parts.counties];
    const nowMs = performance.now();
    for (const [id, county] of counties)
      if (!county.isReady)
        return { failure: `incidents of ${id} could not be taken up`, run: () => this.#begin(county) };
    for (const [id, county] of counties)
      if (this.#toSettle.has(id) || !county.isOfToday())
        return { failure: `${id} could not be settled`, run: () => this.#settle(id, county) };
    const late = counties.flatMap(([, county]) => (county.isLate ? [county] : []));
    if (late.length > 0 && nowMs >= this.#nextReplayMs)
      return { failure: 'what came late could not be weighed', run: () => this.#replay(late) };
    if (nowMs < this.#nextKeepMs) return undefined;
    return { failure: 'what was concluded could not be kept', run: () => this.#keep() };
  }

  async #begin(county: CountyWatch): Promise<void> {
    await this.calm();
    await county.begin(this.#parts.away);
    await county.followSun();
  }

  async #settle(id: string, county: CountyWatch): Promise<void> {
    this.#toSettle.delete(id);
    try {
      await county.settle();
    } catch (error) {
      this.#toSettle.add(id);
      throw error;
    }
    await county.followSun();
  }

  async #replay(late: readonly CountyWatch[]): Promise<void> {
    const startMs = performance.now();
    try {
      for (const county of late) await county.replay();
      this.#parts.metrics.replays.inc(late.length);
    } finally {
      this.#nextReplayMs = after(startMs, replays);
    }
  }

  async #keep(): Promise<void> {
    const startMs = performance.now();
    try {
      for (const county of this.#parts.counties.values()) await county.keep();
    } finally {
      this.#nextKeepMs = after(startMs, keeping);
    }
  }
}

/** When something may be done again that began at a time and ends now. */
function after(startMs: number, { everyMs, share }: Readonly<{ everyMs: number; share: number }>): number {
  const nowMs = performance.now();
  return nowMs + Math.max(everyMs, share * (nowMs - startMs));
}
