import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpOrder } from './rtp-order.ts';

/** Hands packets over a millisecond apart. @returns what came out, in order, and the counts */
function ordered(sequences: readonly number[]) {
  const out: number[] = [];
  let losses = 0;
  const order = new RtpOrder(
    (bytes) => out.push(bytes.readUInt16BE()),
    () => {
      losses += 1;
    },
  );
  for (const [index, sequence] of sequences.entries()) {
    const wire = sequence & 0xffff;
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16BE(wire);
    order.packet(wire, bytes, 0, 2, index);
  }
  order.tick(sequences.length + 1000);
  const { received, lost, reordered, duplicates } = order;
  return { out, received, lost, reordered, duplicates, losses };
}

const run = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
const wires = (sequences: readonly number[]) => sequences.map((sequence) => sequence & 0xffff);

describe('the packets of an RTP sender', () => {
  it('pass as they are where nothing happens, over the wrap of their numbers', () => {
    const sent = run(65_000, 2000);
    expect(ordered(sent)).toEqual({
      out: wires(sent),
      received: 2000,
      lost: 0,
      reordered: 0,
      duplicates: 0,
      losses: 0,
    });
  });

  it('that overtook each other are put right, and nothing counts as lost', () => {
    expect(ordered([1, 2, 5, 3, 4, 6, 7])).toMatchObject({ out: run(1, 7), lost: 0, reordered: 2 });
  });

  it('that are missing are counted, however many in a row', () => {
    const sent = [...run(0, 10), ...run(13, 100), ...run(5000, 10)];
    expect(ordered(sent)).toMatchObject({ out: sent, lost: 3 + 4887, losses: 2 });
  });

  it('that come too late are lost all the same, and out of order', () => {
    expect(ordered([...run(0, 10), ...run(11, 200), 10])).toMatchObject({
      lost: 1,
      reordered: 1,
      duplicates: 0,
    });
  });

  it('go on with other numbers where the sender began anew; a stray changes nothing', () => {
    expect(ordered([...run(0, 10), ...run(30_000, 10)])).toMatchObject({
      out: [...run(0, 10), ...run(30_000, 10)],
      lost: 0,
    });
    expect(ordered([...run(0, 10), 30_000, ...run(10, 10)])).toMatchObject({ out: run(0, 20), lost: 0 });
  });

  it('are counted right whatever is dropped, doubled and swapped within reach', () => {
    const fate = fc.record({
      copies: fc.constantFrom(0, 1, 1, 1, 1, 2),
      delay: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.array(fate, { minLength: 3, maxLength: 400 }),
        (first, fates) => {
          // The first and the last come through in their places: what is before and behind them nobody can know.
          const kept = fates.map((one, index) =>
            index === 0 || index === fates.length - 1 ? { copies: 1, delay: 0 } : one,
          );
          const sent = kept
            .flatMap(({ copies, delay }, index) =>
              Array.from({ length: copies }, (_, copy) => ({
                index,
                at: index === fates.length - 1 ? 10_000 : index + delay + copy * 7,
              })),
            )
            .toSorted((a, b) => a.at - b.at || a.index - b.index)
            .map(({ index }) => index);
          const present = kept.flatMap(({ copies }, index) => (copies > 0 ? [index] : []));
          const result = ordered(sent.map((index) => first + index));
          expect(result.out).toEqual(wires(present.map((index) => first + index)));
          expect(result.received).toBe(present.length);
          expect(result.lost).toBe(fates.length - present.length);
          expect(result.duplicates).toBe(sent.length - present.length);
        },
      ),
    );
  });
});
