import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim } from '@tongtang/outbox/outbox';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import type { Range } from '@tongtang/wire/messages';
import { gaps, unite } from '@tongtang/wire/ranges';
import { afterEach, describe, expect, it } from 'vitest';
import { HubClock } from '../clock.ts';
import { LessonWindows } from '../lessons.ts';
import { testLog } from '../testing/uplink-at-work.ts';
import { VirtualTime } from '../testing/virtual-time.ts';
import { ByteBudget, defaultBytesPerDay } from './byte-budget.ts';
import { exchangeBytes } from './byte-cost.ts';
import { Drain } from './drain.ts';
import { dayOf, Pace } from './pace.ts';
import { Telemetry } from './telemetry.ts';

/**
 * Whole days of drain, codec, pace and byte budget together, in virtual time, with a real outbox and a hub of some lines: what goes over
 * the wire stays within the bytes of a day (clause W-3), lessons are reported as ever, and in the end everything is there.
 */

/** To a thousandth: the last reports before midnight may go beyond. */
const bytesOfDay = defaultBytesPerDay * 1.001;
const hourS = 3600;
const dayS = 24 * hourS;
/** Topic; outbox, range, time and hub of a commit. */
const contentBytes = { topic: 45, commit: 110 } as const;
/** When the eight lessons of a day begin, and how long they take. Seconds. */
const lessonsS = Array.from({ length: 8 }, (_, lesson) => 8 * hourS + lesson * 3000);
const lessonS = 2400;

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0).reverse()) step();
});

/**
 * An agent whose first session begins at midnight, before a day with lessons; the next one has none.
 * @param daysHeldBack so much was measured before, and no absence saved bytes for it
 */
function agentAtMidnight(daysHeldBack: number) {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-days-'));
  const outbox = openOutbox({ path: join(folder, 'outbox.db'), boot: 'boot', log: testLog });
  cleanUp.push(
    () => rmSync(folder, { recursive: true }),
    () => outbox.close(),
  );
  const time = new VirtualTime();
  const clock = new HubClock(time.sources);
  clock.learnOffset(0, 1);
  const nowS = () => Math.floor(clock.localMs() / 1000);
  const midnightS = dayOf(nowS()).endS;
  const lessons = new LessonWindows(lessonsS.map((at) => [midnightS + at, midnightS + at + lessonS]));
  const budget = new ByteBudget();
  const pace = new Pace(clock, budget, () => lessons);
  const hub = { takes: (_: Claim): boolean => true };
  const onWire: Claim[] = [];
  let [stored, untold]: [Range[], Range[]] = [[], []];
  let lastSentMs = (midnightS - 60) * 1000;
  let changedMs: number | undefined;
  let reportsInLessons = 0;

  const telemetry = new Telemetry({
    budget,
    hubReads: () => ({ dictionary: true, following: true }),
    publish: (payload, qos) => exchangeBytes(`qos${qos}`, contentBytes.topic + payload.length, true),
    messageBytes: () => exchangeBytes('qos0', contentBytes.topic, true),
  });
  const drain = new Drain({
    outbox,
    nowMs: () => clock.localMs(),
    nextPresentMs: () =>
      pace.nextSendMs({ lastSentMs: clock.localMs(), changedMs: undefined, liveUntilMs: 0 }),
    send: (claim, sending) => {
      onWire.push(claim);
      if (lessons.near(nowS()) && claim.time > nowS() - 10) reportsInLessons += 1;
      return telemetry.send(claim, sending, (clock.localMs() - lastSentMs) / 1000);
    },
    random: () => 0.5,
  });

  let drawn = 1;
  const upTo = (most: number): number => {
    drawn = (drawn * 48_271) % 2_147_483_647;
    return Math.round((drawn / 2_147_483_647) * most * 100) / 100;
  };
  const measured = (time: number) =>
    [
      `ping,link=lan,target=gateway ok=true,rtt_ms=${upTo(2)}`,
      `stamp,link=broadband,target=hub ok=true,sent=10i,received=10i,loss_ratio=0,rtt_min_ms=${upTo(30)},rtt_ms=${upTo(40)},rtt_max_ms=${upTo(90)},jitter_ms=${upTo(9)},offset_ms=${upTo(5)}`,
      `dns,link=broadband,target=resolver ok=true,resolve_ms=${upTo(20)},answers=1i`,
    ].map((line) => ({ line, time }));

  const send = (): void => {
    drain.sendPresent();
    lastSentMs = clock.localMs();
    if (changedMs !== undefined && changedMs <= lastSentMs) pace.changeWent();
    changedMs = undefined;
    drain.proceed(pace.ofBacklog);
  };
  /** What was sent a moment ago arrives; who asks is told what was stored and not told before. */
  const answer = (): void => {
    for (const { outbox: id, from, to, commitLater } of onWire.splice(0).filter(hub.takes)) {
      stored = unite(stored, [[from, to]]);
      untold.push([from, to]);
      if (commitLater) continue;
      budget.meter(exchangeBytes('qos0', contentBytes.topic + contentBytes.commit, true));
      outbox.commit(id, untold);
      const { returned } = drain.committed(id, untold);
      untold = [];
      if (returned) send();
      else drain.proceed(pace.ofBacklog);
    }
  };
  const second = (): void => {
    answer();
    time.freeze(1000);
    if (nowS() % 10 === 0) outbox.append(measured(nowS()));
    if (pace.nextSendMs({ lastSentMs, changedMs, liveUntilMs: 0 }) <= clock.localMs()) send();
    else if ((drain.nextMs() ?? Number.POSITIVE_INFINITY) <= clock.localMs()) drain.proceed(pace.ofBacklog);
  };

  for (let at = midnightS - daysHeldBack * dayS; at < midnightS; at += 300)
    outbox.append(Array.from({ length: 30 }, (_, beat) => measured(at + beat * 10)).flat());
  const heldBack = outbox.stats().lastSequence;
  time.freeze(midnightS * 1000 - clock.localMs());
  drain.reset();
  send();
  return {
    midnightS,
    hub,
    budget,
    /** @param beside what else happens, given the second of the day */
    live: (untilS: number, beside: (atS: number) => void = () => {}): void => {
      while (nowS() < midnightS + untilS) {
        beside(nowS() - midnightS);
        second();
      }
    },
    linkDownOrUp: (): void => {
      const fromMs = pace.changeMs(true);
      changedMs = Math.min(changedMs ?? fromMs, fromMs);
    },
    /** Of those that lessons have where bytes are plenty. */
    reportedOfLessons: () => reportsInLessons / (lessons.secondsWithin(midnightS, midnightS + dayS) / 10),
    missingOfHeldBack: () => gaps(stored, 1, heldBack),
    left: () => outbox.stats().samples,
  };
}

describe('the bytes of a day', () => {
  it('W-3: are kept where a hub takes what is new and nothing of what is old, and all arrives once it does', () => {
    const agent = agentAtMidnight(1);
    agent.hub.takes = ({ time }) => time >= agent.midnightS;
    agent.live(dayS - 1);
    expect(agent.budget.todayBytes).toBeLessThan(bytesOfDay);
    expect(agent.reportedOfLessons()).toBeGreaterThan(0.99);
    agent.hub.takes = () => true;
    agent.live(2 * dayS - 1);
    expect(agent.budget.todayBytes).toBeLessThan(bytesOfDay);
    expect(agent.missingOfHeldBack()).toEqual([]);
    expect(agent.left()).toBeLessThan(100);
  });

  it('W-3: are kept where nothing was saved for a long backlog, and lessons do not pay for it', () => {
    const agent = agentAtMidnight(3);
    agent.live(dayS - 1);
    expect(agent.budget.todayBytes).toBeLessThan(bytesOfDay);
    expect(agent.reportedOfLessons()).toBeGreaterThan(0.99);
    agent.live(2 * dayS - 1);
    expect(agent.budget.todayBytes).toBeLessThan(bytesOfDay);
    expect(agent.missingOfHeldBack()).toEqual([]);
  });

  it('W-3: are kept where a link goes down or comes back each ten seconds', () => {
    const agent = agentAtMidnight(0);
    agent.live(2 * dayS - 1, (atS) => {
      if (atS === dayS - 1) expect(agent.budget.todayBytes).toBeLessThan(bytesOfDay);
      if (atS % 10 === 5) agent.linkDownOrUp();
    });
    expect(agent.reportedOfLessons()).toBeGreaterThan(0.99);
    expect(agent.budget.todayBytes).toBeLessThan(bytesOfDay);
  });
});
