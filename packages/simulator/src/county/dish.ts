import type { Satellite, School } from '@tongtang/model/inventory';
import type { Place } from '@tongtang/satellite/line-of-sight';
import { implementationLossDb } from '@tongtang/satellite/link-margin';
import { thresholdEsN0Db } from '@tongtang/satellite/modcod';
import { type SunOutage, sunOutages } from '@tongtang/satellite/sun-outages';
import { Noise } from './noise.ts';

/** How lessons are modulated in a simulated county. */
export const carrier = {
  modulation: 'DVB-S2 8PSK 3/4',
  symbolRate: 27_500_000,
  frequencyHz: 1_190_500_000,
  /** The C/N below which its receivers lose lock, dB. */
  thresholdDb: thresholdEsN0Db({ standard: 'DVB-S2', modcod: '8PSK 3/4' }) + implementationLossDb['DVB-S2'],
} as const;

/** Margins under a clear sky, dB: docs/metrics.md asks for 5 to 6. */
const clearMarginDb = { least: 5.6, most: 6.4 } as const;
/** What the Sun takes from C/N of a common Ku-band dish when it stands right behind the satellite, dB. Assumed. */
const sunDb = 11;
/** The sky turns 15° an hour. Degrees a second. */
const skyDegPerS = 15 / 3600;

/** One school's dish under the Sun. */
export class Dish {
  /** C/N under a clear sky, dB. */
  readonly clearDb: number;
  readonly #noise: Noise;
  readonly #compute: (year: number) => readonly SunOutage[];
  readonly #years = new Map<number, readonly SunOutage[]>();

  /** @param satellite without it, or without the school's place, the Sun never comes */
  constructor(seed: number, { id, lat, lon }: School, satellite: Satellite | undefined) {
    this.#noise = new Noise(seed, `${id} dish`);
    const { least, most } = clearMarginDb;
    this.clearDb = carrier.thresholdDb + least + (most - least) * this.#noise.at(0);
    this.#compute =
      lat === undefined || lon === undefined || satellite === undefined
        ? () => []
        : (year) => outagesOf({ lat, lon, heightM: 0 }, satellite, year);
  }

  /** Computed sun outages that touch a span. Seconds since 1970. */
  sunOutages(from: number, to: number): SunOutage[] {
    const years: number[] = [];
    for (let year = yearOf(from); year <= yearOf(to); year += 1) years.push(year);
    return years
      .flatMap((year) => this.#outagesOf(year))
      .filter(({ begin, end }) => begin < to && end > from);
  }

  /** What the Sun takes from C/N, dB. Its noise falls off as the antenna's main lobe does (Gaussian). */
  sunLossDb(time: number): number {
    for (const { begin, peak, end, separationDeg } of this.#outagesOf(yearOf(time))) {
      if (time < begin || time > end) continue;
      const outageDeg = Math.hypot(separationDeg, (end - peak) * skyDegPerS);
      const nowDeg = Math.hypot(separationDeg, (time - peak) * skyDegPerS);
      return sunDb * Math.exp(-2.5 * (nowDeg / outageDeg) ** 2);
    }
    return 0;
  }

  /** How C/N wanders by itself, dB: cold nights, drifting satellites. */
  wanderDb(time: number): number {
    return 0.2 * this.#noise.wander(time, 3 * 3600);
  }

  #outagesOf(year: number): readonly SunOutage[] {
    const known = this.#years.get(year) ?? this.#compute(year);
    this.#years.set(year, known);
    return known;
  }
}

/** A year of one dish takes 20 ms, and every county at the same place has the same. */
const computed = new Map<string, readonly SunOutage[]>();
const mostComputed = 1000;

function outagesOf(place: Place, satellite: Satellite, year: number): readonly SunOutage[] {
  const { longitudeDeg, downlinkGHz, dishDiameterM } = satellite;
  const key = JSON.stringify([place.lat, place.lon, longitudeDeg, downlinkGHz, dishDiameterM, year]);
  const known = computed.get(key);
  if (known !== undefined) return known;
  const outages = sunOutages(place, longitudeDeg, satellite, year);
  if (computed.size >= mostComputed) computed.clear();
  computed.set(key, outages);
  return outages;
}

function yearOf(time: number): number {
  return new Date(time * 1000).getUTCFullYear();
}
