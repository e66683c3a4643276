import type { Share } from '@tongtang/lessons/delivery/minute-state';

/**
 * A share as a decimal, cut downward and not rounded: 99.996 % is not 100 %, and nothing reads as better than it is.
 * @param digits after the point
 * @param times what it is multiplied with, 100 for per cent
 * @returns undefined where nothing is known (`of` is 0)
 */
export function decimalOf({ part, of }: Share, digits: number, times = 1): string | undefined {
  if (of === 0) return undefined;
  const whole = BigInt(part) * BigInt(times) * 10n ** BigInt(digits);
  const towardZero = whole / BigInt(of);
  const scaled = whole < 0n && towardZero * BigInt(of) !== whole ? towardZero - 1n : towardZero;
  const text = String(scaled < 0n ? -scaled : scaled).padStart(digits + 1, '0');
  const sign = scaled < 0n ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Below 0 where `a` is smaller. Exact. Both must be known. */
export function compareShares(a: Share, b: Share): number {
  const difference = BigInt(a.part) * BigInt(b.of) - BigInt(b.part) * BigInt(a.of);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Exact, in lowest terms; undefined where either is not known. */
export function differenceOf(a: Share, b: Share): Share | undefined {
  if (a.of === 0 || b.of === 0) return undefined;
  const part = BigInt(a.part) * BigInt(b.of) - BigInt(b.part) * BigInt(a.of);
  const of = BigInt(a.of) * BigInt(b.of);
  const by = divisorOf(part < 0n ? -part : part, of);
  return { part: Number(part / by), of: Number(of / by) };
}

function divisorOf(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisorOf(b, a % b);
}
