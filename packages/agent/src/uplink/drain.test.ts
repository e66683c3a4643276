import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim, Outbox } from '@tongtang/outbox/outbox';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import type { Range } from '@tongtang/wire/messages';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { testLog } from '../testing/uplink-at-work.ts';
import { VirtualTime } from '../testing/virtual-time.ts';
import { Drain } from './drain.ts';
import type { BatchKind } from './window.ts';

type Sent = Readonly<{
  from: number;
  to: number;
  kind: BatchKind;
  at: number;
  asks: boolean;
  inDoubt: boolean;
}>;

const folders: string[] = [];
const outboxes: Outbox[] = [];
afterEach(() => {
  for (const outbox of outboxes.splice(0)) outbox.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A drain on virtual time before a real outbox; batches weigh 8000 bytes each. */
function draining() {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-drain-'));
  folders.push(folder);
  const outbox = openOutbox({ path: join(folder, 'outbox.db'), boot: 'boot', log: testLog });
  outboxes.push(outbox);
  const time = new VirtualTime();
  const beat = { ms: 10_000 };
  const sent: Sent[] = [];
  const drain = new Drain({
    outbox,
    nowMs: () => time.monotonic,
    nextPresentMs: () => time.monotonic + beat.ms,
    send: ({ from, to, commitLater = false }: Claim, { kind, inDoubt }) => {
      sent.push({ from, to, kind, at: time.monotonic, asks: !commitLater, inDoubt });
      return 8000;
    },
    random: () => 0.5,
  });
  let second = 1_800_000_000;
  const measure = (count: number) => {
    for (let left = count; left > 0; left -= 5)
      outbox.append(
        Array.from({ length: Math.min(5, left) }, (_, index) => ({
          line: `ping,link=lan,target=t${index} ok=true,rtt_ms=${second % 97}`,
          time: second++,
        })),
      );
  };
  const commit = (...ranges: Range[]) => {
    const { id } = outbox.stats();
    outbox.commit(id, ranges);
    return drain.committed(id, ranges);
  };
  /** Does what `nextMs` asks for, until then. */
  const work = async (ms: number) => {
    const end = time.monotonic + ms;
    for (let next = drain.nextMs(); next !== undefined && next <= end; next = drain.nextMs()) {
      await time.advance(Math.max(1, next - time.monotonic));
      drain.proceed(1);
    }
    await time.advance(Math.max(0, end - time.monotonic));
  };
  return { outbox, drain, time, beat, sent, measure, commit, work };
}

describe('drain', () => {
  it('sends what was measured since the last time as one batch, and nothing when there is nothing', () => {
    const { drain, sent, measure, commit } = draining();
    drain.reset();
    measure(10);
    drain.sendPresent();
    commit([1, 10]);
    measure(10);
    drain.sendPresent();
    drain.sendPresent();
    expect(sent.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [1, 10, 'backlog'],
      [11, 20, 'present'],
    ]);
  });

  it('W-2: sends the newest first and the backlog behind it, oldest first, at 8 kB/s', async () => {
    const { drain, sent, measure, commit, work, outbox } = draining();
    measure(9000);
    drain.reset();
    drain.sendPresent();
    const first = sent[0];
    expect(first?.to).toBe(9000);
    for (let second = 0; second < 40; second += 1) {
      await work(1000);
      commit(...sent.map(({ from, to }): Range => [from, to]));
    }
    expect(outbox.stats().samples).toBe(0);
    const backlog = sent.slice(1);
    expect(backlog.length).toBeGreaterThan(3);
    expect(backlog[0]?.from).toBe(1);
    for (const [index, { from, at }] of backlog.entries()) {
      const before = sent[index];
      if (before === undefined) continue;
      expect(at - before.at).toBeGreaterThanOrEqual(1000);
      if (index > 0) expect(from).toBe(before.to + 1);
    }
  });

  it('W-2: after an outage the newest go in a batch of their own, small beside those of the backlog', async () => {
    const { drain, sent, measure, work } = draining();
    measure(1000);
    drain.reset();
    drain.sendPresent();
    await work(1000);
    const [newest, backlog] = sent.map(({ from, to }) => to - from + 1);
    expect(sent[0]?.to).toBe(1000);
    expect(newest).toBeLessThanOrEqual(100);
    expect(backlog).toBeGreaterThan(500);
  });

  it('W-1: never has more than 16 batches without a commit', async () => {
    const { drain, sent, measure, work } = draining();
    measure(30_000);
    drain.reset();
    for (let flush = 0; flush < 30; flush += 1) {
      measure(5);
      drain.sendPresent();
      await work(1500);
    }
    expect(sent.length).toBeLessThanOrEqual(16);
  });

  it('C-7: sends again after 60 s, then after growing times, the same batch, and never in a tight loop', async () => {
    const { drain, sent, measure, work } = draining();
    drain.reset();
    measure(5);
    drain.sendPresent();
    await work(24 * 3_600_000);
    const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
    expect(gaps[0]).toBe(60_000);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(600_000);
    expect(sent.length).toBeLessThan(250);
    expect(new Set(sent.map(({ from, to }) => `${from}-${to}`)).size).toBe(1);
  });

  it('C-10: asks for a commit with every third batch, and one answers for all before it', async () => {
    const { drain, sent, measure, commit, work, outbox } = draining();
    drain.reset();
    for (let flush = 0; flush < 13; flush += 1) {
      measure(5);
      drain.sendPresent();
      await work(10_000);
      const last = sent.at(-1);
      if (last?.asks) commit([1, last.to]);
    }
    expect(sent.flatMap(({ asks }, index) => (asks ? [index] : []))).toEqual([0, 3, 6, 9, 12]);
    expect(outbox.stats().samples).toBe(0);
    expect(drain.nextMs()).toBeUndefined();
  });

  it.each([
    [60, [0, 180, 360]],
    [90, [0, 180, 360]],
    [120, [0, 120, 240, 360]],
    [300, [0, 300, 600]],
  ])('C-10: asks after three minutes at the latest, with a batch each %i s', async (everyS, asked) => {
    const { drain, beat, sent, measure, commit, work } = draining();
    drain.reset();
    beat.ms = everyS * 1000;
    for (let at = 0; at <= (asked.at(-1) ?? 0); at += everyS) {
      measure(5);
      drain.sendPresent();
      await work(1000);
      const last = sent.at(-1);
      if (last?.asks) commit([1, last.to]);
      // Timers are late.
      await work(beat.ms - 997);
    }
    expect(sent.flatMap(({ asks, at }) => (asks ? [Math.round(at / 1000)] : []))).toEqual(asked);
  });

  it('C-10: asks at once where the next batch is far off, as when lessons end', async () => {
    const { drain, beat, sent, measure, commit, work } = draining();
    drain.reset();
    for (const ms of [10_000, 10_000, 300_000]) {
      beat.ms = ms;
      measure(5);
      drain.sendPresent();
      await work(1000);
      const last = sent.at(-1);
      if (last?.asks) commit([1, last.to]);
      await work(ms - 1000);
    }
    expect(sent.map(({ asks }) => asks)).toEqual([true, false, true]);
  });

  it('T-6: doubts the path once a commit that was asked for does not come, until one does', async () => {
    const { drain, sent, measure, commit, work } = draining();
    drain.reset();
    for (let flush = 0; flush < 6; flush += 1) {
      measure(5);
      drain.sendPresent();
      await work(10_000);
      if (flush === 3) commit([1, 20]);
    }
    expect(sent.map(({ inDoubt }) => inDoubt)).toEqual([false, false, false, true, false, false]);
  });

  it('C-10, C-7: sends again what a commit leaves out although it was sent before, and asks then', async () => {
    const { drain, sent, measure, commit, work } = draining();
    drain.reset();
    for (let flush = 0; flush < 4; flush += 1) {
      measure(5);
      drain.sendPresent();
      await work(10_000);
      if (flush === 0) commit([1, 5]);
    }
    commit([6, 10], [16, 20]);
    expect(sent.flatMap(({ asks }, index) => (asks ? [index] : []))).toEqual([0, 3]);
    await work(60_000);
    expect(sent.slice(4)).toMatchObject([{ from: 11, to: 15, asks: true }]);
  });

  it('asks a silent hub with one batch only, and when it is back the newest go first', async () => {
    const { drain, sent, measure, commit, work } = draining();
    drain.reset();
    for (let minute = 0; minute < 120; minute += 1) {
      measure(30);
      drain.sendPresent();
      await work(60_000);
    }
    expect(drain.hubSilent).toBe(true);
    expect(sent.length).toBeLessThan(40);
    const asked = sent.at(-1);
    const before = sent.length;
    expect(commit([asked?.from ?? 1, asked?.to ?? 1]).returned).toBe(true);
    drain.sendPresent();
    expect(sent[before]?.to).toBe(3600);
  });

  it('sends only the lost batch again where other commits arrive', async () => {
    const { drain, sent, measure, commit, work } = draining();
    drain.reset();
    measure(5);
    drain.sendPresent();
    for (let flush = 1; flush <= 12; flush += 1) {
      await work(10_000);
      measure(5);
      drain.sendPresent();
      commit([flush * 5 + 1, flush * 5 + 5]);
    }
    expect(drain.hubSilent).toBe(false);
    expect(sent.filter(({ from }) => from === 1).length).toBe(2);
    expect(sent.length).toBe(14);
  });

  it('takes a commit in parts, and one that covers more than it asked for', () => {
    const { drain, measure, commit } = draining();
    drain.reset();
    measure(10);
    drain.sendPresent();
    expect(commit([1, 4]).sentMs).toBeUndefined();
    expect(commit([3, 100]).sentMs).toBe(0);
    expect(drain.awaits('whatever')).toBe(false);
  });

  it('does not send the present ahead of its time while a backlog drains', async () => {
    const { drain, sent, measure, commit, work } = draining();
    measure(3000);
    drain.reset();
    drain.sendPresent();
    for (let second = 0; second < 30; second += 1) {
      measure(5);
      await work(1000);
      commit(...sent.map(({ from, to }): Range => [from, to]));
    }
    expect(Math.max(...sent.map(({ to }) => to))).toBe(3000);
    expect(drain.nextMs()).toBeUndefined();
  });
});

/** A drain before an outbox of many boots, and a hub that takes only what it likes. */
function drainingBoots(samples: readonly number[], takes: (boot: number) => boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-drain-'));
  folders.push(folder);
  const path = join(folder, 'outbox.db');
  const ids: string[] = [];
  let second = 1_800_000_000;
  const openBoot = (boot: number): Outbox => {
    const outbox = openOutbox({ path, boot: `boot-${boot}`, log: testLog });
    for (let left = samples[boot] ?? 0; left > 0; left -= 100)
      outbox.append(
        Array.from({ length: Math.min(100, left) }, () => ({ line: 'dns,link=lan ok=true', time: second++ })),
      );
    ids.push(outbox.stats().id);
    return outbox;
  };
  for (let boot = 0; boot < samples.length - 1; boot += 1) openBoot(boot).close();
  const outbox = openBoot(samples.length - 1);
  outboxes.push(outbox);
  const time = new VirtualTime();
  const arrived: Claim[] = [];
  const drain = new Drain({
    outbox,
    nowMs: () => time.monotonic,
    nextPresentMs: () => time.monotonic,
    send: (claim) => {
      arrived.push(claim);
      return 8000;
    },
    random: () => 0.5,
  });
  const answer = (): void => {
    for (const { outbox: id, from, to } of arrived.splice(0)) {
      if (!takes(ids.indexOf(id))) continue;
      outbox.commit(id, [[from, to]]);
      if (drain.committed(id, [[from, to]]).returned) drain.sendPresent();
    }
  };
  const work = async (ms: number, paceFactor: number): Promise<void> => {
    const end = time.monotonic + ms;
    for (let next = drain.nextMs(); next !== undefined && next <= end; next = drain.nextMs()) {
      await time.advance(Math.max(1, next - time.monotonic));
      drain.proceed(paceFactor);
      answer();
    }
    await time.advance(Math.max(0, end - time.monotonic));
  };
  drain.reset();
  drain.sendPresent();
  return { outbox, work, answer };
}

describe('an outbox that the hub does not take', () => {
  const hourMs = 3_600_000;

  it.each([
    ['an old one of many batches', 0],
    ['the one that is in use', 2],
  ])('holds up no other: %s', async (_, refused) => {
    const { outbox, work, answer } = drainingBoots([9000, 9000, 9000], (boot) => boot !== refused);
    answer();
    await work(hourMs, 1);
    expect(outbox.stats().samples).toBe(9000);
    await work(24 * hourMs, 1);
    expect(outbox.stats().samples).toBe(9000);
  });

  it('holds up no other where the backlog goes slowly, so that between two of its batches the hub seems away', async () => {
    const { outbox, work, answer } = drainingBoots([3000, 10], (boot) => boot !== 1);
    answer();
    await work(12 * hourMs, 0.005);
    expect(outbox.stats().samples).toBe(10);
  });

  it('holds up no other, however many there are and whichever they are', async () => {
    const boots = fc.array(fc.record({ samples: fc.integer({ min: 1, max: 2500 }), taken: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(boots, async (all) => {
        const { outbox, work, answer } = drainingBoots(
          all.map(({ samples }) => samples),
          (boot) => all[boot]?.taken ?? false,
        );
        answer();
        await work(24 * hourMs, 1);
        const left = all.filter(({ taken }) => !taken).reduce((sum, { samples }) => sum + samples, 0);
        expect(outbox.stats().samples).toBe(left);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});
