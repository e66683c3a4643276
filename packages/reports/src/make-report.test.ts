import { county } from '@tongtang/lessons/county.fixture';
import type { SchoolDay } from '@tongtang/lessons/delivery/day-outcomes';
import { type MinuteState, minuteStates } from '@tongtang/lessons/delivery/minute-state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scopeOf } from './make-report.ts';
import { rangePeriod } from './period.ts';
import type { Report } from './report.ts';
import { begun, clock, cut, dayOf, each, reportOf, type Told, troubled, week } from './term.fixture.ts';

describe('the report of a week', () => {
  it('adds lessons and their minutes up, and what is not known counts for neither side', async () => {
    const { lessons, modes, lessonsBefore } = await reportOf();
    expect(lessons.lessons).toEqual({ delivered: 41, degraded: 3, lost: 0, 'not-held': 0, unknown: 1 });
    expect(lessons.availability).toEqual({ part: 1710, of: 1760 });
    expect(lessons.coverage).toEqual({ part: 1760, of: 1800 });
    expect(lessonsBefore.availability).toEqual({ part: 1800, of: 1800 });
    expect(modes.map(({ mode, lessons: { delivered } }) => [mode, delivered])).toEqual([
      ['live', 28],
      ['recorded', 0],
      ['embedded', 13],
    ]);
  });

  it('says what the three rates are, and how many could not be judged', async () => {
    expect((await reportOf()).rates).toEqual({
      schools: { met: { part: 1, of: 1 }, unknown: 1 },
      classes: { met: { part: 0, of: 3 }, unknown: 0 },
      platforms: { met: { part: 1, of: 1 }, unknown: 1 },
    });
  });

  it('lays lost minutes to causes and to whose matter these are', async () => {
    const { lost, responsibilities } = await reportOf();
    expect(lost).toEqual([
      { responsibility: 'provider', cause: 'line-cut', minutes: 40, lessons: 2 },
      { responsibility: 'unknown', cause: 'unknown', minutes: 10, lessons: 1 },
    ]);
    expect(responsibilities.filter(({ minutes }) => minutes > 0)).toEqual([
      { responsibility: 'provider', minutes: 40 },
      { responsibility: 'unknown', minutes: 10 },
    ]);
  });

  it('says how long incidents took, how far apart they were, and what is left of the error budget', async () => {
    const { repair, budget } = await reportOf();
    expect(repair).toEqual({
      incidents: 1,
      taking: 1,
      mttr: { part: 1200, of: 60 },
      mtbf: { part: 1710, of: 60 },
    });
    // 0.5 % of 1760 minutes are 8.8; 50 were lost.
    expect(budget).toEqual({
      allowed: { part: 88_000, of: 10_000 },
      used: 50,
      left: { part: -412_000, of: 10_000 },
      leftOfAllowed: { part: -412_000, of: 88_000 },
    });
  });

  it('ranks schools, the best first, with the trend; one of which too little is known has no rank', async () => {
    const { schools } = await reportOf();
    expect(schools.map(({ school, rank, trend }) => ({ school, rank, trend }))).toEqual([
      { school: 'babao', rank: 1, trend: { part: -1, of: 56 } },
      { school: 'hb3z', rank: 2, trend: { part: -1, of: 30 } },
    ]);
    const silent: Told = (_, school) => (school === 'babao' ? begun('unknown', 40) : undefined);
    const unranked = (await reportOf({}, silent)).schools;
    expect(unranked.map(({ school, rank }) => [school, rank])).toEqual([
      ['hb3z', 1],
      ['babao', undefined],
    ]);
    const before = each(week, (date) => dayOf(date, () => begun('unknown', 30)));
    // Of a period of which a quarter is known no trend is told.
    expect((await reportOf({ daysBefore: before })).schools.map(({ trend }) => trend)).toEqual([
      undefined,
      undefined,
    ]);
    const equal = (await reportOf({}, () => undefined)).schools;
    expect(equal.map(({ rank }) => rank)).toEqual([1, 1]);
  });

  it('finds the worst hours by the clock of the county', async () => {
    const { worst, hours } = await reportOf();
    expect(worst).toEqual([
      { date: '2026-11-23', hour: 8, lessons: 2, lostMinutes: 40 },
      { date: '2026-11-24', hour: 8, lessons: 1, lostMinutes: 10 },
    ]);
    expect(hours.map(({ hour }) => hour)).toEqual([8, 9, 10]);
  });

  it('lists incidents with what they took; what was withdrawn, or was elsewhere, is none', async () => {
    const open = { ...cut, id: 'a', from: clock('2026-11-20', '12:00'), to: undefined };
    const { to: _, ...begunEarlier } = open;
    const elsewhere = { ...cut, id: 'b', place: { ...cut.place, school: 'other' } };
    const withdrawn = { ...cut, id: 'c', state: 'withdrawn' as const };
    const { incidents, repair } = await reportOf({
      incidents: [cut, begunEarlier, elsewhere, withdrawn],
    });
    expect(incidents.map(({ id, lostMinutes }) => [id, lostMinutes])).toEqual([
      ['a', 40],
      ['q7x2', 0],
    ]);
    // The one that goes on, and began before, says nothing of how long repairs take.
    expect(repair).toMatchObject({ incidents: 2, taking: 1, mttr: { part: 1200, of: 60 } });
  });

  it('an incident of the moment between two periods is in one of them', async () => {
    const first = { ...cut, id: 'a', from: clock('2026-11-22', '12:00'), to: clock('2026-11-23', '00:00') };
    const last = { ...cut, id: 'b', from: clock('2026-11-30', '00:00'), to: clock('2026-11-30', '01:00') };
    const begun = { ...cut, id: 'c', from: clock('2026-11-23', '00:00'), to: clock('2026-11-23', '00:00') };
    const { incidents } = await reportOf({ incidents: [first, last, begun] }, () => undefined);
    expect(incidents.map(({ id }) => id)).toEqual(['c']);
  });

  it('a lesson that two incidents of one cause took is one lesson of that cause', async () => {
    const second = { ...cut, id: 'z', from: clock('2026-11-23', '08:50'), to: clock('2026-11-23', '09:00') };
    const told: Told = (date, school, of, period) =>
      date === '2026-11-23' && school === 'hb3z' && of === 'c1' && period === 1
        ? begun('down', 30)
        : undefined;
    const { lost, incidents } = await reportOf({ incidents: [cut, second] }, told);
    expect(lost).toEqual([{ responsibility: 'provider', cause: 'line-cut', minutes: 30, lessons: 1 }]);
    expect(incidents.map(({ lessons, lostMinutes }) => [lessons, lostMinutes])).toEqual([
      [1, 20],
      [1, 10],
    ]);
  });

  it('of one school has nothing of the others', async () => {
    const scope = scopeOf(county, 'school', 'babao');
    expect(scope?.name.en).toBe('Babao');
    const days = each(week, (date) => {
      const { schools } = dayOf(date, () => undefined);
      return { date, schools: schools.filter(({ school }) => school === 'babao') };
    });
    const report = await reportOf({ ...(scope && { scope }), days });
    expect(report.lessons.lessons.delivered).toBe(15);
    expect([report.schools.length, report.classes.length, report.incidents.length]).toEqual([1, 1, 0]);
    expect(scopeOf(county, 'cluster', 'none')).toBeUndefined();
  });

  it('says whether all of it is known, and with other minutes has another version', async () => {
    const { inputs, completeness } = await reportOf();
    expect(inputs).toMatchObject({
      isComplete: true,
      settledTo: clock('2026-11-30', '00:00'),
      agentDays: 14,
    });
    expect(completeness.map(({ days, unknownLessons }) => [days.part, days.of, unknownLessons])).toEqual([
      [7, 7, 0],
      [7, 7, 1],
    ]);
    const early = await reportOf({ settledTo: clock('2026-11-25', '12:00') });
    expect(early.inputs.isComplete).toBe(false);
    expect(early.completeness[0]?.days.of).toBe(3);
    const revised = await reportOf({
      days: each(week, (date) => {
        const { schools } = dayOf(date, () => undefined);
        const inputs = [{ agent: 'a', revision: 2, fingerprint: date === '2026-11-23' ? 'x' : 'f' }];
        return { date, schools: schools.map((school) => ({ ...school, inputs })) };
      }),
    });
    expect(revised.inputs.minutes).not.toBe(inputs.minutes);
    const settledTwice = await reportOf({
      days: each(week, (date) => {
        const day = dayOf(date, troubled, [cut]);
        const twice = (school: SchoolDay) => school.inputs.map((input) => ({ ...input, revision: 2 }));
        return { date, schools: day.schools.map((school) => ({ ...school, inputs: twice(school) })) };
      }),
    });
    expect(settledTwice).toEqual(await reportOf());
  });

  it('without anything known says so in every figure, and fails in none', async () => {
    const nothing = each(week, (date) => ({ date, schools: [] }));
    const { lessons, rates, budget, repair } = await reportOf({
      days: nothing,
      settledTo: undefined,
      incidents: [],
    });
    expect(lessons.availability).toEqual({ part: 0, of: 0 });
    expect(rates.classes).toEqual({ met: { part: 0, of: 0 }, unknown: 3 });
    expect([budget.allowed.part, repair.mttr.of, repair.mtbf.of]).toEqual([0, 0, 0]);
  });
});

/** What adds up when periods are put together. */
function additive({ lessons, modes, lost, responsibilities, hours, classes, links, days, inputs }: Report) {
  return {
    all: [lessons, ...modes, ...classes].map(({ lessons: counted, minutes }) => ({
      ...counted,
      ...minutes,
    })),
    lost: Object.fromEntries(lost.map(({ cause, minutes }) => [cause, minutes])),
    responsibilities: Object.fromEntries(
      responsibilities.map(({ responsibility, minutes }) => [responsibility, minutes]),
    ),
    hours: Object.fromEntries(hours.map(({ hour, minutes }) => [hour, minutes.down])),
    links: Object.fromEntries(
      links.map(({ school, link, always }) => [`${school} ${link}`, always.minutes.good]),
    ),
    days: { count: days.length, agentDays: inputs.agentDays },
  };
}

/** Adds numbers at the same place; a place that one of both lacks is 0 there. */
function plus(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' || typeof b === 'number') return Number(a ?? 0) + Number(b ?? 0);
  if (Array.isArray(a) && Array.isArray(b)) return a.map((one: unknown, at) => plus(one, b[at]));
  const [one, other] = [Object.entries(a ?? {}), Object.entries(b ?? {})];
  const keys = new Set([...one, ...other].map(([key]) => key));
  const at = (entries: typeof one, key: string): unknown => entries.find(([name]) => name === key)?.[1];
  return Object.fromEntries([...keys].map((key) => [key, plus(at(one, key), at(other, key))]));
}

describe('the report of a period', () => {
  it('is its parts put together, wherever it is cut', async () => {
    const states = fc.constantFrom(...minuteStates);
    const lesson = fc.array(fc.tuple(states, fc.integer({ min: 1, max: 40 })), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(lesson, { minLength: 1, maxLength: 45 }),
        fc.integer({ min: 0, max: 5 }),
        async (lessons, at) => {
          const told: Told = (date, school, of, period) => {
            const seed = Number(date.slice(8)) * 7 + school.length + of.length + period;
            const minutes = (lessons[seed % lessons.length] ?? []).flatMap(([state, count]) =>
              Array.from({ length: count }, (): MinuteState => state),
            );
            return minutes.length === 0 ? undefined : minutes.slice(0, 40);
          };
          const days = ['23', '24', '25', '26', '27', '28', '29'].map((day) => `2026-11-${day}`);
          const first = rangePeriod('2026-11-23', days[at] ?? '');
          const second = rangePeriod(days[at + 1] ?? '', '2026-11-29');
          const [whole, one, other] = await Promise.all(
            [week, first, second].map((period) => reportOf({ period }, told)),
          );
          expect(whole && additive(whole)).toEqual(one && other && plus(additive(one), additive(other)));
        },
      ),
      { numRuns: 25 },
    );
  });
});
