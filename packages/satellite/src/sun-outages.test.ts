import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { degrees, lineOfSight, type Place, radians } from './line-of-sight.ts';
import { vectors } from './sun-outages.fixture.ts';
import { type Antenna, outageAngleDeg, type SunOutage, sunOutages } from './sun-outages.ts';

const qilian = { lat: 38.18, lon: 100.25, heightM: 2787 };
const ku: Antenna = { dishDiameterM: 1.2, downlinkGHz: 12.5 };

const dayOf = ({ peak }: SunOutage): string => new Date(peak * 1000).toISOString().slice(0, 10);
const minutes = ({ begin, end }: SunOutage): number => (end - begin) / 60;
const halves = (outages: readonly SunOutage[]): [spring: SunOutage[], autumn: SunOutage[]] => [
  outages.filter((outage) => dayOf(outage).slice(5) < '07'),
  outages.filter((outage) => dayOf(outage).slice(5) >= '07'),
];

const anyLatitude = fc.double({ min: -65, max: 65, noNaN: true });
const anyAside = fc.double({ min: -40, max: 40, noNaN: true });
const anyLongitude = fc.double({ min: -180, max: 180, noNaN: true });
const anyYear = fc.integer({ min: 1990, max: 2049 });
const anyAntenna = fc.record({
  dishDiameterM: fc.double({ min: 0.45, max: 4.5, noNaN: true }),
  downlinkGHz: fc.constantFrom(3.8, 4, 11.88, 12.5),
});

describe('sun outages from Qilian', () => {
  it.each(vectors)('of $longitudeDeg°E are known within 5 s: $antenna', (vector) => {
    const { longitudeDeg, antenna, season } = vector;
    expect(outageAngleDeg(antenna)).toBeCloseTo(vector.outageAngleDeg, 3);
    const year = Number(season[0].slice(0, 4));
    const [spring, autumn] = halves(sunOutages(qilian, longitudeDeg, antenna, year));
    const found = season[0].slice(5) < '07' ? spring : autumn;
    expect(found.map(dayOf)).toEqual(season.map((line) => line.split(' ')[0]));
    for (const [index, line] of season.entries()) {
      const [day, begin, peak, end, separation] = line.split(' ');
      const outage = found[index];
      const unixTime = (time = ''): number => Date.parse(`${day}T${time}Z`) / 1000;
      expect(Math.abs((outage?.begin ?? 0) - unixTime(begin)), `begin: ${line}`).toBeLessThanOrEqual(2);
      expect(Math.abs((outage?.peak ?? 0) - unixTime(peak)), `peak: ${line}`).toBeLessThanOrEqual(2);
      expect(Math.abs((outage?.end ?? 0) - unixTime(end)), `end: ${line}`).toBeLessThanOrEqual(2);
      expect(Math.abs((outage?.separationDeg ?? 0) - Number(separation))).toBeLessThan(0.002);
    }
  });

  it.each([
    [18.2, '03-13', '10-01'],
    [33, '03-07', '10-07'],
    [38.2, '03-05', '10-09'],
    [45, '03-03', '10-11'],
    [53, '03-01', '10-13'],
  ])('at latitude %d are deepest on %s and %s', (lat, ...days) => {
    const deepest = halves(sunOutages({ lat, lon: 100.25, heightM: 0 }, 110.5, ku, 2027)).map((season) =>
      season.reduce((least, outage) => (outage.separationDeg < least.separationDeg ? outage : least)),
    );
    expect(deepest.map((outage) => dayOf(outage).slice(5))).toEqual(days);
  });

  it('fit what a shore station published: Andover, Maine, 9 and 10 October 2011', () => {
    const wide = { dishDiameterM: 30, downlinkGHz: (35 * 0.299792458) / (0.39 - 0.27) / 30 };
    const andover = { lat: 44.633, lon: -70.698, heightM: 250 };
    const [, autumn] = halves(sunOutages(andover, -1, wide, 2011));
    const times = autumn.map(({ begin, end }) =>
      [begin, end].map((time) => new Date(time * 1000).toISOString().slice(8, 16)),
    );
    expect(times.slice(-2)).toEqual([
      ['09T11:25', '09T11:28'],
      ['10T11:26', '10T11:27'],
    ]);
  });
});

describe('sun outages anywhere', () => {
  it('do not exist where the satellite is below the horizon', () => {
    expect(sunOutages(qilian, -1, ku, 2027)).toEqual([]);
    fc.assert(
      fc.property(anyLatitude, anyLongitude, anyYear, (lat, lon, year) => {
        const opposite = lon + 180;
        expect(sunOutages({ lat, lon, heightM: 0 }, opposite, ku, year)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('are where a simpler Sun says, to its 0.01°, and on no other day', () => {
    fc.assert(
      fc.property(
        anyLatitude,
        anyLongitude,
        anyAside,
        anyAntenna,
        anyYear,
        (lat, lon, aside, antenna, year) => {
          const place = { lat, lon, heightM: 0 };
          const angle = outageAngleDeg(antenna);
          const outages = sunOutages(place, lon + aside, antenna, year);
          const separation = (time: number): number => almanacSeparationDeg(place, lon + aside, time);
          for (const outage of outages) {
            expect(Math.abs(separation(outage.begin) - angle)).toBeLessThan(tolerance);
            expect(Math.abs(separation(outage.end) - angle)).toBeLessThan(tolerance);
            expect(Math.abs(separation(outage.peak) - outage.separationDeg)).toBeLessThan(tolerance);
            expect(outage.peak).toBeGreaterThanOrEqual(outage.begin);
            expect(outage.peak).toBeLessThanOrEqual(outage.end);
          }
          // Every quarter of an hour of the year; the Sun moves by 1.9° to either side of such a moment.
          for (let time = Date.UTC(year, 0, 1) / 1000; time < Date.UTC(year + 1, 0, 1) / 1000; time += 900)
            if (separation(time) < angle - tolerance)
              expect(outages.some(({ begin, end }) => begin <= time && time <= end)).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('come in two seasons of days in a row, as many in spring as in autumn but for two', () => {
    fc.assert(
      fc.property(anyLatitude, anyLongitude, anyAside, anyYear, (lat, lon, aside, year) => {
        const seasons = halves(sunOutages({ lat, lon, heightM: 0 }, lon + aside, ku, year));
        const [spring, autumn] = seasons;
        expect(Math.abs(spring.length - autumn.length)).toBeLessThanOrEqual(2);
        for (const season of seasons) {
          expect(season.length).toBeGreaterThanOrEqual(4);
          for (const [index, { peak }] of season.entries())
            if (index > 0) expect(Math.abs(peak - (season[index - 1]?.peak ?? 0) - 86_400)).toBeLessThan(60);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are in winter’s half of the year on both sides of the equator: before March’s equinox in the north', () => {
    fc.assert(
      fc.property(fc.double({ min: 15, max: 65, noNaN: true }), anyLongitude, anyAside, (lat, lon, aside) => {
        const year = 2027;
        const equinoxes = [Date.UTC(year, 2, 20, 20, 25), Date.UTC(year, 8, 23, 6, 2)] as const;
        const [march, september] = [equinoxes[0] / 1000, equinoxes[1] / 1000];
        const north = halves(sunOutages({ lat, lon, heightM: 0 }, lon + aside, ku, year));
        const south = halves(sunOutages({ lat: -lat, lon, heightM: 0 }, lon + aside, ku, year));
        expect(north[0].every(({ end }) => end < march)).toBe(true);
        expect(north[1].every(({ begin }) => begin > september)).toBe(true);
        expect(south[0].every(({ begin }) => begin > march)).toBe(true);
        expect(south[1].every(({ end }) => end < september)).toBe(true);
        for (const [index, season] of north.entries()) {
          const other = south[index] ?? [];
          expect(Math.abs(season.length - other.length)).toBeLessThanOrEqual(2);
          expect(Math.max(...season.map(minutes))).toBeCloseTo(Math.max(...other.map(minutes)), 0);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are shorter and fewer with a larger dish, each within one of the smaller dish', () => {
    fc.assert(
      fc.property(anyLatitude, anyAside, anyAntenna, anyYear, (lat, aside, antenna, year) => {
        const place = { lat, lon: 100, heightM: 0 };
        const small = sunOutages(place, 100 + aside, antenna, year);
        const larger = { ...antenna, dishDiameterM: antenna.dishDiameterM * 1.3 };
        const large = sunOutages(place, 100 + aside, larger, year);
        expect(large.length).toBeLessThanOrEqual(small.length);
        for (const { begin, end } of large)
          expect(small.some((around) => around.begin <= begin && end <= around.end)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('follow the rule of thumb: twice the angle, at a quarter of a degree a minute, 0.39° a day', () => {
    const angle = outageAngleDeg(ku);
    const outages = sunOutages(qilian, 130, ku, 2027);
    expect(Math.max(...outages.map(minutes))).toBeCloseTo((2 * angle) / 0.249, 0);
    expect(Math.abs(outages.length / 2 - (2 * angle) / 0.39)).toBeLessThanOrEqual(1);
  });

  it('know leap years', () => {
    const north = { lat: 53, lon: 100.25, heightM: 0 };
    const days = (year: number): string[] => halves(sunOutages(north, 110.5, ku, year))[0].map(dayOf);
    expect(days(2028)).toEqual(expect.arrayContaining(['2028-02-28', '2028-02-29', '2028-03-01']));
    expect(days(2027)).toEqual(expect.arrayContaining(['2027-02-28', '2027-03-01', '2027-03-02']));
    expect(days(2100)).toEqual(expect.arrayContaining(['2100-02-28', '2100-03-01', '2100-03-02']));
  });

  it('may begin on one day of UTC and end on the next', () => {
    const [spring] = halves(sunOutages({ lat: 20, lon: -177.4, heightM: 0 }, -177.4, ku, 2027));
    const astride = spring.filter(({ begin, end }) => Math.floor(begin / 86_400) < Math.floor(end / 86_400));
    expect(astride.length).toBeGreaterThan(2);
    expect(Math.max(...astride.map(minutes))).toBeLessThan(9);
  });

  it('of a year and thirteen schools take well under a second each', () => {
    sunOutages(qilian, 130, ku, 2026);
    const start = performance.now();
    for (let school = 0; school < 13; school += 1)
      sunOutages({ lat: 37.9 + school / 14, lon: 98.4 + school / 5, heightM: 2787 }, 130, ku, 2027);
    expect((performance.now() - start) / 13).toBeLessThan(300);
  });
});

/** The simpler Sun is good to 0.01°, its times are rounded to a second, 0.004°, and it has neither nutation nor parallax. */
const tolerance = 0.025;

/** Angle between Sun and satellite after the low-precision formulas of the Astronomical Almanac, page C5, for 1950 to 2050. */
function almanacSeparationDeg(place: Place, longitudeDeg: number, unixTime: number): number {
  const days = unixTime / 86_400 + 2_440_587.5 - 2_451_545;
  const anomaly = radians(357.528 + 0.9856003 * days);
  const ecliptic = radians(
    280.46 + 0.9856474 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly),
  );
  const obliquity = radians(23.439 - 0.0000004 * days);
  const sidereal = radians(280.46061837 + 360.98564736629 * days);
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic));
  const [x, y, z] = lineOfSight(place, longitudeDeg);
  const longitude = rightAscension - sidereal;
  const along =
    Math.cos(declination) * (Math.cos(longitude) * x + Math.sin(longitude) * y) + Math.sin(declination) * z;
  return degrees(Math.acos(along / Math.hypot(x, y, z)));
}
