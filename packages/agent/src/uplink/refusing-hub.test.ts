import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim } from '@tongtang/outbox/outbox';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import type { Range } from '@tongtang/wire/messages';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { testLog } from '../testing/uplink-at-work.ts';
import { VirtualTime } from '../testing/virtual-time.ts';
import { Drain } from './drain.ts';

/** A hub that is there and does not take everything: it doubts its clock, or its store cannot digest a batch. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const answeredMs = 500;
const midnightS = 1_800_000_000;

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0).reverse()) step();
});

type Sent = Readonly<{ from: number; to: number; atMs: number; again: boolean }>;

/** An agent that reports five samples a minute, with so many left from before. The hub answers half a second later, where it is asked. */
function reporting(heldBack: number, everyMs = minuteMs) {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-refusing-'));
  const outbox = openOutbox({ path: join(folder, 'outbox.db'), boot: 'boot', log: testLog });
  cleanUp.push(
    () => rmSync(folder, { recursive: true }),
    () => outbox.close(),
  );
  const time = new VirtualTime();
  const sent: Sent[] = [];
  const onWire: Claim[] = [];
  const untold: Range[] = [];
  const hub = { takes: (_: Claim): boolean => true, hears: (): boolean => true };
  const drain = new Drain({
    outbox,
    nowMs: () => time.monotonic,
    nextPresentMs: () => time.monotonic + everyMs,
    send: (claim, { again }) => {
      sent.push({ from: claim.from, to: claim.to, atMs: time.monotonic, again });
      if (hub.hears()) onWire.push(claim);
      return 8000;
    },
    random: () => 0.5,
  });
  const append = (count: number, endS: number): void => {
    for (let left = count; left > 0; left -= 50)
      outbox.append(
        Array.from({ length: Math.min(left, 50) }, (_, index) => ({
          line: `dns,link=lan,target=t${index} ok=true`,
          time: endS - left,
        })),
      );
  };
  append(heldBack, midnightS);
  drain.reset();
  drain.sendPresent();

  let answerMs = Number.POSITIVE_INFINITY;
  const answer = (): void => {
    for (const { outbox: id, from, to, commitLater } of onWire.splice(0).filter(hub.takes)) {
      untold.push([from, to]);
      if (commitLater) continue;
      const ranges = untold.splice(0);
      outbox.commit(id, ranges);
      if (drain.committed(id, ranges).returned) drain.sendPresent();
      drain.proceed(1);
    }
  };
  let beatMs = everyMs;
  const live = async (ms: number): Promise<void> => {
    const end = time.monotonic + ms;
    for (;;) {
      if (onWire.length > 0) answerMs = Math.min(answerMs, time.monotonic + answeredMs);
      const next = Math.min(beatMs, answerMs, drain.nextMs() ?? Number.POSITIVE_INFINITY);
      if (next > end) break;
      await time.advance(Math.max(1, next - time.monotonic));
      if (answerMs <= time.monotonic) {
        answerMs = Number.POSITIVE_INFINITY;
        answer();
      }
      if (beatMs <= time.monotonic) {
        append(5, midnightS + Math.floor(time.monotonic / 1000));
        drain.sendPresent();
        beatMs += everyMs;
      }
      drain.proceed(1);
    }
    await time.advance(end - time.monotonic);
  };
  return { outbox, drain, hub, sent, live, heldBack };
}

describe('a hub that takes what is new and nothing of what is old', () => {
  const doubting = (everyMs?: number) => {
    const agent = reporting(10_000, everyMs);
    agent.hub.takes = ({ from }) => from > agent.heldBack;
    return agent;
  };

  it.each([
    ['at rest', minuteMs],
    ['where bytes run low', 15 * minuteMs],
    ['in lessons', 10_000],
  ])('C-7: is told what is new all the time: %s', async (_, everyMs) => {
    const { sent, live, outbox, heldBack } = doubting(everyMs);
    await live(12 * hourMs);
    const beats = (12 * hourMs) / everyMs;
    expect(sent.filter(({ from }) => from > heldBack).length).toBeGreaterThan(beats * 0.98);
    expect(outbox.stats().samples).toBeLessThan(heldBack + 20);
  });

  it('C-7: is sent each old batch twice or thrice, and then one of them after growing waits, up to two hours', async () => {
    const { sent, live, heldBack } = doubting();
    await live(48 * hourMs);
    const old = sent.filter(({ to }) => to <= heldBack);
    const firstHour = old.filter(({ atMs }) => atMs < hourMs);
    expect(firstHour.length).toBeLessThan(3 * 11);
    const waits = old
      .filter(({ atMs }) => atMs >= hourMs)
      .map(({ atMs }, index, all) => atMs - (all[index - 1]?.atMs ?? Number.NaN));
    expect(Math.max(...waits.slice(1))).toBeLessThanOrEqual(2 * hourMs);
    expect(Math.min(...waits.slice(-20))).toBeGreaterThan(hourMs);
    expect(new Set(old.slice(-11).map(({ from }) => from)).size).toBe(11);
  });

  it('is sent all of it soon after it takes one', async () => {
    const { hub, live, outbox } = doubting();
    await live(24 * hourMs);
    hub.takes = () => true;
    await live(2 * hourMs + 5 * minuteMs);
    expect(outbox.stats().samples).toBeLessThan(20);
  });

  it('is asked at once when it is another one', async () => {
    const { hub, live, drain, outbox } = doubting();
    await live(24 * hourMs);
    hub.takes = () => true;
    drain.hubChanged();
    await live(5 * minuteMs);
    expect(outbox.stats().samples).toBeLessThan(20);
  });
});

describe('a batch that the store of a hub cannot digest', () => {
  const covers =
    (number: number) =>
    ({ from, to }: Pick<Claim, 'from' | 'to'>) =>
      from <= number && number <= to;

  it('of the backlog holds up nothing, and arrives when it can', async () => {
    const { hub, live, sent, outbox } = reporting(10_000);
    hub.takes = (claim) => !covers(5000)(claim);
    await live(24 * hourMs);
    expect(outbox.stats().samples).toBeLessThan(1020);
    expect(sent.filter(covers(5000)).length).toBeLessThan(25);
    hub.takes = () => true;
    await live(3 * hourMs);
    expect(outbox.stats().samples).toBeLessThan(20);
  });

  it.each([
    ['at rest', minuteMs],
    ['where bytes run low', 15 * minuteMs],
    ['in lessons', 10_000],
  ])('of the present holds up nothing, and arrives when it can: %s', async (_, everyMs) => {
    const { hub, live, sent, outbox } = reporting(0, everyMs);
    hub.takes = (claim) => !covers(33)(claim);
    await live(24 * hourMs);
    expect(outbox.stats().samples).toBeLessThan(40);
    expect(sent.filter(covers(33)).length).toBeLessThan(30);
    hub.takes = () => true;
    await live(3 * hourMs);
    expect(outbox.stats().samples).toBeLessThan(20);
  });
});

it('C-2: nothing is forgotten, whatever is refused, lost, or given back by sessions that end', async () => {
  const spell = fc.record({
    minutes: fc.integer({ min: 1, max: 150 }),
    refused: fc.constantFrom(0, 2, 3, 7),
    lost: fc.constantFrom(0, 0, 0.2, 0.9, 1),
    begins: fc.constantFrom('nothing', 'a session', 'another hub'),
  });
  const property = fc.asyncProperty(
    fc.integer({ min: 0, max: 6000 }),
    fc.constantFrom(30_000, minuteMs, 5 * minuteMs),
    fc.array(spell, { minLength: 1, maxLength: 5 }),
    fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
    async (heldBack, everyMs, spells, chances) => {
      const { hub, live, drain, outbox } = reporting(heldBack, everyMs);
      for (const { minutes, refused, lost, begins } of spells) {
        if (begins === 'a session') {
          drain.reset();
          drain.sendPresent();
        }
        if (begins === 'another hub') {
          drain.hubChanged();
          if (drain.sentInVain()) drain.sendPresent();
        }
        hub.takes = ({ from }) => refused === 0 || from % refused !== 0;
        hub.hears = () => Number(chances.next().value) >= lost;
        await live(minutes * minuteMs);
      }
      hub.takes = () => true;
      hub.hears = () => true;
      await live(5 * hourMs);
      expect(outbox.stats().samples).toBeLessThan(20);
    },
  );
  await fc.assert(property, { numRuns: 20 });
}, 120_000);
