/** A number as it stands in a line: `digits` × 10^`exponent`. */
export type Decimal = Readonly<{ digits: number; exponent: number }>;

/** So large a number of digits, and what is reckoned with it, is exact. */
export const mostDigits = 0x8000_0000_0000;
export const mostExponent = 18;
// biome-ignore format: a table
const powersOfTen = [
  1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36,
];

/** Ten to a power from 0 to 36, as near as can be; infinite beyond. */
export function powerOfTen(exponent: number): number {
  return powersOfTen[exponent] ?? Number.POSITIVE_INFINITY;
}

/**
 * Reads a number that is written as short as can be: no exponent, no zeros that say nothing.
 * @returns undefined for any other text
 */
export function decimalOf(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = ''] = /^(-?)(0|[1-9]\d*)(?:\.(\d*[1-9]))?$/.exec(text) ?? [];
  if (whole === '' || whole.length + fraction.length > 30) return undefined;
  const zeros = fraction === '' && whole !== '0' ? (/0*$/.exec(whole)?.[0].length ?? 0) : 0;
  const digits = Number(`${sign}${whole.slice(0, whole.length - zeros)}${fraction}`);
  const exponent = zeros - fraction.length;
  if (Math.abs(digits) > mostDigits || Math.abs(exponent) > mostExponent || Object.is(digits, -0))
    return undefined;
  return { digits, exponent };
}

/** Writes a number as {@link decimalOf} reads it. */
export function textOfDecimal({ digits, exponent }: Decimal): string {
  if (digits === 0) return '0';
  const sign = digits < 0 ? '-' : '';
  const figures = String(Math.abs(digits));
  if (exponent >= 0) return sign + figures + '0'.repeat(exponent);
  const padded = figures.padStart(1 - exponent, '0');
  const fraction = padded.slice(exponent).replace(/0+$/, '');
  const whole = padded.slice(0, exponent);
  return sign + (fraction === '' ? whole : `${whole}.${fraction}`);
}
