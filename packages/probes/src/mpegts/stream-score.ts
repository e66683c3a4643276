/**
 * How much of a stream could be watched: the share of its good seconds, from 0 to 100. It is in the spirit of the errored
 * seconds of ITU-T G.826, and no MOS: nothing here knows how pictures look. Pure.
 */

/** Pictures that stand still for so long are seen to. */
const freezeMs = 500;
/** Of fewer seconds each would weigh more than a fifth of the score. */
const leastSeconds = 5;

/** What a stream has shown up to a moment: counts since its beginning, which only grow. */
export type StreamTotals = Readonly<{
  packets: number;
  /**
   * RTP packets lost, continuity errors of pictures or sound, and the other indicators of priority 1 of TR 101 290: sync,
   * PAT, PMT and PID.
   */
  disturbances: number;
  /** Waits for pictures of half a second and more that have ended. */
  freezes: number;
  /** When pictures came last; undefined while it is not known that there are any. Monotonic milliseconds. */
  picturesMs: number | undefined;
  /** Whether a table or a PID that must be there is missing at this moment. */
  incomplete: boolean;
}>;

/** Whole seconds of a stream that is known to carry pictures. */
export type Seconds = Readonly<{
  scored: number;
  /** Without the stream, or disturbed. */
  bad: number;
  /** Not bad, and yet without pictures for half a second. */
  frozen: number;
}>;

/** Whether pictures that came last then have been missing for long by now. */
export function isFrozen(picturesMs: number, nowMs: number): boolean {
  return nowMs - picturesMs >= freezeMs;
}

/** Judges a stream second by second, each as it ends. */
export class StreamSeconds {
  #endMs: number;
  #packets = 0;
  #disturbances = 0;
  #freezes = 0;
  #scored = 0;
  #bad = 0;
  #frozen = 0;

  /** @param nowMs when the first second begins */
  constructor(nowMs: number) {
    this.#endMs = nowMs + 1000;
  }

  /** When the second that is under way ends: then somebody should {@link look}. */
  get endMs(): number {
    return this.#endMs;
  }

  /** Judges the seconds that have ended. What became known since the last look is of the first of them. */
  look(nowMs: number, totals: StreamTotals): void {
    for (; this.#endMs <= nowMs; this.#endMs += 1000) {
      if (totals.picturesMs !== undefined) this.#judge(totals, totals.picturesMs);
      this.#packets = totals.packets;
      this.#disturbances = totals.disturbances;
      this.#freezes = totals.freezes;
    }
  }

  /** The seconds since the last call. */
  read(): Seconds {
    const seconds = { scored: this.#scored, bad: this.#bad, frozen: this.#frozen };
    this.#scored = 0;
    this.#bad = 0;
    this.#frozen = 0;
    return seconds;
  }

  #judge({ packets, disturbances, freezes, incomplete }: StreamTotals, picturesMs: number): void {
    this.#scored += 1;
    if (packets === this.#packets || disturbances > this.#disturbances || incomplete) this.#bad += 1;
    else if (freezes > this.#freezes || isFrozen(picturesMs, this.#endMs)) this.#frozen += 1;
  }
}

/**
 * 100 · good seconds / all seconds, rounded down: 100 is said of a stream without any other.
 * @returns undefined where there are fewer than five seconds
 */
export function streamScore({ scored, bad, frozen }: Seconds): number | undefined {
  if (scored < leastSeconds) return undefined;
  return Math.floor((100 * (scored - bad - frozen)) / scored);
}
