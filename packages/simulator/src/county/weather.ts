import { Noise } from './noise.ts';
import type { SchoolDays } from './school-days.ts';

/** Where something stands. Degrees, north and east positive. */
export type Spot = Readonly<{ lat: number; lon: number }>;

/** A shower on its way over the county. */
type Cell = Readonly<{
  from: number;
  to: number;
  start: Spot;
  /** Kilometres an hour, to the east and to the north. */
  east: number;
  north: number;
  radiusKm: number;
  /** What it takes from C/N in its middle at its best, dB. */
  peakDb: number;
}>;

/**
 * Cells a day at most, by month: summer afternoons bring them. They are light ones that no lesson feels; rain that hurts is a
 * fault of the script.
 */
const cellsAtMost = [0, 0, 1, 1, 2, 4, 5, 5, 3, 1, 0, 0] as const;
const kmPerDegree = 111;

/** Light rain over a county: cells that are born, move over schools, and pass. */
export class Weather {
  readonly #noise: Noise;
  readonly #days: SchoolDays;
  readonly #box: Readonly<{ south: number; north: number; west: number; east: number }>;
  readonly #known = new Map<number, readonly Cell[]>();

  /** @param schools where cells may pass */
  constructor(seed: number, days: SchoolDays, schools: readonly Spot[]) {
    this.#noise = new Noise(seed, 'weather');
    this.#days = days;
    const lats = schools.map(({ lat }) => lat);
    const lons = schools.map(({ lon }) => lon);
    this.#box = {
      south: Math.min(...lats),
      north: Math.max(...lats),
      west: Math.min(...lons),
      east: Math.max(...lons),
    };
  }

  /** What rain takes from C/N at a place, dB. */
  lossDb(spot: Spot, time: number): number {
    const { start } = this.#days.at(time);
    let loss = 0;
    for (const cell of this.#cellsOf(start)) {
      if (time < cell.from || time > cell.to) continue;
      const age = (time - cell.from) / (cell.to - cell.from);
      const hours = (time - cell.from) / 3600;
      const eastKm =
        (spot.lon - cell.start.lon) * kmPerDegree * Math.cos((spot.lat * Math.PI) / 180) - cell.east * hours;
      const northKm = (spot.lat - cell.start.lat) * kmPerDegree - cell.north * hours;
      const nearness = Math.exp(-(eastKm ** 2 + northKm ** 2) / cell.radiusKm ** 2);
      loss += cell.peakDb * Math.sin(Math.PI * age) * nearness;
    }
    return Math.min(loss, mostDb);
  }

  #cellsOf(dayStart: number): readonly Cell[] {
    const known = this.#known.get(dayStart);
    if (known !== undefined) return known;
    const draw = this.#noise.draws(dayStart);
    const most = cellsAtMost[this.#days.at(dayStart).month - 1] ?? 0;
    const cells = Array.from({ length: Math.round(most * draw()) }, (): Cell => {
      const from = dayStart + Math.round((11 + 9 * draw()) * 3600);
      return {
        from,
        to: from + Math.round((40 + 110 * draw()) * 60),
        start: {
          lat: this.#box.south + (this.#box.north - this.#box.south) * draw(),
          lon: this.#box.west - 0.1 + (this.#box.east - this.#box.west) * draw(),
        },
        east: 15 + 25 * draw(),
        north: 20 * draw() - 10,
        radiusKm: 6 + 12 * draw(),
        peakDb: 0.3 + 1.2 * draw(),
      };
    });
    this.#known.set(dayStart, cells);
    return cells;
  }
}

/** Cells that meet stay light rain. */
const mostDb = 1.5;
