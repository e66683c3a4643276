import type { EvidenceSample } from '@tongtang/incidents/agent-evidence';

/** What of an agent came together. Hub time in seconds. */
export type Batch = Readonly<{ agent: string; samples: readonly EvidenceSample[]; arrivedAt: number }>;

/** What waits beyond this is read from the store instead. Samples. */
const mostWaiting = 200_000;

/** What came and waits to be weighed, bounded: for days, where the hub's clock is in doubt and nothing is concluded. */
export class Arrivals {
  #queue: Batch[] = [];
  #waiting = 0;
  /** Of agents of which more came than found room: the newest, for they are there and must not be taken for silent. */
  readonly #newest = new Map<string, Batch>();
  /** Of agents of which more came than found room: from when on. */
  readonly #missed = new Map<string, number>();

  /** Samples that wait. */
  get waiting(): number {
    return this.#waiting + this.#newest.size;
  }

  /** Of which agents the store has to be read: measurement time of the earliest that found no room. */
  get missed(): ReadonlyMap<string, number> {
    return this.#missed;
  }

  /** The measurement time of the earliest that waits or found no room. */
  get earliest(): number {
    let earliest = Math.min(Number.POSITIVE_INFINITY, ...this.#missed.values());
    for (const batches of [this.#queue, this.#newest.values()])
      for (const { samples } of batches) for (const { time } of samples) earliest = Math.min(earliest, time);
    return earliest;
  }

  add({ agent, samples, arrivedAt }: Batch): void {
    if (this.#waiting + samples.length <= mostWaiting) {
      this.#queue.push({ agent, samples: samples.map(bare), arrivedAt });
      this.#waiting += samples.length;
      return;
    }
    // The rest is read from the store.
    const known = this.#newest.get(agent);
    const [first, ...others] = [...(known?.samples ?? []), ...samples];
    if (first === undefined) return;
    const newest = others.reduce((newer, one) => (one.time > newer.time ? one : newer), first);
    if (newest !== known?.samples[0]) this.#newest.set(agent, { agent, samples: [bare(newest)], arrivedAt });
    this.miss(
      agent,
      samples.reduce((earliest, { time }) => Math.min(earliest, time), Number.POSITIVE_INFINITY),
    );
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
    if (this.#queue.length > 0) return true;
    for (const [agent, batch] of this.#newest) {
      if (enough()) break;
      this.#newest.delete(agent);
      take(batch);
    }
    return this.#newest.size > 0;
  }
}

/** Without what a decoded sample has beside it: the text of its whole batch. */
function bare({ measurement, tags, time, fields }: EvidenceSample): EvidenceSample {
  return { measurement, tags, time, fields };
}
