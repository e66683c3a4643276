import { pcrStep, ticksPerMs } from './packet.ts';

/** A clock that jumps by more than that has another time base, and none passed. Milliseconds. */
const longestStepMs = 1000;
/** So many packets without a PCR, and another PID is asked: some 40 s at 8 Mbit/s. */
const patience = 200_000;

/**
 * Makes a time for the packets of a stream that has no arrival, as in a file: that of the first PID with PCRs, and between
 * two of them by the packets. It begins at 0 and never goes back.
 */
export class StreamTime {
  #pid: number | undefined;
  #pcr = 0;
  #pcrMs = 0;
  #sincePcr = 0;
  #msPerPacket = 0;
  #stepMs = 0;
  #nowMs = 0;

  /** @param pcr of the packet, in ticks, where it has one @returns milliseconds */
  at(pid: number, pcr: number | undefined): number {
    this.#sincePcr += 1;
    if (pcr !== undefined && (pid === this.#pid || this.#pid === undefined || this.#sincePcr > patience))
      this.#take(pid, pcr);
    // Where the rate varies, packets do not run far ahead of the clock.
    const sinceMs = Math.min(this.#sincePcr * this.#msPerPacket, this.#stepMs);
    this.#nowMs = Math.max(this.#nowMs, this.#pcrMs + sinceMs);
    return this.#nowMs;
  }

  #take(pid: number, pcr: number): void {
    const stepMs = pid === this.#pid ? pcrStep(this.#pcr, pcr) / ticksPerMs : Number.NaN;
    if (stepMs >= 0 && stepMs <= longestStepMs) {
      this.#msPerPacket = stepMs / this.#sincePcr;
      this.#stepMs = stepMs;
      this.#pcrMs += stepMs;
    } else this.#pcrMs = this.#nowMs;
    this.#pid = pid;
    this.#pcr = pcr;
    this.#sincePcr = 0;
  }
}
