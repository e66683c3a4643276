import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { degrees, radians } from './line-of-sight.ts';
import { lookAngles } from './look-angles.ts';

const qilian = { lat: 38.18, lon: 100.25, heightM: 2787 };

/** Not on the equator, where straight up has no azimuth. */
const anyPlace = fc.record({
  lat: fc
    .tuple(fc.double({ min: 0.5, max: 89, noNaN: true }), fc.constantFrom(-1, 1))
    .map(([lat, side]) => lat * side),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
  heightM: fc.double({ min: 0, max: 5000, noNaN: true }),
});
const anyOrbit = fc.double({ min: -180, max: 180, noNaN: true });

describe('look angles', () => {
  // Computed by an independent program.
  it.each([
    [76.5, 215.4682, 39.3126, 37825.62],
    [92.2, 192.8976, 44.9912, 37404.32],
    [100.5, 179.5952, 45.79, 37348.55],
    [105.5, 171.5381, 45.4487, 37372.27],
    [110.5, 163.6811, 44.5025, 37438.87],
    [115.5, 156.1824, 42.9934, 37547.62],
    [125, 143.2602, 38.8001, 37865.73],
    [134, 132.7446, 33.5911, 38292.12],
  ])('from Qilian to %d°E are known', (orbit, azimuthDeg, elevationDeg, rangeKm) => {
    const angles = lookAngles(qilian, orbit);
    expect(angles.azimuthDeg).toBeCloseTo(azimuthDeg, 4);
    expect(angles.elevationDeg).toBeCloseTo(elevationDeg, 4);
    expect(angles.rangeKm).toBeCloseTo(rangeKm, 2);
    expect(angles.aboveHorizon).toBe(true);
  });

  it('point straight up below the satellite', () => {
    const angles = lookAngles({ lat: 0, lon: 105.5, heightM: 0 }, 105.5);
    expect(angles.elevationDeg).toBeCloseTo(90, 6);
    expect(angles.rangeKm).toBeCloseTo(42_164.2 - 6378.137, 6);
  });

  it('say where the Earth is in the way', () => {
    expect(lookAngles(qilian, -1)).toMatchObject({ aboveHorizon: false });
    expect(lookAngles(qilian, -1).elevationDeg).toBeLessThan(0);
    // Beyond 81.3 degrees of arc no geostationary satellite is seen, below 81.2 each is.
    const arc = (place: { lat: number; lon: number }, orbit: number): number =>
      degrees(Math.acos(Math.cos(radians(place.lat)) * Math.cos(radians(orbit - place.lon))));
    fc.assert(
      fc.property(anyPlace, anyOrbit, (place, orbit) => {
        const { aboveHorizon } = lookAngles({ ...place, heightM: 0 }, orbit);
        if (arc(place, orbit) > 81.6) expect(aboveHorizon).toBe(false);
        if (arc(place, orbit) < 81) expect(aboveHorizon).toBe(true);
      }),
    );
  });

  it('are mirrored between east and west, and between north and south', () => {
    fc.assert(
      fc.property(anyPlace, fc.double({ min: -80, max: 80, noNaN: true }), (place, aside) => {
        const angles = lookAngles(place, place.lon + aside);
        const west = lookAngles(place, place.lon - aside);
        expect(Math.cos(radians(west.azimuthDeg + angles.azimuthDeg))).toBeCloseTo(1, 6);
        expect(west.elevationDeg).toBeCloseTo(angles.elevationDeg, 6);
        expect(Math.sin(radians(2 * (west.skewDeg + angles.skewDeg)))).toBeCloseTo(0, 5);
        const south = lookAngles({ ...place, lat: -place.lat }, place.lon + aside);
        expect(Math.cos(radians(south.azimuthDeg + angles.azimuthDeg - 180))).toBeCloseTo(1, 6);
        expect(south.elevationDeg).toBeCloseTo(angles.elevationDeg, 6);
        expect(Math.sin(radians(2 * (south.skewDeg + angles.skewDeg)))).toBeCloseTo(0, 5);
      }),
    );
  });
});

describe('skew', () => {
  it('is zero for a satellite on the meridian', () => {
    expect(lookAngles(qilian, qilian.lon).skewDeg).toBeCloseTo(0, 9);
    expect(lookAngles({ ...qilian, lat: -38.18 }, qilian.lon).skewDeg).toBeCloseTo(0, 9);
  });

  it('turns an LNB in the north anticlockwise for a satellite in the east, clockwise for one in the west', () => {
    expect(lookAngles(qilian, 134).skewDeg).toBeLessThan(-30);
    expect(lookAngles(qilian, 76.5).skewDeg).toBeGreaterThan(20);
    expect(lookAngles({ ...qilian, lat: -38.18 }, 134).skewDeg).toBeGreaterThan(30);
  });

  it('is what spherical trigonometry says, but for the flattening', () => {
    // Maral, Bousquet: Satellite Communications Systems, polarisation angle at a station on a sphere.
    const textbook = (lat: number, aside: number): number => {
      const [l, L, k] = [radians(lat), radians(aside), 6378.137 / 42_164.2];
      const cosPhi = Math.cos(l) * Math.cos(L);
      const cosine =
        (Math.sin(l) * (1 - k * cosPhi)) /
        (Math.sqrt(1 - cosPhi ** 2) * Math.sqrt(1 - 2 * k * cosPhi + (k * Math.cos(l)) ** 2));
      return degrees(Math.acos(cosine));
    };
    fc.assert(
      fc.property(
        fc.double({ min: 5, max: 60, noNaN: true }),
        fc.double({ min: 2, max: 60, noNaN: true }),
        (lat, aside) => {
          const { skewDeg } = lookAngles({ lat, lon: 0, heightM: 0 }, aside);
          expect(Math.abs(-skewDeg - textbook(lat, aside))).toBeLessThan(0.6);
        },
      ),
    );
  });
});
