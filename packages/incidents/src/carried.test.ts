import type { Incident } from '@tongtang/model/incident';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AgentEvidence } from './agent-evidence.ts';
import { IncidentFold } from './fold.ts';
import { isGone } from './incident-list.ts';
import { monday } from './testing/county.ts';
import { SparseDays, type Spell, sparseCounty } from './testing/sparse-days.ts';
import { Timing } from './timing.ts';

const dayS = 86_400;
const at = (day: number, hour: number): number => monday + day * dayS + hour * 3600;
const died = at(0, 9.5);
const forGood = Number.POSITIVE_INFINITY;
const dead: Spell = { agent: 's1-c1', what: 'off', from: died, to: forGood };

/** PCs are switched off at the wall in the evening. */
const atNight = sparseCounty.agents.flatMap(({ id, kind }): Spell[] =>
  kind === 'receiver'
    ? []
    : Array.from({ length: 37 }, (_, day) => ({
        agent: id,
        what: 'off',
        from: at(day, 18),
        to: at(day + 1, 7),
      })),
);

/** What is found; when it opened is as long ago as the county was looked at. */
const told = (incidents: readonly Incident[]) =>
  incidents
    .filter(({ state }) => !isGone(state))
    .map(({ place, cause, row, from, to, flapping, evidence }) => ({
      place,
      cause,
      row,
      from,
      to,
      flapping,
      evidence,
    }));
const ofSchools =
  (...schools: string[]) =>
  ({ place: { school = '' } }: Pick<Incident, 'place'>): boolean =>
    schools.includes(school);
const played = (spells: readonly Spell[], end: number): SparseDays => {
  const days = new SparseDays(spells);
  days.until(end);
  return days;
};
/** All of it gone through at once, with nothing settled. */
function atOnce({ stored }: SparseDays, end: number): IncidentFold {
  const fold = new IncidentFold(sparseCounty);
  for (const { agent, sample } of stored.toSorted((a, b) => a.sample.time - b.sample.time))
    fold.take(agent, [sample]);
  fold.look(end);
  return fold;
}

const spell = fc.record({
  agent: fc.constantFrom('s2-c1', 's2-dish', 's3-c1', 's3-dish'),
  what: fc.constantFrom('off', 'cut', 'dish'),
  day: fc.integer({ min: 0, max: 5 }),
  hour: fc.double({ min: 8, max: 17, noNaN: true }),
  minutes: fc.integer({ min: 3, max: 300 }),
});

describe('an agent that is silent for good', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('takes nothing from the incidents of others, and adds nothing to them', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(spell, { minLength: 1, maxLength: 6 }),
        fc.constantFrom<Spell['what']>('off', 'dish'),
        (drawn, what) => {
          const others = drawn.map(({ agent, what, day, hour, minutes }): Spell => {
            const from = at(day, hour);
            return { agent, what, from, to: from + minutes * 60 };
          });
          const end = at(6, 12);
          const agent = what === 'dish' ? 's1-dish' : 's1-c1';
          const beside = played([...others, { ...dead, agent, what }], end);
          const alone = played(others, end);
          expect(told(beside.fold.incidents.filter(ofSchools('s2', 's3')))).toEqual(
            told(alone.fold.incidents.filter(ofSchools('s2', 's3'))),
          );
          // And its own is what it is when all of it is looked at again.
          expect(told(beside.fold.incidents)).toEqual(told(atOnce(beside, end).incidents));
          expect(beside.fold.settledBefore).toBeGreaterThan(end - 2 * dayS - 3600);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('makes no look longer, however long it lasts', { timeout: 60_000 }, () => {
    const window = {
      id: 'w',
      note: '',
      kind: 'weekly',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      at: '02:00',
      minutes: 30,
    } as const;
    const days = new SparseDays([dead, ...atNight], [window]);
    const asked = [
      vi.spyOn(Timing.prototype, 'isClose'),
      vi.spyOn(Timing.prototype, 'isWanted'),
      vi.spyOn(AgentEvidence.prototype, 'spansOf'),
    ];
    const stepsAt = (time: number): number => {
      days.until(time);
      for (const spy of asked) spy.mockClear();
      days.fold.look(time + 1);
      return asked.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    };
    const first = stepsAt(at(4, 9));
    const later = stepsAt(at(23, 9));
    expect(first).toBeGreaterThan(0);
    expect(later).toBeLessThanOrEqual(first);
  });

  it('makes no correction longer that has nothing to do with it', { timeout: 60_000 }, () => {
    const days = new SparseDays([dead, ...atNight]);
    const asked = [vi.spyOn(Timing.prototype, 'isClose'), vi.spyOn(AgentEvidence.prototype, 'spansOf')];
    const stepsAt = (time: number): number => {
      days.until(time);
      const again = days.fold.replay('s2-c1', at(3, 12));
      if (again === undefined) throw new Error('no such agent');
      for (const spy of asked) spy.mockClear();
      days.fold.correct([again]);
      return asked.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    };
    const first = stepsAt(at(4, 9));
    expect(first).toBeGreaterThan(0);
    expect(stepsAt(at(20, 9))).toBeLessThanOrEqual(first);
  });

  it('is one incident that says nothing more, also when what was around it is forgotten', {
    timeout: 60_000,
  }, () => {
    const days = played([dead, ...atNight], at(36, 12));
    const [incident] = days.fold.incidents;
    expect(days.fold.incidents).toMatchObject([{ state: 'open', row: 'room-silent', from: died - 30 }]);
    expect(days.changes.map(({ id }) => id)).toEqual([incident?.id]);
    expect(incident?.history.map(({ what }) => what)).toEqual(['opened']);
  });

  it('goes on through a restart as the same', () => {
    const days = played([dead], at(4, 12));
    const again = new IncidentFold(sparseCounty, JSON.parse(JSON.stringify(days.fold.state())));
    expect(again.look(at(4, 12) + 1)).toEqual([]);
    expect(again.incidents).toEqual(days.fold.incidents);
  });

  it('is over when it comes back, as the same', () => {
    const back = at(5, 10);
    const days = played([{ ...dead, to: back }], at(6, 12));
    expect(days.fold.incidents).toMatchObject([{ state: 'resolved', from: died - 30, to: back }]);
    expect(days.fold.incidents[0]?.history.map(({ what }) => what)).toEqual(['opened', 'resolved']);
  });

  it('is corrected by what it measured meanwhile, as the same', () => {
    const back = at(5, 10) + 90;
    const days = new SparseDays([{ ...dead, what: 'cut', to: back }]);
    days.until(at(4, 12));
    const [before] = days.fold.incidents;
    expect(before).toMatchObject({ state: 'open', row: 'room-silent' });
    // It has all come, and is gone through again some minutes later.
    days.until(at(6, 12), 30);
    expect(days.fold.incidents).toMatchObject([
      { id: before?.id, state: 'resolved', row: 'room-without-hub', from: died, to: back },
    ]);
    expect(days.fold.incidents[0]?.history.map(({ what }) => what)).not.toContain('withdrawn');
  });

  it('does not wait for ever for what it measured meanwhile, where nobody can go through that', () => {
    const back = at(5, 10) + 90;
    const days = new SparseDays([{ ...dead, what: 'cut', to: back }]);
    days.until(back + 60, 30);
    days.fold.replay(dead.agent, died);
    days.until(back + 180, 30);
    expect(days.fold.incidents).toMatchObject([{ state: 'open', row: 'room-silent' }]);
    days.fold.leave(dead.agent);
    days.until(back + 300, 30);
    expect(days.fold.incidents).toMatchObject([{ state: 'withdrawn' }]);
  });

  it('takes up what shows of it later, as long as it lasts', () => {
    const days = played(
      [
        { agent: 's1-dish', what: 'dish', from: died, to: forGood },
        { agent: 's1-dish', what: 'off', from: at(4, 9), to: at(4, 10) },
      ],
      at(6, 12),
    );
    expect(told(days.fold.incidents)).toEqual(told(atOnce(days, at(6, 12)).incidents));
  });

  it('is settled anywhere, also between what ended and what that is a part of', () => {
    const from = at(0, 14);
    const days = played(
      [
        { agent: 's1-c2', what: 'cut', from, to: from + 3600 },
        { agent: 's1-c2', what: 'off', from: from + 3750, to: at(1, 16) },
      ],
      at(1, 12),
    );
    expect(days.fold.incidents).toMatchObject([{ evidence: [{ from }, { condition: 'silent' }] }]);
    for (const cut of [
      from - 10,
      from + 10,
      from + 3610,
      from + 3700,
      from + 3800,
      from + 4400,
      from + 5000,
    ]) {
      const again = new IncidentFold(sparseCounty, { ...days.fold.state(), cut });
      for (const seconds of [1, 60]) expect(again.look(at(1, 12) + seconds)).toEqual([]);
    }
  });

  it('does not keep what turns out to be none, by what another measured long ago', () => {
    // Alone in its school a PC is told of at once; beside a receiver that measures, it may be started anew.
    const from = at(4, 9.4);
    const spells: Spell[] = [
      { agent: 's2-dish', what: 'cut', from: at(2, 10), to: at(6, 11) },
      { agent: 's2-c1', what: 'off', from, to: from + 210 },
    ];
    const days = new SparseDays(spells);
    days.until(from + 600, 30);
    const [told] = days.fold.incidents;
    expect(told).toMatchObject({ row: 'only-pc-silent', state: 'resolved' });
    days.until(at(6, 12), 60);
    expect(days.fold.incidents.find(({ id }) => id === told?.id)).toMatchObject({ state: 'withdrawn' });
  });

  it('is told of after announced work, where it went silent in it', () => {
    const window = { id: 'w', note: '', kind: 'once', start: died - 600, end: at(5, 10) } as const;
    const days = new SparseDays([dead], [window]);
    days.until(at(5, 9));
    expect(days.fold.incidents).toEqual([]);
    days.until(at(7, 12));
    expect(days.fold.incidents).toMatchObject([{ state: 'open', row: 'room-silent', openedAt: at(5, 10) }]);
  });

  it('is none any more when it is taken out of the county', () => {
    const { fold } = played([dead], at(4, 12));
    fold.settle({ ...sparseCounty, agents: sparseCounty.agents.filter(({ id }) => id !== dead.agent) });
    fold.look(at(4, 12) + 1);
    fold.look(at(4, 12) + 60);
    expect(fold.incidents).toMatchObject([{ state: 'withdrawn' }]);
  });
});
