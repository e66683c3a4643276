import { decodeLine } from '@tongtang/wire/line-protocol';
import { describe, expect, it } from 'vitest';
import { Arrivals, type Batch } from './arrivals.ts';

const most = 200_000;
const never = (): boolean => false;
const sampleAt = (time: number) => ({ measurement: 'ping', tags: {}, time, fields: { ok: true } });
const batchOf = (agent: string, from: number, samples: number, arrivedAt = from + samples): Batch => ({
  agent,
  samples: Array.from({ length: samples }, (_, index) => sampleAt(from + index)),
  arrivedAt,
});
const full = (): Arrivals => {
  const arrivals = new Arrivals();
  for (let n = 0; n < 20; n += 1) arrivals.add(batchOf('first', n * 10_000, most / 20));
  return arrivals;
};
const drained = (arrivals: Arrivals): Batch[] => {
  const batches: Batch[] = [];
  arrivals.drain((batch) => batches.push(batch), never);
  return batches;
};

describe('what waits to be weighed', () => {
  it('comes in the order in which it came, as much as is wanted', () => {
    const arrivals = new Arrivals();
    for (const agent of ['a', 'b', 'c']) arrivals.add(batchOf(agent, 100, 2));
    const agents: string[] = [];
    expect(
      arrivals.drain(
        ({ agent }) => agents.push(agent),
        () => agents.length === 2,
      ),
    ).toBe(true);
    expect([agents, arrivals.waiting, arrivals.earliest]).toEqual([['a', 'b'], 2, 100]);
    expect(drained(arrivals)).toEqual([batchOf('c', 100, 2)]);
    expect(arrivals.missed.size).toBe(0);
  });

  it('is bounded, however much comes: beyond, one sample of each agent waits', () => {
    const arrivals = full();
    expect(arrivals.waiting).toBe(most);
    for (let n = 0; n < 5000; n += 1) arrivals.add(batchOf(`agent${n % 10}`, 1_000_000 + n, 30));
    expect(arrivals.waiting).toBe(most + 10);
    expect(arrivals.missed.get('agent3')).toBe(1_000_003);
  });

  it('has the newest of each agent whatever order it came in, after what waited before it', () => {
    const arrivals = full();
    arrivals.add(batchOf('a', 2_000_000, 10, 3_000_000));
    arrivals.add(batchOf('a', 1_500_000, 10, 3_000_010));
    arrivals.add(batchOf('b', 2_000_100, 10, 3_000_020));
    arrivals.add(batchOf('a', 2_000_200, 10, 3_000_030));
    expect([...arrivals.takeMissed()]).toEqual([
      ['a', 1_500_000],
      ['b', 2_000_100],
    ]);
    const batches = drained(arrivals);
    expect(batches.slice(-2)).toEqual([
      { agent: 'a', samples: [sampleAt(2_000_209)], arrivedAt: 3_000_030 },
      { agent: 'b', samples: [sampleAt(2_000_109)], arrivedAt: 3_000_020 },
    ]);
    expect(arrivals.waiting).toBe(0);
    expect(drained(arrivals)).toEqual([]);
  });

  it('says how far back it reaches until all of it is weighed', () => {
    const arrivals = full();
    arrivals.add(batchOf('a', 500_000, 10));
    expect(arrivals.earliest).toBe(0);
    let left = 20;
    arrivals.drain(
      () => {
        left -= 1;
      },
      () => left === 0,
    );
    expect([arrivals.waiting, arrivals.earliest]).toEqual([1, 500_000]);
    arrivals.takeMissed();
    expect(arrivals.earliest).toBe(500_009);
    drained(arrivals);
    expect(arrivals.earliest).toBe(Number.POSITIVE_INFINITY);
  });

  it('has nothing of the batch that a sample came in', () => {
    const sample = decodeLine('ping,link=lan,target=gateway ok=true 1000');
    if ('reason' in sample) throw new Error(sample.reason);
    const arrivals = full();
    const beyond = { agent: 'a', samples: [sample], arrivedAt: 1001 };
    arrivals.add(beyond);
    const within = new Arrivals();
    within.add(beyond);
    const tags = { link: 'lan', target: 'gateway' };
    const plain = { measurement: 'ping', tags, time: 1000, fields: { ok: true } };
    for (const batches of [drained(arrivals), drained(within)])
      expect(batches.at(-1)?.samples).toEqual([plain]);
  });
});
