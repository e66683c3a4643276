import { degrees, lineOfSight, type Place, radians } from './line-of-sight.ts';

/** How to point an antenna at a geostationary satellite. */
export type LookAngles = Readonly<{
  /** Degrees from true north, clockwise, 0 to 360. A compass shows magnetic north: its declination comes on top. */
  azimuthDeg: number;
  /** Degrees above the horizon of a plain, refraction left out; negative where the Earth is in the way. */
  elevationDeg: number;
  /**
   * How far the LNB is turned, in degrees from -90 to 90; positive is clockwise for somebody who stands behind the dish and
   * faces the satellite. It is the angle between the vertical and the satellite's north-south axis; a satellite whose
   * polarisation is tilted by itself needs its operator's figure on top.
   */
  skewDeg: number;
  rangeKm: number;
  /** Whether it can be seen at all. What stands before the horizon, such as a mountain, is not known here. */
  aboveHorizon: boolean;
}>;

/**
 * Azimuth, elevation and skew from a place to an orbital position.
 * @param longitudeDeg the satellite's orbital position in degrees east
 */
export function lookAngles(place: Place, longitudeDeg: number): LookAngles {
  const [x, y, z] = lineOfSight(place, longitudeDeg);
  const [lat, lon] = [radians(place.lat), radians(place.lon)];
  const outward = Math.cos(lon) * x + Math.sin(lon) * y;
  const east = -Math.sin(lon) * x + Math.cos(lon) * y;
  const north = -Math.sin(lat) * outward + Math.cos(lat) * z;
  const up = Math.cos(lat) * outward + Math.sin(lat) * z;
  const rangeKm = Math.hypot(x, y, z);
  const azimuth = Math.atan2(east, north);
  const elevation = Math.atan2(up, Math.hypot(east, north));
  // The Earth's axis as it is seen along the line of sight: its share to the right and its share upwards.
  const skew = Math.atan2(
    -Math.cos(lat) * Math.sin(azimuth),
    Math.sin(lat) * Math.cos(elevation) - Math.cos(lat) * Math.sin(elevation) * Math.cos(azimuth),
  );
  return {
    azimuthDeg: (degrees(azimuth) + 360) % 360,
    elevationDeg: degrees(elevation),
    skewDeg: asLine(degrees(skew)),
    rangeKm,
    aboveHorizon: elevation > 0,
  };
}

/** A plane of polarisation has no head and no tail: half a turn changes nothing. */
function asLine(angleDeg: number): number {
  if (angleDeg > 90) return angleDeg - 180;
  return angleDeg <= -90 ? angleDeg + 180 : angleDeg;
}
