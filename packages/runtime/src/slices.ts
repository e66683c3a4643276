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
