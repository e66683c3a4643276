import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubClock } from './clock.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const hour = 3_600_000;

/** A clock beside a hub whose time is so far ahead of this machine's true time. */
function beside(offsetMs: number) {
  const time = new VirtualTime();
  const clock = new HubClock(time.sources);
  let aheadMs = offsetMs;
  const hubMs = () => time.sources.originMs + (time.boot - 1_000_000) + aheadMs;
  /** Somebody sets the hub's clock. */
  const set = (byMs: number) => {
    aheadMs += byMs;
  };
  /** A STAMP run whose way there took `upMs` and the way back `downMs`: wrong by half the difference. */
  const stamp = (upMs: number, downMs: number) => {
    const steady = time.sources.originMs + time.monotonic;
    clock.learnOffset(hubMs() - steady + (upMs - downMs) / 2, upMs + downMs);
  };
  return { time, clock, hubMs, stamp, set };
}

describe('hub clock', () => {
  it('knows no hub time before the first measurement', () => {
    const { clock } = beside(0);
    expect(clock.hubMs()).toBeUndefined();
    expect(clock.wallOffsetMs()).toBeUndefined();
  });

  it('tells hub time on a machine whose clock is 37 minutes wrong', async () => {
    const { time, clock, hubMs, stamp } = beside(37 * 60_000);
    stamp(20, 20);
    await time.advance(hour);
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
    expect(clock.wallOffsetMs()).toBeCloseTo(37 * 60_000, 3);
  });

  it('is never wrong by more than half the best round trip and some drift, however crooked the paths', () => {
    const paths = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 })), {
      minLength: 1,
      maxLength: 40,
    });
    return fc.assert(
      fc.asyncProperty(paths, fc.integer({ min: -1e9, max: 1e9 }), async (ways, offset) => {
        const { time, clock, hubMs, stamp } = beside(offset);
        for (const [up, down] of ways) {
          stamp(up, down);
          await time.advance(10_000);
        }
        const best = Math.min(...ways.slice(-8).map(([up, down]) => up + down));
        expect(Math.abs((clock.hubMs() ?? 0) - hubMs())).toBeLessThanOrEqual(best / 2 + 2);
      }),
    );
  });

  it('prefers STAMP to the time in a commit, and takes that where there is no STAMP', async () => {
    const { time, clock, hubMs, stamp } = beside(5000);
    const asked = clock.localMs();
    await time.advance(800);
    clock.learnTime(hubMs() - 10, asked);
    expect(Math.abs((clock.hubMs() ?? 0) - hubMs())).toBeLessThanOrEqual(400);
    stamp(15, 15);
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
  });

  it('jumps on at once after sleep, and tells how long it was, to within the ticks of the boot clock', async () => {
    const { time, clock, hubMs, stamp } = beside(-90_000);
    stamp(10, 10);
    await time.advance(10_000);
    clock.tick();
    time.sleep(8 * hour);
    const { sleptMs, steppedMs } = clock.tick();
    expect(sleptMs).toBe(8 * hour);
    expect(steppedMs).toBe(0);
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
    stamp(10, 10);
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
  });

  it('takes a process that was not woken for minutes, all clocks going on, for sleep: Windows', async () => {
    const { time, clock, hubMs, stamp } = beside(0);
    stamp(10, 10);
    await time.advance(10_000);
    expect(clock.tick().sleptMs).toBe(0);
    time.freeze(2 * hour);
    expect(clock.tick()).toMatchObject({ sleptMs: 2 * hour, steppedMs: 0 });
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
  });

  it('reads the boot clock once a minute, and finds sleep in between all the same', async () => {
    const time = new VirtualTime();
    let reads = 0;
    const bootMs = () => {
      reads += 1;
      return time.sources.bootMs();
    };
    const clock = new HubClock({ ...time.sources, bootMs });
    reads = 0;
    for (let second = 0; second < 600; second += 2) {
      clock.tick();
      expect(clock.moment().bootMs).toBeCloseTo(time.boot, 3);
      await time.advance(2000);
    }
    expect(reads).toBeLessThanOrEqual(10);
    clock.tick();
    time.sleep(3000);
    expect(clock.tick()).toMatchObject({ sleptMs: 3000, steppedMs: 0 });
    expect(clock.moment().bootMs).toBeCloseTo(time.boot, 3);
  });

  it('tells all sleep of a Linux machine, and knows hub time after it, whatever comes in between', () => {
    const awake = fc.record({ kind: fc.constant('awake'), ms: fc.integer({ min: 1, max: 20_000 }) });
    const asleep = fc.record({ kind: fc.constant('asleep'), ms: fc.integer({ min: 1500, max: 9 * hour }) });
    const set = fc.record({ kind: fc.constant('set'), ms: fc.integer({ min: -2 * hour, max: 2 * hour }) });
    return fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(awake, asleep, set)), async (events) => {
        const { time, clock, hubMs, stamp } = beside(12_345);
        stamp(10, 10);
        let sleptMs = 0;
        for (const { kind, ms } of events) {
          if (kind === 'awake') await time.advance(ms);
          else if (kind === 'asleep') time.sleep(ms);
          else time.wall += ms;
          sleptMs += clock.tick().sleptMs;
          expect(Math.abs((clock.hubMs() ?? 0) - hubMs())).toBeLessThan(1);
        }
        const slept = events.filter(({ kind }) => kind === 'asleep');
        expect(sleptMs).toBeCloseTo(
          slept.reduce((sum, { ms }) => sum + ms, 0),
          3,
        );
      }),
    );
  });

  it('is not moved by a wall clock that somebody sets a day forward or back, and tells it', async () => {
    const { time, clock, hubMs, stamp } = beside(1000);
    stamp(10, 10);
    for (const step of [24 * hour, -24 * hour]) {
      await time.advance(10_000);
      clock.tick();
      time.wall += step;
      expect(clock.tick()).toMatchObject({ sleptMs: 0, steppedMs: step });
      expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
    }
  });

  it('tells sleep and a set clock apart when both happened', () => {
    const { time, clock } = beside(0);
    time.sleep(hour);
    time.wall -= 3 * hour;
    expect(clock.tick()).toMatchObject({ sleptMs: hour, steppedMs: -3 * hour });
  });

  it('follows a hub that was set, or the pause of a virtual machine, when three readings agree for ten seconds', async () => {
    const { time, clock, hubMs, stamp, set } = beside(0);
    stamp(10, 10);
    set(500_000);
    for (const doubted of [1, 1]) {
      await time.advance(10_000);
      stamp(10, 80);
      expect(hubMs() - (clock.hubMs() ?? 0)).toBeCloseTo(500_000, 3);
      expect(clock.tick()).toMatchObject({ doubted, followedMs: 0 });
    }
    await time.advance(10_000);
    stamp(10, 10);
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
    expect(clock.tick()).toMatchObject({ doubted: 1, followedMs: 500_000 });
  });

  it('is back with the hub within half a minute of a leap second, and gives no second to two samples', async () => {
    const { time, clock, hubMs, stamp, set } = beside(250);
    const stamped: number[] = [];
    for (let second = 0; second < 120; second += 2) {
      // A clock of POSIX repeats the second, of the hub as of this machine (IEEE Std 1003.1, 4.19).
      if (second === 60) set(-1000);
      if (second === 60) time.wall -= 1000;
      if (second % 10 === 0) stamp(10, 10);
      clock.tick();
      stamped.push(Math.floor((clock.hubMs() ?? 0) / 1000));
      expect(Math.abs((clock.hubMs() ?? 0) - hubMs())).toBeLessThan(second < 60 || second > 80 ? 1 : 1001);
      // Of one series no sample is nearer to the next.
      await time.advance(2000);
    }
    expect(new Set(stamped).size).toBe(stamped.length);
    expect(stamped).toEqual(stamped.toSorted((a, b) => a - b));
  });

  it('is not moved by single readings that are wrong, however many, if each says something else', async () => {
    const { time, clock, hubMs, stamp } = beside(7000);
    stamp(10, 10);
    for (let reading = 1; reading <= 20; reading += 1) {
      await time.advance(10_000);
      clock.learnOffset(reading * 1e6, 5);
      expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
    }
    expect(clock.tick()).toMatchObject({ doubted: 20, followedMs: 0 });
  });

  it('is not moved by wrong readings that agree, if a right one comes in between', async () => {
    const { time, clock, hubMs, stamp } = beside(0);
    stamp(10, 10);
    for (let reading = 1; reading <= 20; reading += 1) {
      await time.advance(10_000);
      if (reading % 3 === 0) stamp(10, 10);
      else clock.learnOffset(1e6, 5);
      expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
    }
  });

  it('is not moved by a hub that says a wrong time many times in a moment', () => {
    const { clock, hubMs, stamp } = beside(0);
    stamp(10, 10);
    for (let reading = 1; reading <= 20; reading += 1) clock.learnTime(0, clock.localMs());
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
  });

  it('hears STAMP rather than commits where the two disagree', async () => {
    const { time, clock, hubMs, stamp, set } = beside(0);
    const commit = (hub: number) => clock.learnTime(hub, clock.localMs());
    stamp(10, 10);
    for (let reading = 1; reading <= 20; reading += 1) {
      await time.advance(10_000);
      commit(hubMs() + 90_000);
      stamp(10, 10);
      expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
    }
    set(-90_000);
    for (let reading = 1; reading <= 3; reading += 1) {
      await time.advance(10_000);
      commit(hubMs() + 90_000);
      stamp(10, 10);
    }
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
  });

  it('is right in the end, whatever single readings say in between', () => {
    const wrong = fc.array(fc.option(fc.integer({ min: -1e9, max: 1e9 }), { nil: undefined }), {
      maxLength: 40,
    });
    return fc.assert(
      fc.asyncProperty(wrong, async (readings) => {
        const { time, clock, hubMs, stamp } = beside(60_000);
        for (const reading of [...readings, undefined, undefined, undefined]) {
          if (reading === undefined) stamp(10, 10);
          else clock.learnOffset(reading, 20);
          await time.advance(10_000);
        }
        expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
      }),
    );
  });

  it('ignores measurements that are none', () => {
    const { clock } = beside(0);
    clock.learnOffset(Number.NaN, 10);
    clock.learnOffset(5, -1);
    clock.learnOffset(5, Number.NaN);
    expect(clock.hubMs()).toBeUndefined();
  });
});
