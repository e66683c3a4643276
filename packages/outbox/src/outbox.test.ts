import { decodeBatch, encodeBatch } from '@tongtang/wire/batch';
import { describe, expect, it } from 'vitest';
import { open, place, plenty, rtts, sample, silent } from './outbox.fixture.ts';
import { openOutbox } from './sqlite-outbox.ts';

/** Seconds. */
const day = 86_400;

describe('an outbox', () => {
  it('numbers samples from one and hands them out as a batch that the hub can read', () => {
    const outbox = open(place());
    expect(outbox.append([sample(1), sample(2)])).toEqual([1, 2]);
    expect(outbox.append([sample(3)])).toEqual([3, 3]);
    const claim = outbox.takeNewest(plenty);
    expect(claim).toMatchObject({
      outbox: outbox.stats().id,
      from: 1,
      to: 3,
      oldest: 1,
      time: 1_790_000_003,
    });
    if (claim === undefined) return;
    expect(decodeBatch(encodeBatch(claim, claim.lines, true))).toMatchObject({
      from: 1,
      to: 3,
      rejected: [],
    });
    outbox.close();
  });

  it('hands out the newest first, the oldest as backlog, and nothing twice', () => {
    const outbox = open(place());
    for (let n = 1; n <= 10; n += 1) outbox.append([sample(n)]);
    expect(rtts(outbox.takeNewest({ samples: 3, bytes: 10_000 })?.lines)).toEqual([8, 9, 10]);
    expect(rtts(outbox.takeOldest({ samples: 2, bytes: 10_000 })?.lines)).toEqual([1, 2]);
    outbox.append([sample(11)]);
    expect(rtts(outbox.takeNewest(plenty)?.lines)).toEqual([11]);
    expect(rtts(outbox.takeNewest(plenty)?.lines)).toEqual([3, 4, 5, 6, 7]);
    expect(outbox.takeNewest(plenty)).toBeUndefined();
    expect(outbox.takeOldest(plenty)).toBeUndefined();
    outbox.close();
  });

  it('keeps to the byte limit of a claim, but never hands out nothing', () => {
    const outbox = open(place());
    for (let n = 1; n <= 5; n += 1) outbox.append([sample(n), sample(n)]);
    expect(outbox.takeOldest({ samples: 100, bytes: 1 })?.to).toBe(2);
    expect(outbox.takeOldest({ samples: 100, bytes: 240 })?.to).toBe(6);
    outbox.close();
  });

  it('hands out again what was released, and forgets what was committed', () => {
    const path = place();
    const outbox = open(path);
    for (let n = 1; n <= 6; n += 1) outbox.append([sample(n)]);
    const claim = outbox.takeNewest({ samples: 2, bytes: 10_000 });
    expect(claim?.from).toBe(5);
    if (claim !== undefined) outbox.release(claim);
    outbox.commit(outbox.stats().id, [
      [2, 3],
      [3, 4],
      [3, 4],
      [50, 60],
    ]);
    expect(outbox.stats()).toMatchObject({ samples: 3, lastSequence: 6, oldestTime: 1_790_000_001 });
    expect(outbox.takeNewest(plenty)).toMatchObject({ from: 5, to: 6, oldest: 1 });
    expect(outbox.takeNewest(plenty)).toMatchObject({ from: 1, to: 1 });
    outbox.commit('another0', [[1, 6]]);
    expect(outbox.stats().samples).toBe(3);
    outbox.close();
    const again = open(path);
    expect(again.stats()).toMatchObject({ samples: 3, lastSequence: 6 });
    expect(rtts(again.takeOldest(plenty)?.lines)).toEqual([1]);
    expect(again.append([sample(7)])).toEqual([7, 7]);
    again.close();
  });

  it('adds up commits of parts of a chunk, and sends the chunk whole until all of it is committed', () => {
    const outbox = open(place());
    const { id } = outbox.stats();
    outbox.append([sample(1), sample(2), sample(3), sample(4)]);
    outbox.commit(id, [
      [1, 1],
      [4, 4],
    ]);
    outbox.append([sample(5)]);
    expect(outbox.stats().samples).toBe(3);
    const claim = outbox.takeOldest(plenty);
    expect(claim).toMatchObject({ from: 1, to: 5 });
    if (claim !== undefined) outbox.release(claim);
    outbox.commit(id, [[2, 3]]);
    expect(outbox.stats().samples).toBe(1);
    expect(outbox.takeOldest(plenty)).toMatchObject({ from: 5, to: 5, oldest: 5 });
    outbox.close();
  });

  it('gives no number twice, even when everything was committed and it was restarted', () => {
    const path = place();
    for (let start = 1; start <= 3; start += 1) {
      const outbox = open(path);
      expect(outbox.append([sample(start)])).toEqual([start, start]);
      outbox.commit(outbox.stats().id, [[1, start]]);
      outbox.close();
    }
    const last = open(path);
    expect(last.stats()).toMatchObject({ samples: 0, lastSequence: 3, oldestTime: undefined });
    expect(last.takeNewest(plenty)).toBeUndefined();
    last.close();
  });

  it('begins another id at each boot of the machine, and sends what is left under the old one', () => {
    const path = place();
    const first = open(path);
    const { id } = first.stats();
    first.append([sample(1), sample(2)]);
    first.close();
    const second = open(path, 'boot-2');
    expect(second.stats().id).not.toBe(id);
    expect(second.append([sample(3)])).toEqual([1, 1]);
    expect(second.takeOldest(plenty)).toMatchObject({ outbox: id, from: 1, to: 2, oldest: 1 });
    // A hub that knows numbers of the first id that a power cut took from us must not reach the second's.
    second.commit(id, [[1, 500]]);
    expect(second.takeNewest(plenty)).toMatchObject({ outbox: second.stats().id, from: 1, to: 1, oldest: 1 });
    expect(second.stats()).toMatchObject({ samples: 1, lastSequence: 1 });
    second.close();
  });

  it('refuses a second process or object on the same file, without waiting', () => {
    const path = place();
    const first = open(path);
    first.append([sample(1)]);
    const second = openOutbox({
      path,
      boot: 'boot-1',
      log: silent,
    });
    expect(second.append([sample(2)])).toBeUndefined();
    expect(second.stats()).toMatchObject({ samples: 1, failedWrites: 0 });
    first.close();
    expect(second.append([sample(3)])).toEqual([2, 3]);
    second.close();
  });
});

describe('hub time', () => {
  const moment = (boot: string, monotonicMs: number, wallMs: number) => ({ boot, monotonicMs, wallMs });
  const reference = {
    boot: 'boot-1',
    hubMs: 1_790_000_700_000,
    hubMinusMonotonicMs: 1_790_000_000_000,
    hubMinusWallMs: 2_220_000,
  };

  it('is given when it becomes known; until then nothing is handed out', () => {
    const outbox = open(place());
    outbox.append([sample(1, moment('boot-1', 5_400, 77)), sample(2, moment('boot-1', 15_900, 78))]);
    expect(outbox.takeNewest(plenty)).toBeUndefined();
    expect(outbox.takeOldest(plenty)).toBeUndefined();
    expect(outbox.stats()).toMatchObject({ samples: 2, oldestTime: undefined });
    expect(outbox.resolveTimes(reference)).toBe(false);
    expect(outbox.takeNewest(plenty)?.lines).toEqual([
      'ping,link=lan,target=gateway ok=true,rtt_ms=1 1790000005',
      'ping,link=lan,target=gateway ok=true,rtt_ms=2 1790000015',
    ]);
    outbox.close();
  });

  it('is right after a restart of the process, and by the wall clock for an earlier boot', () => {
    const path = place();
    const dayBefore = {
      boot: 'boot-0',
      hubMs: 1_789_913_600_000,
      hubMinusMonotonicMs: 0,
      hubMinusWallMs: 2_221_000,
    };
    const synced = open(path, 'boot-0');
    synced.resolveTimes(dayBefore);
    synced.append([sample(0)]);
    synced.commit(synced.stats().id, [[1, 1]]);
    synced.close();
    const earlier = open(path, 'boot-0');
    earlier.append([sample(1, moment('boot-0', 999_999_999, 1_789_990_000_000))]);
    earlier.close();
    const before = open(path);
    before.append([sample(2, moment('boot-1', 20_000, 5))]);
    before.close();
    const after = open(path);
    after.append([sample(3)]);
    expect(rtts(after.takeNewest(plenty)?.lines)).toEqual([3]);
    after.resolveTimes(reference);
    expect(after.takeNewest(plenty)).toMatchObject({ time: 1_790_000_020, from: 1, to: 1 });
    expect(after.takeNewest(plenty)).toMatchObject({ time: 1_789_992_220 });
    after.close();
  });

  it('that cannot be known costs the sample, which is counted: a wall clock that begins anew with every boot', () => {
    const path = place();
    const dead = { hubMinusMonotonicMs: 1_789_900_000_000, hubMinusWallMs: 559_132_000_000 };
    const synced = open(path, 'boot-a');
    synced.resolveTimes({ ...dead, boot: 'boot-a', hubMs: 1_789_900_100_000 });
    synced.append([sample(0)]);
    synced.commit(synced.stats().id, [[1, 1]]);
    synced.close();
    const earlier = open(path, 'boot-b');
    const [beganMs, tookMs] = [1_230_768_000_000, 300_000];
    earlier.append([
      sample(1, moment('boot-b', tookMs, beganMs + tookMs)),
      sample(2, moment('boot-b', tookMs, beganMs + tookMs)),
    ]);
    earlier.close();
    const now = open(path, 'boot-c');
    now.append([sample(3, moment('boot-c', 20_000, beganMs + 20_000))]);
    const hubMs = 1_790_000_060_000;
    now.resolveTimes({
      boot: 'boot-c',
      hubMs,
      hubMinusMonotonicMs: hubMs - 60_000,
      hubMinusWallMs: hubMs - beganMs - 60_000,
    });
    expect(now.takeOldest(plenty)?.lines).toEqual([
      'ping,link=lan,target=gateway ok=true,rtt_ms=3 1790000020',
    ]);
    expect(now.takeOldest(plenty)).toBeUndefined();
    expect(now.stats()).toMatchObject({ samples: 1, dropped: 2 });
    now.close();
    const again = open(path, 'boot-c');
    expect(again.stats()).toMatchObject({ samples: 1, dropped: 2 });
    again.close();
  });

  it('is not guessed where the clock stood still while the machine was off, and is set right before the hub is heard', () => {
    const path = place();
    const hour = 3_600_000;
    const offMs = 15 * hour;
    const startMs = 1_790_000_000_000;
    const synced = open(path, 'boot-a');
    synced.resolveTimes({ boot: 'boot-a', hubMs: startMs, hubMinusMonotonicMs: 0, hubMinusWallMs: 0 });
    synced.append([sample(0)]);
    synced.commit(synced.stats().id, [[1, 1]]);
    synced.close();
    const boot = 'boot-b';
    const opened = { monotonicMs: 60_000, wallMs: startMs + 60_000 };
    const without = openOutbox({ path, boot, log: silent, opened });
    without.append([sample(1, { boot, monotonicMs: 90_000, wallMs: startMs + 90_000 })]);
    without.close();
    // The next boot begins by the same clock; a process of it ends before the network sets that right, and another one hears the hub.
    const hubMs = startMs + offMs + hour;
    const next = (wallMs: number) =>
      openOutbox({ path, boot: 'boot-c', log: silent, opened: { monotonicMs: 60_000, wallMs } });
    next(hubMs - offMs).close();
    const now = next(hubMs);
    now.resolveTimes({ boot: 'boot-c', hubMs, hubMinusMonotonicMs: hubMs - 60_000, hubMinusWallMs: 0 });
    expect(now.stats()).toMatchObject({ samples: 0, dropped: 1 });
    now.close();
  });

  it('is given in slices, the newest first, after a long time without a hub', () => {
    const outbox = open(place());
    for (let n = 1; n <= 600; n += 1) outbox.append([sample(n, moment('boot-1', n * 1000, 0))]);
    expect(outbox.resolveTimes(reference)).toBe(true);
    expect(outbox.takeOldest(plenty)?.from).toBe(101);
    expect(outbox.resolveTimes(reference)).toBe(false);
    expect(outbox.takeOldest(plenty)?.from).toBe(1);
    outbox.close();
  });
});

describe('limits', () => {
  it('drop the oldest beyond the bytes, count them, and remember the count', () => {
    const path = place();
    const limits = { bytes: 25_000 };
    const outbox = open(path, 'boot-1', limits);
    for (let n = 1; n <= 500; n += 1) outbox.append([sample(n), sample(n)]);
    const { samples, bytes, dropped } = outbox.stats();
    expect(bytes).toBeLessThanOrEqual(25_000);
    expect(dropped).toBeGreaterThan(0);
    expect(samples + dropped).toBe(1000);
    expect(outbox.takeOldest({ samples: 2, bytes: 1000 })).toMatchObject({
      from: dropped + 1,
      oldest: dropped + 1,
    });
    outbox.close();
    const again = open(path, 'boot-2', limits);
    expect(again.stats()).toMatchObject({ samples, dropped });
    again.close();
  });

  it('are bytes alone: what is old by a clock that goes ahead is kept, and sent when the clock is right', () => {
    const path = place();
    const outbox = open(path);
    for (let n = 1; n <= 300; n += 1) outbox.append([sample(n)]);
    for (let n = 1; n <= 5; n += 1) outbox.append([sample(n, 1_790_000_000 + 45 * day + n)]);
    expect(outbox.stats()).toMatchObject({ samples: 305, dropped: 0, oldestTime: 1_790_000_001 });
    outbox.close();
    const again = open(path);
    expect(rtts(again.takeOldest({ ...plenty, samples: 300 })?.lines)).toHaveLength(300);
    again.close();
  });

  it('hold where all that is held is very old: the oldest give way, the newest go first, and the rest is handed out', () => {
    const outbox = open(place(), 'boot-1', { bytes: 25_000 });
    const append = (time: number): number => {
      outbox.append([sample(1, time), sample(2, time)]);
      return outbox.stats().bytes;
    };
    for (let n = 1; n <= 500; n += 1) expect(append(1_700_000_000 + n)).toBeLessThanOrEqual(25_000);
    const { dropped } = outbox.stats();
    for (let n = 1; n <= 20; n += 1) expect(append(1_790_000_000 + n)).toBeLessThanOrEqual(25_000);
    expect(outbox.takeNewest({ samples: 40, bytes: 10_000 })).toMatchObject({ from: 1001, to: 1040 });
    let backlog = 0;
    for (let claim = outbox.takeOldest(plenty); claim !== undefined; claim = outbox.takeOldest(plenty)) {
      backlog += claim.lines.length;
      outbox.commit(claim.outbox, [[claim.from, claim.to]]);
    }
    expect(backlog).toBe(1000 - outbox.stats().dropped);
    // As many as make room, a page of the file at a time.
    expect(outbox.stats().dropped - dropped).toBeLessThan(100);
    expect(outbox.stats().samples).toBe(40);
    outbox.close();
  });
});
