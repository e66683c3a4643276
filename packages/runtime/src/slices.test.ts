import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { slicesOf } from './slices.ts';

/** Pieces of which each takes longer than a slice. */
function* heavy(count: number): Generator<number> {
  for (let piece = 0; piece < count; piece += 1) {
    const end = performance.now() + 20;
    while (performance.now() < end);
    yield piece;
  }
}

describe('what is given in slices', () => {
  it('is all of it, in order, and others have their turn after each', async () => {
    let turns = 0;
    const rest = async () => {
      await turn();
      turns += 1;
    };
    const slices: number[][] = [];
    for await (const slice of slicesOf(heavy(3), rest)) slices.push(slice);
    expect(slices).toEqual([[0], [1], [2]]);
    expect(turns).toBe(4);
  });

  it('of light pieces is one slice, and of none is none', async () => {
    const rests: number[] = [];
    const rest = async (workedMs: number) => rests.push(workedMs);
    const slices: number[][] = [];
    for (const pieces of [[1, 2, 3], []])
      for await (const slice of slicesOf(pieces, rest)) slices.push(slice);
    expect(slices.flat()).toEqual([1, 2, 3]);
    expect(rests.every((workedMs) => workedMs >= 0)).toBe(true);
  });
});
