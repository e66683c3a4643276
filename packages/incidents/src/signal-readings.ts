import { recogniseSignature } from '@tongtang/satellite/recognise-signature';
import type { SignatureKind } from '@tongtang/satellite/signature';
import { limits } from './thresholds.ts';

export type Reading = Readonly<{ time: number; locked: boolean; cnDb?: number; thresholdDb?: number }>;
export type Shape = Readonly<{ kind: SignatureKind; certainty: 'high' | 'low' | 'none' }>;
export type SignalState = Readonly<{
  readings: readonly Reading[];
  shapes: readonly (readonly [from: number, shape: Shape])[];
}>;

/** So much of the time before the trouble is looked at: five good readings, and a slow fall. Seconds. */
const beforeS = 1500;
const afterS = 60;
/** What lasted longer was no lorry in front of the dish: how it came back, says who repaired it and not what it was. Seconds. */
const passingS = 900;

/** The readings of one receiver, and what trouble looked like in them. */
export class SignalReadings {
  #readings: Reading[];
  /** Of trouble whose beginning may be out of sight by now. */
  readonly #shapes: Map<number, Shape>;

  constructor({ readings, shapes }: SignalState = { readings: [], shapes: [] }) {
    this.#readings = [...readings];
    this.#shapes = new Map(shapes);
  }

  add(reading: Reading): void {
    const last = this.#readings.at(-1);
    if (last === undefined || reading.time > last.time) this.#readings.push(reading);
    else {
      const at = this.#readings.findIndex(({ time }) => time >= reading.time);
      this.#readings.splice(at, this.#readings[at]?.time === reading.time ? 1 : 0, reading);
    }
    const [first] = this.#readings;
    if (first !== undefined && reading.time - first.time > 2 * limits.readingsS)
      this.#readings = this.#readings.filter(({ time }) => time > reading.time - limits.readingsS);
  }

  /** What trouble from one time to another looks like. */
  shape(from: number, to: number, sunOutages: readonly Readonly<{ begin: number; end: number }>[]): Shape {
    const [first] = this.#readings;
    const known = this.#shapes.get(from);
    if (known !== undefined && (first === undefined || first.time > from - beforeS / 2)) return known;
    const until = to - from > passingS ? to - 1 : to + afterS;
    const seen = this.#readings.filter(({ time }) => time >= from - beforeS && time <= until);
    const thresholdDb = seen.find((reading) => reading.thresholdDb !== undefined)?.thresholdDb;
    const { kind, certainty } = recogniseSignature(seen, {
      ...(thresholdDb !== undefined && { thresholdDb }),
      sunOutages,
    });
    this.#shapes.set(from, { kind, certainty });
    return { kind, certainty };
  }

  /** Forgets the shapes of trouble from before a time. */
  forget(before: number): void {
    for (const from of this.#shapes.keys()) if (from < before) this.#shapes.delete(from);
  }

  rewind(to: number): void {
    this.#readings = this.#readings.filter(({ time }) => time < to);
    for (const from of this.#shapes.keys()) if (from >= to) this.#shapes.delete(from);
  }

  state(): SignalState {
    return { readings: [...this.#readings], shapes: [...this.#shapes] };
  }
}
