/**
 * Where in a list in order of time the first stands that is not before a time: the list's length where all are. Lists of a month are
 * asked a thousand times in a look, so it halves.
 */
export function firstFrom<T>(list: readonly T[], time: number, timeOf: (one: T) => number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = list[middle];
    if (one !== undefined && timeOf(one) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
