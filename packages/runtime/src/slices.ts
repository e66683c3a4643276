import { setTimeout as pause } from 'node:timers/promises';

/** The event loop belongs to live data: no slice holds it longer than a little over this. */
const sliceMs = 15;

/**
 * Runs work piece by piece, in slices with pauses as long as the work between them.
 * @param slice runs a number of pieces until `enough()`; false when nothing is left
 */
export async function inSlices(slice: (enough: () => boolean) => boolean | Promise<boolean>): Promise<void> {
  for (;;) {
    const start = performance.now();
    const more = await slice(() => performance.now() - start > sliceMs);
    if (!more) return;
    await pause(Math.min(performance.now() - start, 100));
  }
}

/**
 * What a generator gives, slice by slice, others having their turn in between: however much it is, no more than a slice is in memory.
 * @param rest after each slice, given how many milliseconds it took; as long as the work where absent
 */
export async function* slicesOf<Piece>(
  pieces: Iterable<Piece>,
  rest: (workedMs: number) => Promise<unknown> = (workedMs) => pause(Math.min(workedMs, 100)),
): AsyncGenerator<Piece[]> {
  let [slice, start]: [Piece[], number] = [[], performance.now()];
  for (const piece of pieces) {
    slice.push(piece);
    const workedMs = performance.now() - start;
    if (workedMs <= sliceMs) continue;
    yield slice;
    await rest(workedMs);
    [slice, start] = [[], performance.now()];
  }
  if (slice.length > 0) yield slice;
  await rest(performance.now() - start);
}
