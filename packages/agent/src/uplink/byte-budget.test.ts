import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBudget, defaultBytesPerDay, type SentMessage } from './byte-budget.ts';
import { commitIntervalS, intervalLadder } from './cadence.ts';

const evening = { seconds: 4 * 3600, lessonSeconds: 0 };
const day = { seconds: 86_400, lessonSeconds: 8 * 40 * 60 + 2 * 3600 };

describe('byte budget', () => {
  it('keeps the customary pace where bytes are plenty', () => {
    expect(new ByteBudget().intervals(evening)).toEqual(intervalLadder[0]);
  });

  it('keeps its pace when a first small batch covers only two seconds', () => {
    const budget = new ByteBudget();
    budget.observe({ payloadBytes: 250, messageBytes: 180, commitBytes: 400, coveredS: 2, follows: false });
    budget.observe({ payloadBytes: 300, messageBytes: 180, commitBytes: 0, coveredS: 3, follows: false });
    expect(budget.intervals(evening)).toEqual(intervalLadder[0]);
  });

  it('keeps its pace when it is switched on in the first lesson of a day, and when a batch is told as a whole', () => {
    const budget = new ByteBudget();
    const morning = { seconds: 16 * 3600, lessonSeconds: day.lessonSeconds };
    const cost = { messageBytes: 180, coveredS: 10 };
    expect(budget.intervals(morning)).toEqual(intervalLadder[0]);
    budget.observe({ ...cost, payloadBytes: 350, commitBytes: 270, follows: false });
    expect(budget.intervals(morning)).toEqual(intervalLadder[0]);
    for (let batch = 0; batch < 60; batch += 1)
      budget.observe({ ...cost, payloadBytes: 35, commitBytes: 0, follows: true });
    budget.observe({ ...cost, payloadBytes: 350, commitBytes: 270, follows: false });
    expect(budget.intervals(morning)).toEqual(intervalLadder[0]);
  });

  it('learns what a hub costs that reads no batches that follow', () => {
    const budget = new ByteBudget();
    for (let batch = 0; batch < 60; batch += 1)
      budget.observe({
        messageBytes: 180,
        coveredS: 10,
        payloadBytes: 200,
        commitBytes: 400,
        follows: false,
      });
    expect(budget.intervals(day).restS).toBeGreaterThan(intervalLadder[0].restS);
  });

  it('sends less often as it runs low, and outside lessons first', () => {
    const budget = new ByteBudget();
    let before = budget.intervals(day);
    while (budget.todayBytes < defaultBytesPerDay) {
      budget.meter(20_000);
      const now = budget.intervals(day);
      expect(now.closeS).toBeGreaterThanOrEqual(before.closeS);
      expect(now.restS).toBeGreaterThanOrEqual(before.restS);
      before = now;
    }
    expect(before).toEqual(intervalLadder.at(-1));
    for (const { closeS, restS } of intervalLadder)
      expect(restS / 60).toBeGreaterThanOrEqual(closeS / 10 / 2);
  });

  it('keeps a day within its bytes, whatever measuring makes and messages cost, unless even the longest intervals do not', () => {
    const perS = fc.double({ min: 1, max: 8, noNaN: true });
    const costs = fc.record({
      messageBytes: fc.integer({ min: 150, max: 300 }),
      commitBytes: fc.integer({ min: 200, max: 500 }),
    });
    const property = fc.property(perS, costs, fc.integer({ min: 0, max: 10 }), (bytes, cost, hours) => {
      const used = simulateDay(bytes, cost, 8 * 3600, (8 + hours) * 3600);
      const { closeS, restS } = intervalLadder.at(-1) ?? intervalLadder[0];
      const lessonS = hours * 3600;
      const perMessage = cost.messageBytes + cost.commitBytes + 140;
      const least = 86_400 * bytes + perMessage * (lessonS / closeS + (86_400 - lessonS) / restS);
      expect(used).toBeLessThan(Math.max(defaultBytesPerDay, least) * 1.03);
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('pays a backlog from what the absence saved, and the rest from the day', () => {
    const budget = new ByteBudget();
    budget.saveAbsence(43_200);
    budget.meterBacklog(500_000);
    expect(budget.state).toMatchObject({ usedBytes: 0, backlogBytes: 500_000, savedBytes: 100_000 });
    budget.meterBacklog(150_000);
    expect(budget.state).toMatchObject({ usedBytes: 50_000, backlogBytes: 600_000, savedBytes: 0 });
    expect(budget.todayBytes).toBe(650_000);
  });

  it('begins a new day at zero, keeps what was saved, and is not misled by a clock that goes back', () => {
    const budget = new ByteBudget({ day: 100, usedBytes: 5, backlogBytes: 7, savedBytes: 9 });
    budget.enterDay(99);
    expect(budget.todayBytes).toBe(12);
    budget.enterDay(100);
    expect(budget.state).toEqual({ day: 100, usedBytes: 0, backlogBytes: 0, savedBytes: 9 });
  });
});

type Costs = Pick<SentMessage, 'messageBytes' | 'commitBytes'>;

/** @returns bytes of a day that sends when the budget says, lessons from one time of day to the other */
function simulateDay(payloadPerS: number, costs: Costs, lessonsFrom: number, lessonsTo: number): number {
  const budget = new ByteBudget();
  let askedS = Number.NEGATIVE_INFINITY;
  for (let now = 0; now < 86_400; ) {
    const near = now >= lessonsFrom && now < lessonsTo;
    const lessonSeconds = Math.max(0, lessonsTo - Math.max(now, lessonsFrom));
    const { closeS, restS } = budget.intervals({ seconds: 86_400 - now, lessonSeconds });
    const coveredS = near ? closeS : now < lessonsFrom ? Math.min(restS, lessonsFrom - now) : restS;
    const payloadBytes = 140 + payloadPerS * coveredS;
    const asks = now - askedS >= commitIntervalS(coveredS);
    if (asks) askedS = now;
    const { messageBytes } = costs;
    const commitBytes = asks ? costs.commitBytes : 0;
    budget.meter(payloadBytes + messageBytes + commitBytes);
    budget.observe({ payloadBytes, messageBytes, commitBytes, coveredS, follows: false });
    now += coveredS;
  }
  return budget.todayBytes;
}
