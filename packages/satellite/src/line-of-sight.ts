/** Where an antenna stands. */
export type Place = Readonly<{
  /** Geodetic latitude (WGS 84) in degrees, north positive. */
  lat: number;
  /** Longitude in degrees, east positive. */
  lon: number;
  /** Metres above the ellipsoid; above sea level is near enough. */
  heightM: number;
}>;

export type Vector = readonly [x: number, y: number, z: number];

/** WGS 84: semi-major axis in km, and the square of the first eccentricity out of the flattening. */
const equatorialRadiusKm = 6378.137;
const flattening = 1 / 298.257223563;
const eccentricitySquared = flattening * (2 - flattening);

/** Distance of geostationary satellites from the centre of the Earth, in km. */
const orbitRadiusKm = 42_164.2;

export const radians = (degrees: number): number => (degrees * Math.PI) / 180;
export const degrees = (radians: number): number => (radians * 180) / Math.PI;

/**
 * From a place to a geostationary satellite, in km and in the frame that turns with the Earth: x to longitude 0 on the
 * equator, y to 90° east, z to the north pole.
 * @param longitudeDeg the satellite's orbital position in degrees east
 */
export function lineOfSight(place: Place, longitudeDeg: number): Vector {
  const [lat, lon, orbit] = [radians(place.lat), radians(place.lon), radians(longitudeDeg)];
  const heightKm = place.heightM / 1000;
  const normalKm = equatorialRadiusKm / Math.sqrt(1 - eccentricitySquared * Math.sin(lat) ** 2);
  const fromAxisKm = (normalKm + heightKm) * Math.cos(lat);
  return [
    orbitRadiusKm * Math.cos(orbit) - fromAxisKm * Math.cos(lon),
    orbitRadiusKm * Math.sin(orbit) - fromAxisKm * Math.sin(lon),
    -(normalKm * (1 - eccentricitySquared) + heightKm) * Math.sin(lat),
  ];
}
