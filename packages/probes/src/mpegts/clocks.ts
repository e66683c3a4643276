import { mostPids } from './continuity.ts';
import { pcrStep, ticksPerMs } from './packet.ts';
import { RateLine } from './rate-line.ts';
import { Repetition } from './repetition.ts';

/** TR 101 290, indicators 2.3a and 2.3b; 40 ms is what older equipment holds for the limit. */
const limitMs = 100;
const formerLimitMs = 40;
/** Jitter is smoothed as RFC 3550, 6.4.1 does. */
const jitterGain = 1 / 16;
/** A line is fitted through the PCRs of so many PIDs at most: it takes memory. */
const mostLines = 64;

/** What the PCRs of an interval showed. Absent: no two PCRs could be compared. */
export type ClockReport = Readonly<{
  repetitionErrors: number;
  discontinuityErrors: number;
  longestMs: number | undefined;
  /** Waits over 40 ms. */
  sparse: number;
  jitterMs: number | undefined;
  /** Largest minus smallest of arrival minus PCR. */
  spreadMs: number | undefined;
  accuracyErrors: number;
  /** The farthest that a PCR was from where a constant rate puts it. */
  accuracyNs: number | undefined;
}>;

/** Follows the programme clock references of a stream, each PID's by itself. */
export class Clocks {
  /** Whether packets have a time of arrival. Those of a file have none: their times are made of the PCRs. */
  readonly #arrival: boolean;
  readonly #known = new Uint8Array(mostPids);
  readonly #pcr = new Float64Array(mostPids);
  readonly #arrivedMs = new Float64Array(mostPids);
  /** The stream said that the next PCR is of another time base. */
  readonly #jumps = new Uint8Array(mostPids);
  /** Arrival minus PCR, from an origin of its own for each time base. */
  readonly #delayMs = new Float64Array(mostPids);
  readonly #leastMs = new Float64Array(mostPids);
  readonly #mostMs = new Float64Array(mostPids);
  readonly #repetition = new Repetition(limitMs, mostPids);
  readonly #lines = new Map<number, RateLine>();
  #discontinuityErrors = 0;
  #sparse = 0;
  #jitterMs: number | undefined;
  #spreadMs: number | undefined;

  constructor(arrival: boolean) {
    this.#arrival = arrival;
  }

  /** A packet of the PID had its discontinuity_indicator set. */
  announceJump(slot: number): void {
    this.#jumps[slot] = 1;
  }

  /** @param position of its packet among all of the stream, lost ones included where they are known */
  pcr(slot: number, pcr: number, position: number, nowMs: number): void {
    const announced = this.#jumps[slot] === 1;
    const first = this.#known[slot] === 0;
    const stepMs = pcrStep(this.#pcr[slot] ?? 0, pcr) / ticksPerMs;
    const steady = !first && !announced && stepMs >= 0 && stepMs <= limitMs;
    this.#known[slot] = 1;
    this.#jumps[slot] = 0;
    this.#pcr[slot] = pcr;
    if (!first && !announced && !steady) this.#discontinuityErrors += 1;
    // Where the clock went on in time, it was the network that held it up.
    const waitMs = this.#repetition.seen(slot, nowMs, steady);
    if (waitMs > formerLimitMs) this.#sparse += 1;
    // A step of seconds is no step: the time base is another.
    if (first || announced || stepMs < 0 || stepMs > 1000) this.#begin(slot, nowMs);
    else if (this.#arrival) this.#compare(slot, stepMs, nowMs);
    this.#arrivedMs[slot] = nowMs;
    this.#lineOf(slot, first || announced || !steady)?.add(pcr, position);
  }

  /** Packets are missing: positions before and after cannot be compared. */
  lose(): void {
    for (const line of this.#lines.values()) line.begin();
  }

  /** The stream was away: what comes next is not compared with what was before. */
  interrupt(): void {
    this.#known.fill(0);
    this.#jumps.fill(0);
    this.#repetition.forgetAll();
    this.#lines.clear();
  }

  /** @param constantRate whether the stream is filled up to a constant rate */
  read(nowMs: number, constantRate: boolean): ClockReport {
    const { errors, longestMs } = this.#repetition.read(nowMs);
    const accuracy = { errors: 0, farthestNs: -1 };
    for (const line of this.#lines.values()) {
      const found = line.read();
      accuracy.errors += found.errors;
      accuracy.farthestNs = Math.max(accuracy.farthestNs, found.farthestNs ?? -1);
    }
    const measured = constantRate && accuracy.farthestNs >= 0;
    const report = {
      repetitionErrors: errors,
      discontinuityErrors: this.#discontinuityErrors,
      longestMs,
      sparse: this.#sparse,
      jitterMs: this.#spreadMs === undefined ? undefined : this.#jitterMs,
      spreadMs: this.#spreadMs,
      accuracyErrors: measured ? accuracy.errors : 0,
      accuracyNs: measured ? accuracy.farthestNs : undefined,
    };
    this.#discontinuityErrors = 0;
    this.#sparse = 0;
    this.#spreadMs = undefined;
    this.#leastMs.set(this.#delayMs);
    this.#mostMs.set(this.#delayMs);
    return report;
  }

  #begin(slot: number, nowMs: number): void {
    this.#arrivedMs[slot] = nowMs;
    this.#delayMs[slot] = 0;
    this.#leastMs[slot] = 0;
    this.#mostMs[slot] = 0;
  }

  #compare(slot: number, stepMs: number, nowMs: number): void {
    const difference = nowMs - (this.#arrivedMs[slot] ?? 0) - stepMs;
    const delay = (this.#delayMs[slot] ?? 0) + difference;
    const least = Math.min(this.#leastMs[slot] ?? 0, delay);
    const most = Math.max(this.#mostMs[slot] ?? 0, delay);
    this.#delayMs[slot] = delay;
    this.#leastMs[slot] = least;
    this.#mostMs[slot] = most;
    this.#spreadMs = Math.max(this.#spreadMs ?? 0, most - least);
    const size = Math.abs(difference);
    this.#jitterMs =
      this.#jitterMs === undefined ? size : this.#jitterMs + (size - this.#jitterMs) * jitterGain;
  }

  #lineOf(slot: number, anew: boolean): RateLine | undefined {
    const known = this.#lines.get(slot);
    if (known !== undefined) {
      if (anew) known.begin();
      return known;
    }
    if (this.#lines.size === mostLines) return undefined;
    const line = new RateLine();
    this.#lines.set(slot, line);
    return line;
  }
}
