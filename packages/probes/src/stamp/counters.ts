/** What a reflector counts, in memory that its thread and the reader share. */
const place = {
  received: 0,
  replied: 1,
  malformed: 2,
  refused: 3,
  limited: 4,
  unsent: 5,
  sessions: 6,
} as const;
const names = Object.keys(place).length;

/** Packets since start, and sessions now. */
export type ReflectorCounters = Readonly<{
  received: number;
  replied: number;
  /** Too short to be a request. */
  malformed: number;
  /** From a port that no sender uses. */
  refused: number;
  /** Above the cap of packets a second for one address. */
  limited: number;
  /** Replies that the system did not take. */
  unsent: number;
  sessions: number;
}>;

export class SharedCounters {
  readonly memory: SharedArrayBuffer;
  readonly #values: BigInt64Array;

  /** @param memory of the counters in another thread; absent: new ones, all 0 */
  constructor(memory = new SharedArrayBuffer(names * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#values = new BigInt64Array(memory);
  }

  count(name: Exclude<keyof typeof place, 'sessions'>): void {
    Atomics.add(this.#values, place[name], 1n);
  }

  setSessions(number: number): void {
    Atomics.store(this.#values, place.sessions, BigInt(number));
  }

  read(): ReflectorCounters {
    const value = (name: keyof typeof place) => Number(Atomics.load(this.#values, place[name]));
    return {
      received: value('received'),
      replied: value('replied'),
      malformed: value('malformed'),
      refused: value('refused'),
      limited: value('limited'),
      unsent: value('unsent'),
      sessions: value('sessions'),
    };
  }
}
