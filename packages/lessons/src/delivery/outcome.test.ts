import type { Incident } from '@tongtang/model/incident';
import { isLinkKind, type LinkKind } from '@tongtang/model/link';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lessonMinutes, needsOf, schoolLink } from './lesson-needs.ts';
import {
  availabilityOf,
  coverageOf,
  lengthOf,
  type MinuteState,
  minuteStates,
  sumOf,
  tallyOf,
} from './minute-state.ts';
import { excluding, outcomeOf } from './outcome.ts';
import type { AgentMinutes } from './runs.ts';
import { base } from './world.fixture.ts';

const times = (count: number, state: MinuteState): MinuteState[] =>
  Array.from({ length: count }, () => state);
const held = { start: base };
const stateOf = (...minutes: MinuteState[][]) => outcomeOf(held, minutes.flat(), []).state;

function incident(id: string, from: number, to?: number, more: Partial<Incident> = {}): Incident {
  return {
    id,
    state: 'open',
    place: { node: 'dish', county: 'qilian', school: 'hb3z' },
    cause: 'lnb-loss',
    confidence: 'high',
    row: 'one-dish',
    from,
    openedAt: from,
    ...(to !== undefined && { to }),
    flapping: false,
    evidence: [],
    history: [],
    ...more,
  };
}

describe('a lesson', () => {
  it('is delivered where 95 % of what is known of it was good', () => {
    expect(stateOf(times(38, 'good'), times(2, 'down'))).toBe('delivered');
    expect(stateOf(times(37, 'good'), times(3, 'degraded'))).toBe('degraded');
  });

  it('is lost where it was down for more than half of what is known of it', () => {
    expect(stateOf(times(20, 'good'), times(20, 'down'))).toBe('degraded');
    expect(stateOf(times(19, 'good'), times(21, 'down'))).toBe('lost');
  });

  it('is unknown where less than half of it is known, and never delivered by what is not known', () => {
    expect(stateOf(times(20, 'good'), times(20, 'unknown'))).toBe('delivered');
    expect(stateOf(times(19, 'good'), times(21, 'unknown'))).toBe('unknown');
    expect(stateOf(times(40, 'unknown'))).toBe('unknown');
    expect(stateOf(times(40, 'excluded'))).toBe('unknown');
  });

  it('was not held where it was cancelled, or its PC was off or asleep all the time', () => {
    expect(outcomeOf({ start: base, cancelled: true }, times(40, 'good'), []).state).toBe('not-held');
    expect(stateOf(times(2, 'good'), times(20, 'off'), times(18, 'asleep'))).toBe('not-held');
    expect(stateOf(times(3, 'good'), times(37, 'off'))).toBe('unknown');
  });

  it('announced work is taken out of it', () => {
    const minutes = excluding(times(40, 'down'), base, [{ from: base + 600, to: base + 1210 }]);
    expect(tallyOf(minutes)).toMatchObject({ down: 29, excluded: 11 });
  });

  it('what was lost is laid to the incident of the minute, the first of several; without one it is unknown', () => {
    const minutes = [...times(10, 'good'), ...times(20, 'down'), ...times(10, 'good')];
    const incidents = [
      incident('later', base + 700),
      incident('first', base + 720, base + 1200, { cause: 'rain-fade', from: base + 660 }),
      incident('gone', base, undefined, { state: 'withdrawn' }),
    ];
    expect(outcomeOf(held, minutes, incidents).lost).toEqual([
      { cause: 'lnb-loss', minutes: 10, incident: 'later' },
      { cause: 'rain-fade', minutes: 9, incident: 'first' },
      { cause: 'unknown', minutes: 1 },
    ]);
  });

  it('for any minutes: its tally is its length, and what was lost its minutes down', () => {
    const anyMinutes = fc.array(fc.constantFrom(...minuteStates), { maxLength: 60 });
    const anyIncident = fc
      .tuple(fc.integer({ min: -10, max: 70 }), fc.option(fc.integer({ min: 0, max: 60 })))
      .map(([from, lasts]) =>
        incident(`i${from}`, base + from * 60, lasts === null ? undefined : base + (from + lasts) * 60),
      );
    fc.assert(
      fc.property(anyMinutes, fc.array(anyIncident, { maxLength: 4 }), (minutes, incidents) => {
        const { minutes: tally, lost, coverage } = outcomeOf(held, minutes, incidents);
        expect(lengthOf(tally)).toBe(minutes.length);
        expect(lost.reduce((sum, one) => sum + one.minutes, 0)).toBe(tally.down);
        expect(coverage.of + tally.off + tally.asleep + tally.excluded).toBe(minutes.length);
      }),
    );
  });
});

describe('shares', () => {
  it('are whole minutes that can be added up; unknown is neither up nor down', () => {
    const tally = sumOf([
      tallyOf(['good', 'degraded', 'down', 'unknown']),
      tallyOf(['good', 'off', 'excluded']),
    ]);
    expect(availabilityOf(tally)).toEqual({ part: 3, of: 4 });
    expect(coverageOf(tally)).toEqual({ part: 4, of: 5 });
    expect(availabilityOf(tallyOf(['unknown']))).toEqual({ part: 0, of: 0 });
  });
});

describe('what a lesson needs', () => {
  const agent = (
    machine: MinuteState[],
    links: Partial<Record<LinkKind, MinuteState[]>> = {},
  ): AgentMinutes => ({
    machine,
    links: new Map(
      Object.entries(links).flatMap(([link, of]) => (isLinkKind(link) ? [[link, of] as const] : [])),
    ),
  });
  const live = needsOf({ mode: 'live', carrier: 'satellite' });

  it('follows from how it is taught and what carries it', () => {
    expect(live).toEqual(['satellite', 'stream']);
    expect(needsOf({ mode: 'live', carrier: 'broadband' })).toEqual(['broadband']);
    expect(needsOf({ mode: 'embedded', carrier: 'satellite' })).toEqual(['platform']);
    expect(needsOf({ mode: 'recorded', carrier: 'satellite' })).toEqual([]);
  });

  it('is all of it, and the PC: what is worst decides, and where nothing is down, what is not known', () => {
    const school = new Map<LinkKind, MinuteState[]>([
      ['satellite', ['good', 'down', 'unknown', 'good', 'down', 'degraded']],
      ['stream', ['good', 'good', 'good', 'down', 'down', 'good']],
    ]);
    const pc = agent(['good', 'good', 'good', 'unknown', 'off', 'good']);
    expect(lessonMinutes(live, { classroom: [pc], school }, 6)).toEqual([
      'good',
      'down',
      'unknown',
      'down',
      'off',
      'degraded',
    ]);
    expect(lessonMinutes([], { classroom: [pc], school }, 6)).toEqual([
      'good',
      'good',
      'good',
      'unknown',
      'off',
      'good',
    ]);
  });

  it('what the PC itself sees of it goes before what the school sees, and its own LAN stops a stream', () => {
    const school = new Map<LinkKind, MinuteState[]>([
      ['satellite', times(3, 'good')],
      ['stream', times(3, 'good')],
    ]);
    const sees = agent(times(3, 'good'), {
      stream: ['good', 'down', 'unknown'],
      lan: ['good', 'good', 'down'],
    });
    expect(lessonMinutes(live, { classroom: [sees], school }, 3)).toEqual(['good', 'down', 'down']);
  });

  it('a class without an agent is judged by what its school sees; one of a school without any, by nothing', () => {
    const school = new Map<LinkKind, MinuteState[]>([
      ['satellite', ['good']],
      ['stream', ['degraded']],
    ]);
    expect(lessonMinutes(live, { classroom: [], school }, 1)).toEqual(['degraded']);
    expect(lessonMinutes(live, { classroom: [], school: new Map() }, 1)).toEqual(['unknown']);
  });

  it("a school's satellite and stream are those of its receiver, the others as the best of its agents sees them", () => {
    const receiver = {
      ...agent(times(2, 'good'), { stream: ['down', 'good'], broadband: ['down', 'unknown'] }),
      kind: 'receiver',
    } as const;
    const pc = {
      ...agent(['good', 'off'], { stream: ['good', 'unknown'], broadband: ['good', 'unknown'] }),
      kind: 'classroom',
    } as const;
    expect(schoolLink('stream', [receiver, pc], 2)).toEqual(['down', 'good']);
    expect(schoolLink('broadband', [receiver, pc], 2)).toEqual(['good', 'unknown']);
    expect(schoolLink('broadband', [pc], 2)).toEqual(['good', 'off']);
    expect(schoolLink('platform', [receiver, pc], 2)).toBeUndefined();
  });
});
