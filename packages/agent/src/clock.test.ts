import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubClock } from './clock.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const hour = 3_600_000;

/** A clock beside a hub whose time is so far ahead of this machine's true time. */
function beside(offsetMs: number) {
  const time = new VirtualTime();
  const clock = new HubClock(time.sources);
  const hubMs = () => time.sources.originMs + (time.boot - 1_000_000) + offsetMs;
  /** A STAMP run whose way there took `upMs` and the way back `downMs`: wrong by half the difference. */
  const stamp = (upMs: number, downMs: number) => {
    const steady = time.sources.originMs + time.monotonic;
    clock.learnOffset(hubMs() - steady + (upMs - downMs) / 2, upMs + downMs);
  };
  return { time, clock, hubMs, stamp };
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
    expect(clock.tick()).toEqual({ sleptMs: 2 * hour, steppedMs: 0 });
    expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
  });

  it('is not moved by a wall clock that somebody sets a day forward or back, and tells it', async () => {
    const { time, clock, hubMs, stamp } = beside(1000);
    stamp(10, 10);
    for (const step of [24 * hour, -24 * hour]) {
      await time.advance(10_000);
      clock.tick();
      time.wall += step;
      expect(clock.tick()).toEqual({ sleptMs: 0, steppedMs: step });
      expect(clock.hubMs()).toBeCloseTo(hubMs(), 3);
    }
  });

  it('tells sleep and a set clock apart when both happened', () => {
    const { time, clock } = beside(0);
    time.sleep(hour);
    time.wall -= 3 * hour;
    expect(clock.tick()).toEqual({ sleptMs: hour, steppedMs: -3 * hour });
  });

  it('drops what it knew when a measurement contradicts it: the hub was set, or this machine is a paused guest', () => {
    const { clock, time } = beside(0);
    clock.learnOffset(0, 10);
    clock.learnOffset(500_000, 80);
    expect(clock.offsetMs()).toBe(500_000);
    void time;
  });

  it('ignores measurements that are none', () => {
    const { clock } = beside(0);
    clock.learnOffset(Number.NaN, 10);
    clock.learnOffset(5, -1);
    clock.learnOffset(5, Number.NaN);
    expect(clock.hubMs()).toBeUndefined();
  });
});
