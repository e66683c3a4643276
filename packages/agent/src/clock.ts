import { uptime } from 'node:os';

/** The clocks of this machine, in milliseconds; injected, so that time can be tested. */
export type TimeSources = Readonly<{
  /** What the wall clock showed when `monotonicMs` was zero. */
  originMs: number;
  /** Never goes back. Stands still in sleep on Linux, goes on in sleep on Windows. */
  monotonicMs: () => number;
  /** Since the machine was started, sleep included. */
  bootMs: () => number;
  /** As the user set it; may jump. */
  wallMs: () => number;
}>;

/** The machine's own clocks. `os.uptime` reads CLOCK_BOOTTIME on Linux and GetTickCount64 on Windows. */
export const systemTime: TimeSources = {
  originMs: performance.timeOrigin,
  monotonicMs: () => performance.now(),
  bootMs: () => uptime() * 1000,
  wallMs: () => Date.now(),
};

/** What a tick found out about the time since the tick before, in milliseconds. */
export type Tick = Readonly<{
  /** How long the machine was asleep; 0 where it was not. */
  sleptMs: number;
  /** How far somebody set the wall clock, forward positive; 0 where nobody did. */
  steppedMs: number;
  /** Readings of hub time that jump from what is known, and are not believed alone. */
  doubted: number;
  /** How far hub time was moved because several such readings agree, forward positive; 0 where it was not. */
  followedMs: number;
}>;

/** `os.uptime` counts hundredths of a second, and the clocks are read one after the other. */
const sleepThresholdMs = 1000;
/** Half of what NTP steps rather than slews would be 64 ms; a second is what samples can show. */
const stepThresholdMs = 1000;
/** The agent wakes every 10 s; a process that was not woken for so long shared the sleep of its machine. */
const longestWakeMs = 90_000;
/** An answer that took longer waited for a hub that was away, and tells the time too badly. */
const longestAnswerMs = 5000;
/**
 * The boot clock is a file on Linux, and the dearest thing that a wake would do. So long after it was read the other two
 * speak for it: after a sleep they have moved apart, unless somebody set the wall clock back by just as much meanwhile.
 */
const bootReadMs = 60_000;
/** A STAMP run takes no longer: one that ends sooner after a sleep may have begun before it. */
const longestRunMs = 15_000;
/** How fast two quartz clocks part, as NTP assumes it: 15 ppm (RFC 5905, PHI in section 7.1). */
const driftPerMs = 15e-6;
/** Measurements kept, as in the clock filter of RFC 5905, section 10. */
const filterSize = 8;

/**
 * One reading that jumps is damaged, late, or of a hub that was not set yet: so many have to agree, over so long. STAMP
 * brings them in twice that time, and a hub that was set for good is followed then.
 */
const agreeing = { readings: 3, overMs: 10_000 } as const;

type OffsetMeasurement = Readonly<{ offsetMs: number; rttMs: number; at: number; stamp: boolean }>;

/**
 * Hub time from the monotonic clock, whatever the wall clock of a classroom PC shows.
 *
 * Local time = `originMs` + monotonic clock + the sleep that the monotonic clock missed. Hub time = local time + offset,
 * where the offset comes from the best of the last measurements against the hub: each is right within half its round
 * trip, and ages by the drift of the clocks.
 */
export class HubClock {
  readonly #time: TimeSources;
  #measurements: OffsetMeasurement[] = [];
  /** Readings that jump, and agree among themselves. */
  #doubted: OffsetMeasurement[] = [];
  #missedSleepMs = 0;
  /** Found out since the last tick, while measurements came in. */
  #untold: Tick = nothing;
  /** Local time when the machine last woke; a measurement that began before is none. */
  #wokeMs = Number.NEGATIVE_INFINITY;
  /** As of the last look; between two readings the boot clock is the monotonic one carried on. */
  #last: Readonly<{ monotonic: number; boot: number; wall: number }>;
  /** The monotonic clock when the boot clock was read last. */
  #bootReadAt: number;

  constructor(time: TimeSources = systemTime) {
    this.#time = time;
    this.#last = this.#read();
    this.#bootReadAt = this.#last.monotonic;
  }

  /** Milliseconds on a clock that never goes back and goes on in sleep. Says nothing of the date's truth. */
  localMs(): number {
    return this.#time.originMs + this.#time.monotonicMs() + this.#missedSleepMs;
  }

  /** Hub time minus local time in milliseconds, or undefined before the first measurement. */
  offsetMs(): number | undefined {
    return this.#best()?.offsetMs;
  }

  /** Hub time in milliseconds since 1970, or undefined before the first measurement. */
  hubMs(): number | undefined {
    const offset = this.offsetMs();
    return offset === undefined ? undefined : this.localMs() + offset;
  }

  /** Hub time in seconds, the wall clock standing in before the first measurement: for lessons, never for samples. */
  bestGuessS(): number {
    return (this.hubMs() ?? this.#time.wallMs()) / 1000;
  }

  /** Where the clocks stand that outlive this process, in milliseconds: as the last look has it, like local time. */
  moment(): Readonly<{ bootMs: number; wallMs: number }> {
    const { monotonic, boot } = this.#last;
    return { bootMs: boot + this.#time.monotonicMs() - monotonic, wallMs: this.#time.wallMs() };
  }

  /** Hub's clock minus this machine's wall clock in milliseconds, or undefined before the first measurement. */
  wallOffsetMs(): number | undefined {
    const hub = this.hubMs();
    return hub === undefined ? undefined : hub - this.#time.wallMs();
  }

  /**
   * A STAMP run against the hub: its clock minus `originMs` + monotonic clock, right within half the round trip.
   */
  learnOffset(offsetMs: number, rttMs: number): void {
    this.#look();
    if (this.localMs() - this.#wokeMs < longestRunMs) return;
    this.#learn({ offsetMs: offsetMs - this.#missedSleepMs, rttMs, at: this.localMs(), stamp: true });
  }

  /**
   * A word of the hub that carries its time, sent after `askedAtMs` (local time) and received now: the clock of last
   * resort where UDP is blocked, worse than STAMP by as much as its round trip is longer.
   */
  learnTime(hubMs: number, askedAtMs: number): void {
    this.#look();
    const now = this.localMs();
    if (askedAtMs < this.#wokeMs || now - askedAtMs > longestAnswerMs) return;
    this.#learn({ offsetMs: hubMs - (askedAtMs + now) / 2, rttMs: now - askedAtMs, at: now, stamp: false });
  }

  /**
   * Compares the clocks; to be called on every wake of the agent, before anything is stamped. After sleep, local and
   * hub time jump on at once.
   *
   * Linux: the boot clock went on where the monotonic one stood still. Windows: both went on, but nobody was woken.
   * A wall clock that moved alone was set by somebody, which touches nothing here.
   */
  tick(): Tick {
    this.#look();
    const told = this.#untold;
    this.#untold = nothing;
    return told;
  }

  #best(): OffsetMeasurement | undefined {
    const now = this.localMs();
    let best: OffsetMeasurement | undefined;
    for (const measurement of this.#measurements)
      if (best === undefined || errorAt(measurement, now) < errorAt(best, now)) best = measurement;
    return best;
  }

  #look(): void {
    const { monotonic, boot, wall } = this.#last;
    const now = { monotonic: this.#time.monotonicMs(), wall: this.#time.wallMs() };
    const passed = now.monotonic - monotonic;
    const together = Math.abs(now.wall - wall - passed) < sleepThresholdMs / 2;
    if (together && now.monotonic - this.#bootReadAt < bootReadMs) {
      this.#last = { ...now, boot: boot + passed };
      return;
    }
    const { sleptMs, steppedMs } = this.#compare();
    if (sleptMs > 0) this.#wokeMs = this.localMs();
    const { sleptMs: slept, steppedMs: stepped } = this.#untold;
    this.#untold = { ...this.#untold, sleptMs: slept + sleptMs, steppedMs: stepped + steppedMs };
  }

  #compare(): Pick<Tick, 'sleptMs' | 'steppedMs'> {
    const now = this.#read();
    const monotonic = now.monotonic - this.#last.monotonic;
    const missed = now.boot - this.#last.boot - monotonic;
    const wall = now.wall - this.#last.wall;
    this.#last = now;
    this.#bootReadAt = now.monotonic;
    if (missed > sleepThresholdMs) {
      this.#missedSleepMs += missed;
      return { sleptMs: missed, steppedMs: overThreshold(wall - monotonic - missed) };
    }
    const sleptMs = monotonic > longestWakeMs ? monotonic : 0;
    return { sleptMs, steppedMs: overThreshold(wall - monotonic) };
  }

  /** Keeps a measurement; one that jumps from the best that is known waits until others say the same. */
  #learn(measurement: OffsetMeasurement): void {
    if (!Number.isFinite(measurement.offsetMs) || !(measurement.rttMs >= 0)) return;
    const known = this.#best();
    if (known !== undefined && contradict(known, measurement)) this.#doubt(known, measurement);
    else {
      // A commit that agrees proves nothing against what STAMP says.
      this.#doubted = this.#doubted.filter(({ stamp }) => stamp && !measurement.stamp);
      this.#keep([...this.#measurements, measurement]);
    }
  }

  /**
   * A clock was stepped (the hub's, or ours in the pause of a virtual machine) when several readings agree that it was:
   * then the older ones speak of another time.
   */
  #doubt(known: OffsetMeasurement, measurement: OffsetMeasurement): void {
    const alike = this.#doubted.filter((other) => !contradict(other, measurement));
    this.#doubted = [...alike, measurement].slice(-filterSize);
    this.#untold = { ...this.#untold, doubted: this.#untold.doubted + 1 };
    const sinceMs = this.#doubted[0]?.at ?? measurement.at;
    if (this.#doubted.length < agreeing.readings || measurement.at - sinceMs < agreeing.overMs) return;
    this.#keep(this.#doubted);
    this.#doubted = [];
    const movedMs = (this.#best()?.offsetMs ?? 0) - known.offsetMs;
    this.#untold = { ...this.#untold, followedMs: this.#untold.followedMs + movedMs };
  }

  #keep(measurements: readonly OffsetMeasurement[]): void {
    const newest = measurements.at(-1);
    const consistent = measurements.filter((older) => newest !== undefined && !contradict(older, newest));
    this.#measurements = consistent.slice(-filterSize);
  }

  #read(): Readonly<{ monotonic: number; boot: number; wall: number }> {
    return { monotonic: this.#time.monotonicMs(), boot: this.#time.bootMs(), wall: this.#time.wallMs() };
  }
}

const nothing: Tick = { sleptMs: 0, steppedMs: 0, doubted: 0, followedMs: 0 };

/** How wrong a measurement may be by now. */
function errorAt({ rttMs, at }: OffsetMeasurement, now: number): number {
  return rttMs / 2 + (now - at) * driftPerMs;
}

/** Clocks of PCs may be worse than NTP assumes: the tenfold of its drift, and the resolution of a coarse clock. */
function contradict(older: OffsetMeasurement, newer: OffsetMeasurement): boolean {
  const tolerance = (older.rttMs + newer.rttMs) / 2 + (newer.at - older.at) * driftPerMs * 10 + 20;
  return Math.abs(older.offsetMs - newer.offsetMs) > tolerance;
}

function overThreshold(ms: number): number {
  return Math.abs(ms) > stepThresholdMs ? ms : 0;
}
