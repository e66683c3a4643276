import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Schedule, type ScheduledTask } from './schedule.ts';
import { VirtualTime } from './testing/virtual-time.ts';

/** A schedule on virtual time that notes when each task starts. */
function scheduled(random: () => number = Math.random, lessonNear = () => false) {
  const time = new VirtualTime();
  const starts: { key: string; at: number }[] = [];
  const errors: string[] = [];
  const schedule = new Schedule({
    nowMs: () => time.boot,
    timers: time.timers,
    lessonNear,
    onWake: () => {},
    onError: (key) => errors.push(key),
    random,
  });
  const task = (key: string, everyS: number, tookMs = 0, heavy = false): ScheduledTask => ({
    key,
    everyS,
    heavy,
    run: () => {
      starts.push({ key, at: time.boot });
      return new Promise((resolve) => time.timers.after(tookMs, resolve));
    },
  });
  const gaps = (key: string) => {
    const own = starts.filter((start) => start.key === key).map(({ at }) => at);
    return own.slice(1).map((at, index) => at - (own[index] ?? 0));
  };
  return { time, starts, errors, schedule, task, gaps };
}

describe('schedule', () => {
  it('keeps the interval on average, strays by a second at most, and spreads first starts', async () => {
    const { time, schedule, task, gaps, starts } = scheduled();
    schedule.set([task('a', 10), task('b', 10), task('c', 60)]);
    await time.advance(3_600_000);
    expect(gaps('a').length).toBeGreaterThanOrEqual(357);
    expect(gaps('a').length).toBeLessThanOrEqual(360);
    for (const gap of gaps('a')) expect(Math.abs(gap - 10_000)).toBeLessThanOrEqual(1010);
    expect(starts.find(({ key }) => key === 'c')?.at).toBeLessThan(1_000_000 + 12_000);
    expect(gaps('c').length).toBe(59);
  });

  it('never runs one series twice within two seconds, whatever is configured when', () => {
    const changes = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 20_000 }),
        fc.subarray(['a', 'b', 'c']),
        fc.integer({ min: 5, max: 30 }),
      ),
      { maxLength: 20 },
    );
    return fc.assert(
      fc.asyncProperty(
        changes,
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (steps, dice) => {
          const { time, schedule, task, gaps } = scheduled(() => dice.next().value ?? 0);
          for (const [waitMs, keys, everyS] of steps) {
            schedule.set(keys.map((key) => task(key, everyS)));
            await time.advance(waitMs);
          }
          for (const key of ['a', 'b', 'c'])
            for (const gap of gaps(key)) expect(gap).toBeGreaterThanOrEqual(2000);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never overlaps a task with itself, and counts what it left out', async () => {
    const { time, schedule, task, gaps } = scheduled();
    schedule.set([task('slow', 10, 25_000)]);
    await time.advance(300_000);
    for (const gap of gaps('slow')) expect(gap).toBeGreaterThanOrEqual(25_000);
    expect(schedule.skipped).toBeGreaterThan(10);
  });

  it('does not make up for what it slept through: no burst, and each task soon again', async () => {
    const { time, schedule, task, starts } = scheduled();
    schedule.set(Array.from({ length: 20 }, (_, index) => task(`t${index}`, 10)));
    await time.advance(60_000);
    time.sleep(8 * 3_600_000);
    const woken = time.boot;
    await time.advance(12_000);
    await time.advance(12_000);
    const after = starts.filter(({ at }) => at > woken);
    expect(new Set(after.map(({ key }) => key)).size).toBe(20);
    for (let second = 0; second < 24; second += 1) {
      const within = after.filter(({ at }) => Math.floor((at - woken) / 1000) === second).length;
      expect(within).toBeLessThan(12);
    }
  });

  it('leaves heavy tasks out while a lesson is on or near', async () => {
    let near = true;
    const { time, schedule, task, starts } = scheduled(Math.random, () => near);
    schedule.set([task('throughput', 60, 0, true), task('ping', 60)]);
    await time.advance(600_000);
    expect(starts.some(({ key }) => key === 'throughput')).toBe(false);
    near = false;
    await time.advance(120_000);
    expect(starts.some(({ key }) => key === 'throughput')).toBe(true);
  });

  it('keeps the beat of tasks that a new configuration leaves as they were', async () => {
    const { time, schedule, task, gaps } = scheduled();
    schedule.set([task('a', 30)]);
    for (let minute = 0; minute < 60; minute += 1) {
      await time.advance(7000);
      schedule.set([task('a', 30), task(`other${minute}`, 10)]);
    }
    for (const gap of gaps('a')) expect(Math.abs(gap - 30_000)).toBeLessThanOrEqual(1010);
  });

  it('goes on when a task rejects, and tells of it', async () => {
    const { time, schedule, errors } = scheduled();
    schedule.set([{ key: 'bad', everyS: 10, heavy: false, run: () => Promise.reject(new Error('no')) }]);
    await time.advance(60_000);
    expect(errors.length).toBeGreaterThanOrEqual(5);
  });

  describe('that is prompted', () => {
    const apartS = 600;
    const day = 86_400;
    const prompted = (task: ScheduledTask, everyS: number | undefined = day): ScheduledTask => ({
      ...task,
      everyS,
      prompt: { by: 'broadband', apartS },
    });

    it('starts the tasks of that link soon, and no others', async () => {
      const { time, schedule, task, starts } = scheduled();
      schedule.set([prompted(task('route', day)), task('other', day)]);
      await time.advance(20_000);
      expect(starts.length).toBe(2);
      schedule.prompt('lan');
      await time.advance(20_000);
      expect(starts.length).toBe(2);
      schedule.prompt('broadband');
      await time.advance(12_000);
      expect(starts.slice(2).map(({ key }) => key)).toEqual(['route']);
    });

    it('starts a task that has no beat only then', async () => {
      const { time, schedule, task, starts } = scheduled();
      schedule.set([{ ...prompted(task('route', 0)), everyS: undefined }]);
      await time.advance(3 * day * 1000);
      expect(starts).toEqual([]);
      schedule.prompt('broadband');
      await time.advance(3 * day * 1000);
      expect(starts.length).toBe(1);
    });

    it('goes on with a beat from there', async () => {
      const { time, schedule, task, gaps } = scheduled(() => 0.5);
      schedule.set([prompted(task('route', day))]);
      await time.advance(day * 1000);
      schedule.prompt('broadband');
      await time.advance(3 * day * 1000);
      expect(gaps('route').length).toBeGreaterThanOrEqual(3);
      for (const gap of gaps('route').slice(-2)) expect(Math.abs(gap - day * 1000)).toBeLessThanOrEqual(1010);
    });

    it('does so at once for what happens soon after', async () => {
      const { time, schedule, task, starts } = scheduled();
      schedule.set([{ ...prompted(task('route', 0)), everyS: undefined }]);
      for (let turn = 1; turn <= 3; turn += 1) {
        schedule.prompt('broadband');
        await time.advance(12_000);
        expect(starts.length).toBe(turn);
      }
    });

    it('never does so more than three times within three times its time, and forgets nothing that happened meanwhile', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 100, max: 900_000 }), { minLength: 1, maxLength: 30 }),
          async (waitsMs) => {
            const { time, schedule, task, starts } = scheduled();
            schedule.set([{ ...prompted(task('route', 0)), everyS: undefined }]);
            for (const waitMs of waitsMs) {
              schedule.prompt('broadband');
              await time.advance(waitMs);
            }
            const last = time.boot - (waitsMs.at(-1) ?? 0);
            await time.advance(3 * apartS * 1000 + 12_000);
            for (const [index, { at }] of starts.slice(3).entries())
              expect(at - (starts[index]?.at ?? 0)).toBeGreaterThanOrEqual(3 * apartS * 1000);
            expect(starts.at(-1)?.at).toBeGreaterThanOrEqual(last);
          },
        ),
        { numRuns: 60 },
      ));
  });

  it('waits with a single timer for all tasks', () => {
    const { time, schedule, task } = scheduled();
    schedule.set(Array.from({ length: 50 }, (_, index) => task(`t${index}`, 10)));
    expect(time.armed).toBe(1);
  });

  it('starts nothing after it was stopped, and waits for what runs', async () => {
    const { time, schedule, task, starts } = scheduled(() => 0);
    schedule.set([task('a', 10, 5000)]);
    await time.advance(1);
    await time.advance(1);
    expect(starts.length).toBe(1);
    let stopped = false;
    void schedule.stop().then(() => {
      stopped = true;
    });
    await time.advance(4000);
    expect(stopped).toBe(false);
    await time.advance(60_000);
    expect(stopped).toBe(true);
    expect(starts.length).toBe(1);
  });

  it('starts what follows a task when that has its answer, in the same wake, and soon where it has none', async () => {
    const { time, schedule, task, starts } = scheduled(() => 0);
    const follower = { ...task('b', 10), everyS: undefined, follows: 'a' };
    schedule.set([task('a', 10, 20), follower]);
    await time.advance(30_000);
    const at = (key: string) => starts.filter((start) => start.key === key).map((start) => start.at);
    expect(at('b')).toEqual(at('a').map((start) => start + 20));
    schedule.set([task('a', 10, 7000), follower]);
    await time.advance(30_000);
    expect(at('b').slice(3)).toEqual(
      at('a')
        .slice(3)
        .map((start) => start + 50),
    );
    expect(at('b').length).toBe(6);
    expect(schedule.skipped).toBe(0);
  });

  it('keeps the beat of a task whose follower takes longer than it, and leaves starts of the follower out', async () => {
    const { time, schedule, task, gaps } = scheduled(() => 0);
    schedule.set([task('a', 10, 5), { ...task('b', 10, 12_000), everyS: undefined, follows: 'a' }]);
    await time.advance(100_000);
    expect(new Set(gaps('a'))).toEqual(new Set([10_000]));
    expect(new Set(gaps('b'))).toEqual(new Set([20_000]));
    expect(schedule.skipped).toBeGreaterThan(3);
  });

  it('is woken before a follower starts: the machine may have slept since the task before it began', async () => {
    const time = new VirtualTime();
    const happened: string[] = [];
    const schedule = new Schedule({
      nowMs: () => time.boot,
      timers: time.timers,
      lessonNear: () => false,
      onWake: () => happened.push('woken'),
      onError: () => {},
      random: () => 0,
    });
    const run = (key: string) => (): Promise<void> => {
      happened.push(key);
      return new Promise((resolve) => time.timers.after(20, resolve));
    };
    schedule.set([
      { key: 'a', everyS: 10, heavy: false, run: run('a') },
      { key: 'b', everyS: undefined, follows: 'a', heavy: false, run: run('b') },
    ]);
    await time.advance(1000);
    expect(happened).toEqual(['woken', 'a', 'woken', 'b']);
  });

  it('starts the follower on each beat, whatever holds up the task that it follows', async () => {
    const { time, schedule, task, gaps } = scheduled(() => 0);
    schedule.set([task('a', 10, 12_000), { ...task('b', 10, 500), everyS: undefined, follows: 'a' }]);
    await time.advance(100_000);
    expect(new Set(gaps('a'))).toEqual(new Set([20_000]));
    expect(gaps('b').length).toBeGreaterThanOrEqual(8);
    for (const gap of gaps('b')) expect(Math.abs(gap - 10_000)).toBeLessThanOrEqual(60);
  });
});
