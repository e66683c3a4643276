import { ticksPerMs } from './packet.ts';

/** PCRs through which a line is fitted: a second or so, in which no oscillator drifts by what is looked for. */
const points = 32;
/** TR 101 290, indicator 2.4. */
const limitNs = 500;
const nsPerTick = 1e6 / ticksPerMs;
/** A stream whose PCRs are this far from a line, of their mean distance, has no constant rate. */
const constantShare = 0.01;

/**
 * How far PCRs are from where a constant rate puts them by the position of their packets (PCR_AC of TR 101 290, annex I):
 * this takes no time of arrival, so the network has no part in it. A line of least squares stands for the rate.
 */
export class RateLine {
  /** From the first PCR of the line. */
  readonly #ticks = new Float64Array(points);
  readonly #positions = new Float64Array(points);
  #used = 0;
  #firstTicks = 0;
  #firstPosition = 0;
  #errors = 0;
  #farthestNs: number | undefined;
  #constant = true;

  /** What was collected is dropped. */
  begin(): void {
    this.#used = 0;
  }

  add(ticks: number, position: number): void {
    // A clock that wraps ends a line: it does so once in 26 hours.
    if (ticks < this.#firstTicks) this.#used = 0;
    if (this.#used === 0) {
      this.#firstTicks = ticks;
      this.#firstPosition = position;
    }
    this.#ticks[this.#used] = ticks - this.#firstTicks;
    this.#positions[this.#used] = position - this.#firstPosition;
    this.#used += 1;
    if (this.#used === points) this.#judge();
  }

  /** What was found since the last call; `farthestNs` is absent where no line was whole or the rate is not constant. */
  read(): Readonly<{ errors: number; farthestNs: number | undefined }> {
    const found = this.#constant
      ? { errors: this.#errors, farthestNs: this.#farthestNs }
      : { errors: 0, farthestNs: undefined };
    this.#errors = 0;
    this.#farthestNs = undefined;
    this.#constant = true;
    return found;
  }

  #judge(): void {
    this.#used = 0;
    const meanX = mean(this.#positions);
    const meanY = mean(this.#ticks);
    let [xx, xy] = [0, 0];
    for (let point = 0; point < points; point += 1) {
      const across = (this.#positions[point] ?? 0) - meanX;
      xx += across * across;
      xy += across * ((this.#ticks[point] ?? 0) - meanY);
    }
    const slope = xy / xx;
    let [farthest, errors] = [0, 0];
    for (let point = 0; point < points; point += 1) {
      const line = meanY + slope * ((this.#positions[point] ?? 0) - meanX);
      const off = Math.abs((this.#ticks[point] ?? 0) - line);
      farthest = Math.max(farthest, off);
      if (off * nsPerTick > limitNs) errors += 1;
    }
    const distance = (this.#ticks[points - 1] ?? 0) / (points - 1);
    if (!(farthest < distance * constantShare)) {
      this.#constant = false;
      return;
    }
    this.#errors += errors;
    this.#farthestNs = Math.max(this.#farthestNs ?? 0, farthest * nsPerTick);
  }
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
