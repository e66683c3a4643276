/**
 * Reads the place of a geostationary satellite as people write it: `92.2E`, `1W`, `110.5°E`, or degrees east alone, such
 * as `92.2` and `-1`, as the inventory has them.
 * @returns degrees east, from -180 to 180; undefined where the text is none of these
 */
export function parseOrbitalPosition(text: string): number | undefined {
  const [, number, side] = /^([+-]?\d+(?:\.\d+)?)\s*°?\s*([EW])?$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const degrees = Number(number);
  if (Math.abs(degrees) > 180) return undefined;
  if (side === undefined) return degrees;
  if (/^[+-]/.test(number)) return undefined;
  return side.toUpperCase() === 'E' || degrees === 0 ? degrees : -degrees;
}

/** `110.5°E`, `1°W`: what {@link parseOrbitalPosition} reads. */
export function formatOrbitalPosition(longitudeDeg: number): string {
  return `${Math.abs(longitudeDeg)}°${longitudeDeg < 0 ? 'W' : 'E'}`;
}
