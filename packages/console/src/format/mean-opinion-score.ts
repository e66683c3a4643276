/**
 * The mean opinion score of an R factor, from 1 (bad) to 4.5: ITU-T G.107, annex B, equation B-4. Means over time are to
 * be taken of R, not of this. Below R 6.5 the formula dips under 1, where no opinion is.
 */
export function meanOpinionScore(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6, 1);
}
