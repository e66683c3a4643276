import type { EvidenceSample } from '@tongtang/incidents/agent-evidence';

/** What of an agent came together. Hub time in seconds. */
export type Batch = Readonly<{ agent: string; samples: readonly EvidenceSample[]; arrivedAt: number }>;

/** What waits beyond this is read from the store instead. Samples. */
const mostWaiting = 200_000;

/** What came and waits to be weighed, bounded. */
export class Arrivals {
  #queue: Batch[] = [];
  #waiting = 0;
  /** Of agents of which more came than found room: from when on. */
  readonly #missed = new Map<string, number>();

  /** Samples that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Of which agents the store has to be read: measurement time of the earliest that found no room. */
  get missed(): ReadonlyMap<string, number> {
    return this.#missed;
  }

  /** The measurement time of the earliest that waits or found no room. */
  get earliest(): number {
    let earliest = Math.min(Number.POSITIVE_INFINITY, ...this.#missed.values());
    for (const { samples } of this.#queue)
      for (const { time } of samples) earliest = Math.min(earliest, time);
    return earliest;
  }

  add(batch: Batch): void {
    const { agent, samples, arrivedAt } = batch;
    if (this.#waiting + samples.length <= mostWaiting) {
      this.#enqueue(batch);
      return;
    }
    // The rest is read from the store; but the agent is there, and must not be taken for silent.
    const newest = samples.toSorted((a, b) => b.time - a.time).slice(0, 1);
    this.#enqueue({ agent, samples: newest, arrivedAt });
    this.miss(agent, Math.min(...samples.map(({ time }) => time)));
  }

  /** Has the store read for an agent, from a time on. */
  miss(agent: string, from: number): void {
    this.#missed.set(agent, Math.min(this.#missed.get(agent) ?? from, from));
  }

  /** Gives away what was missed: whoever takes it reads it. */
  takeMissed(): ReadonlyMap<string, number> {
    const missed = new Map(this.#missed);
    this.#missed.clear();
    return missed;
  }

  /** Hands over batch after batch, until `enough()`. @returns whether some is left */
  drain(take: (batch: Batch) => void, enough: () => boolean): boolean {
    let done = 0;
    for (const batch of this.#queue) {
      if (enough()) break;
      done += 1;
      this.#waiting -= batch.samples.length;
      take(batch);
    }
    this.#queue.splice(0, done);
    return this.#queue.length > 0;
  }

  #enqueue(batch: Batch): void {
    this.#queue.push(batch);
    this.#waiting += batch.samples.length;
  }
}
