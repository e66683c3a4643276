/**
 * Rounds a ratio to what it is worth: four decimals, and below a thousandth two significant digits. Errors of bits are ratios
 * of a millionth, and a signal is lost long before they reach the fourth decimal.
 */
export function roundRatio(value: number): number {
  return Number(Math.abs(value) < 0.001 ? value.toPrecision(2) : value.toFixed(4));
}
