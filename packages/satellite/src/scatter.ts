/** The middle one of some values; of an even number the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** Each value replaced by the median of itself and its neighbours: single outliers go, steps stay where they are. */
export function smoothed(values: readonly number[]): number[] {
  return values.map((value, index) =>
    median([values[index - 1] ?? value, value, values[index + 1] ?? value]),
  );
}

/**
 * The standard deviation of single values about whatever course they take: from second differences, in which levels and
 * slopes cancel, by their median, which a few steps do not move.
 * @returns at least `least`: what a display rounds away is not known
 */
export function scatter(values: readonly number[], least: number): number {
  const second = values
    .slice(2)
    .map((value, index) => Math.abs((values[index] ?? 0) - 2 * (values[index + 1] ?? 0) + value));
  if (second.length === 0) return least;
  // For a normal distribution the median of |x| is 0.6745 σ, and a second difference has the variance 1 + 4 + 1.
  return Math.max(least, median(second) / (0.6745 * Math.sqrt(6)));
}
