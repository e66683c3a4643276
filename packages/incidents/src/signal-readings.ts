import { recogniseSignature } from '@tongtang/satellite/recognise-signature';
import type { SignatureKind } from '@tongtang/satellite/signature';
import { limits } from './thresholds.ts';

export type Reading = Readonly<{ time: number; locked: boolean; cnDb?: number; thresholdDb?: number }>;
export type Shape = Readonly<{ kind: SignatureKind; certainty: 'high' | 'low' | 'none' }>;
export type SignalState = Readonly<{
  readings: readonly Reading[];
  shapes: readonly (readonly [from: number, shape: Shape])[];
  onsets: readonly (readonly [from: number, shape: Shape])[];
}>;

/** So much of the time before the trouble is looked at: five good readings, and a slow fall. Seconds. */
const beforeS = 1500;
const afterS = 60;
/** What lasted longer was no lorry in front of the dish: how it came back, says who repaired it and not what it was. Seconds. */
const passingS = 900;
/** What trouble is like, shows in its first hour; later it may only be doubted again, as rain that lasts too long. Seconds. */
const onsetS = 3600;

/** A shape, and what it was recognised from: looks come more often than readings. */
type Recognised = Shape & Readonly<{ seen: string }>;

type SunOutages = readonly Readonly<{ begin: number; end: number }>[];

/** The readings of one receiver, and what trouble looked like in them. */
export class SignalReadings {
  #readings: Reading[];
  /** Of trouble whose beginning may be out of sight by now. */
  readonly #shapes: Map<number, Recognised>;
  readonly #onsets: Map<number, Recognised>;
  /** Grows with every change of the readings. */
  #changes = 0;

  constructor({ readings, shapes, onsets }: SignalState = { readings: [], shapes: [], onsets: [] }) {
    this.#readings = [...readings];
    this.#shapes = recalled(shapes);
    this.#onsets = recalled(onsets);
  }

  add(reading: Reading): void {
    this.#changes += 1;
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
  shape(from: number, to: number, sunOutages: SunOutages): Shape {
    return this.#recognise(this.#shapes, from, to, sunOutages);
  }

  /** What it looked like as it began: the same for good after an hour, so that what belongs together stays together. */
  onset(from: number, to: number, sunOutages: SunOutages): Shape {
    return this.#recognise(this.#onsets, from, Math.min(to, from + onsetS), sunOutages);
  }

  #recognise(shapes: Map<number, Recognised>, from: number, to: number, sunOutages: SunOutages): Shape {
    const [first] = this.#readings;
    const known = shapes.get(from);
    if (known !== undefined && (first === undefined || first.time > from - beforeS / 2)) return known;
    const until = to - from > passingS ? to - 1 : to + afterS;
    const last = Math.min(until, this.#readings.at(-1)?.time ?? until);
    const seen = `${this.#changes} ${last} ${sunOutages.length}`;
    if (known?.seen === seen) return known;
    const readings = this.#readings.filter(({ time }) => time >= from - beforeS && time <= until);
    const thresholdDb = readings.find((reading) => reading.thresholdDb !== undefined)?.thresholdDb;
    const { kind, certainty } = recogniseSignature(readings, {
      ...(thresholdDb !== undefined && { thresholdDb }),
      sunOutages,
    });
    const shape = { kind, certainty, seen };
    shapes.set(from, shape);
    return shape;
  }

  /** Forgets the shapes of trouble from before a time. */
  forget(before: number): void {
    for (const shapes of [this.#shapes, this.#onsets])
      for (const from of shapes.keys()) if (from < before) shapes.delete(from);
  }

  rewind(to: number): void {
    this.#changes += 1;
    this.#readings = this.#readings.filter(({ time }) => time < to);
    for (const shapes of [this.#shapes, this.#onsets])
      for (const from of shapes.keys()) if (from >= to) shapes.delete(from);
  }

  state(): SignalState {
    return { readings: [...this.#readings], shapes: told(this.#shapes), onsets: told(this.#onsets) };
  }
}

function recalled(shapes: SignalState['shapes']): Map<number, Recognised> {
  return new Map(shapes.map(([from, shape]) => [from, { ...shape, seen: '' }]));
}

function told(shapes: ReadonlyMap<number, Recognised>): SignalState['shapes'] {
  return [...shapes].map(([from, { kind, certainty }]) => [from, { kind, certainty }]);
}
