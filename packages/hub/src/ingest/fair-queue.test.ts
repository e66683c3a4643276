import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

describe('a fair queue', () => {
  it('takes one of each sender in turn, those of one in their order', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.add(item.slice(0, 1), item);
    expect(queue.sizeOf('a')).toBe(3);
    expect(Array.from({ length: 7 }, () => queue.take())).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'c2',
      'a3',
      undefined,
    ]);
    expect([queue.size, queue.sizeOf('a')]).toEqual([0, 0]);
  });

  it('gives each item once, and nobody waits for more than one of each other sender', () => {
    const step = fc.oneof(fc.constant('take'), fc.integer({ min: 0, max: 4 }).map(String));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new FairQueue<{ sender: string; number: number }>();
        const added: { sender: string; number: number }[] = [];
        const taken: { sender: string; number: number }[] = [];
        const take = (): void => {
          const item = queue.take();
          if (item !== undefined) taken.push(item);
        };
        for (const sender of steps) {
          if (sender === 'take') take();
          else {
            const item = { sender, number: added.length };
            added.push(item);
            queue.add(sender, item);
          }
          expect(queue.size).toBe(added.length - taken.length);
        }
        const last = taken.length;
        while (queue.size > 0) take();
        expect(taken.toSorted((a, b) => a.number - b.number)).toEqual(added);
        for (const sender of ['0', '1', '2', '3', '4']) {
          const own = taken.filter((item) => item.sender === sender).map(({ number }) => number);
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
        // With nothing added any more, between two of one sender each other one had a turn or has nothing left.
        const rest = taken.slice(last);
        rest.forEach(({ sender }, index) => {
          const next = rest.findIndex((item, at) => at > index && item.sender === sender);
          if (next < 0) return;
          const between = new Set(rest.slice(index + 1, next).map((item) => item.sender));
          for (const later of rest.slice(next))
            if (later.sender !== sender) expect(between).toContain(later.sender);
        });
      }),
    );
  });
});
