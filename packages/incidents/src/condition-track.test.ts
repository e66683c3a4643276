import { type Threshold, thresholds } from '@tongtang/model/condition-thresholds';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConditionTrack } from './condition-track.ts';

const twoOfThree: Threshold = thresholds['hub-lost'];
const margin: Threshold = thresholds['signal-low'];
/** Values ten seconds apart. */
const spansOf = (values: readonly number[], threshold = twoOfThree) => {
  const track = new ConditionTrack(threshold);
  for (const [index, value] of values.entries()) track.add(1000 + 10 * index, value);
  return track.spans;
};

describe('a condition', () => {
  it('fires when so many of the last are bad, and began with the first of them', () => {
    expect(spansOf([0, 1, 0, 1])).toEqual([{ from: 1010, firedAt: 1030 }]);
    expect(spansOf([0, 1, 0, 0, 1, 0, 0, 1])).toEqual([]);
  });

  it('fires by one that something else bears out, when the next is good again', () => {
    expect(spansOf([0, 2, 0, 0])).toEqual([{ from: 1010, firedAt: 1010, to: 1020 }]);
    expect(spansOf([0, 2, 1, 0, 0])).toEqual([{ from: 1010, firedAt: 1020, to: 1030 }]);
    expect(spansOf([0, 2])).toEqual([]);
  });

  it('ends with the first good value of enough in a row', () => {
    expect(spansOf([1, 1, 0, 1, 0, 0])).toEqual([{ from: 1000, firedAt: 1010, to: 1040 }]);
  });

  it('stays as it was between its two thresholds', () => {
    const between = margin.fire + 0.5;
    expect(spansOf([between, between, between, between], margin)).toEqual([]);
    const weak = [2, 2, 2, between, between, between, between, between, between];
    expect(spansOf(weak, margin)).toEqual([{ from: 1000, firedAt: 1020 }]);
  });

  it('does not count together what is too far apart', () => {
    const track = new ConditionTrack(twoOfThree);
    track.add(1000, 1);
    track.add(1000 + twoOfThree.freshS + 1, 1);
    expect(track.spans).toEqual([]);
  });

  it('goes on with what a hub of before kept', () => {
    const [bad, between, good] = [margin.fire - 1, margin.fire + 0.5, margin.clear + 3];
    const values = [good, bad, bad, between, bad, good, good];
    const times = values.map((_, index) => 1000 + 10 * index);
    const { spans, base } = new ConditionTrack(margin).state();
    const track = new ConditionTrack(margin, { spans, base, times, values });
    expect(track.spans).toEqual(spansOf(values, margin));
    expect(track.state()).toMatchObject({ spans: [{ from: 1010, firedAt: 1040 }] });
    // Values that come late find their place among them.
    for (const time of [1065, 1062, 1068]) track.add(time, good);
    expect(track.spans).toEqual([{ from: 1010, firedAt: 1040, to: 1050 }]);
  });

  it('refuses what is older than it remembers, and says so', () => {
    const track = new ConditionTrack(twoOfThree);
    for (let time = 0; time < 10_000; time += 10) track.add(time, 0);
    expect(track.add(8000, 1)).toBe(false);
    expect(track.add(9985, 1)).toBe(true);
  });
});

const series = fc.uniqueArray(
  fc.record({ time: fc.integer({ min: 0, max: 900 }), value: fc.integer({ max: 2, min: 0 }) }),
  {
    selector: ({ time }) => time,
    maxLength: 60,
  },
);

describe('whatever its values', () => {
  it('their order and their doubles do not matter', () => {
    const shuffled = series.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const [inOrder, anyhow] = [new ConditionTrack(twoOfThree), new ConditionTrack(twoOfThree)];
        for (const { time, value } of list.toSorted((a, b) => a.time - b.time)) inOrder.add(time, value);
        for (const { time, value } of other) anyhow.add(time, value);
        expect(anyhow.spans).toEqual(inOrder.spans);
      }),
    );
  });

  it('it can be kept and gone on with at any point', () => {
    fc.assert(
      fc.property(series, fc.nat(60), (list, at) => {
        const values = list.toSorted((a, b) => a.time - b.time);
        const whole = new ConditionTrack(twoOfThree);
        let parted = new ConditionTrack(twoOfThree);
        for (const [index, { time, value }] of values.entries()) {
          whole.add(time, value);
          if (index === at)
            parted = new ConditionTrack(twoOfThree, JSON.parse(JSON.stringify(parted.state())));
          parted.add(time, value);
        }
        expect(parted.spans).toEqual(whole.spans);
      }),
    );
  });
});
