import type { Share } from '../api/report-answers.ts';

/**
 * A share in per cent with two digits, cut downward as reports print it: 99.996 % is not 100 %.
 * @returns such as `99.51 %`; a dash where nothing is known
 */
export function percentText({ part, of }: Share): string {
  if (of === 0) return '–';
  const scaled = (BigInt(part) * 10_000n) / BigInt(of);
  const digits = String(scaled).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)} %`;
}

/** Whether a share is as good as the objective; undefined where nothing is known. Exact. */
export function meets(share: Share, objective: Share): boolean | undefined {
  if (share.of === 0) return undefined;
  return BigInt(share.part) * BigInt(objective.of) >= BigInt(objective.part) * BigInt(share.of);
}

/** Below 0 where `a` is smaller. Of which nothing is known comes before all others. */
export function compareShares(a: Share, b: Share): number {
  if (a.of === 0 || b.of === 0) return Math.sign(a.of) - Math.sign(b.of);
  const difference = BigInt(a.part) * BigInt(b.of) - BigInt(b.part) * BigInt(a.of);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * What two printed figures differ by, as somebody with both papers at hand reckons it.
 * @returns such as `+0.40` or `-3`; undefined where either is no decimal number
 */
export function printedDifference(before: string | undefined, after: string | undefined): string | undefined {
  const number = /^-?\d+(?:\.(\d+))?$/;
  const [one, other] = [number.exec(before ?? ''), number.exec(after ?? '')];
  if (one === null || other === null) return undefined;
  const digits = Math.max(one[1]?.length ?? 0, other[1]?.length ?? 0);
  const scale = 10 ** digits;
  const difference = Math.round(Number(after) * scale) - Math.round(Number(before) * scale);
  return `${difference > 0 ? '+' : ''}${(difference / scale).toFixed(digits)}`;
}
