import type { Incident } from '@tongtang/model/incident';
import type { LinkKind } from '@tongtang/model/link';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lessonMinutes } from './lesson-needs.ts';
import { type MinuteState, type Minutes, minuteStates, tallyOf } from './minute-state.ts';
import type { AgentMinutes } from './runs.ts';
import { lessonRuns, linkRuns, type Run } from './trace.ts';

const start = 1_800_000_000 - (1_800_000_000 % 60);
const many = (count: number, state: MinuteState): MinuteState[] => Array.from({ length: count }, () => state);
const pc = (machine: Minutes, links: Partial<Record<LinkKind, Minutes>> = {}): AgentMinutes => ({
  machine,
  links: new Map(
    Object.entries(links).flatMap(([link, minutes]) =>
      link === 'satellite' || link === 'stream' || link === 'lan' ? [[link, minutes]] : [],
    ),
  ),
});
const told = (runs: readonly Run[]): string[] =>
  runs.map(({ from, to, state, why }) => `${(to - from) / 60} ${state} ${why.join('+')}`.trim());

function runsOf(classroom: readonly AgentMinutes[], school: Partial<Record<LinkKind, Minutes>>): string[] {
  const needs = ['satellite', 'stream'] as const;
  const links = new Map(needs.map((link) => [link, school[link] ?? many(10, 'good')]));
  const view = { classroom, school: links };
  const carried = lessonMinutes(needs, view, 10);
  return told(lessonRuns({ start, needs, view }, { carried, minutes: carried }, []));
}

describe('the runs of a lesson', () => {
  it('say which of its needs made a minute what it was', () => {
    expect(
      runsOf([pc(many(10, 'good'))], {
        satellite: [...many(4, 'good'), ...many(3, 'down'), ...many(3, 'degraded')],
        stream: [...many(4, 'good'), ...many(2, 'down'), ...many(4, 'good')],
      }),
    ).toEqual(['4 good', '2 down satellite+stream', '1 down satellite', '3 degraded satellite']);
  });

  it('and whether it was the PC, or that nobody knew', () => {
    const machine = [...many(3, 'good'), ...many(2, 'unknown'), ...many(2, 'asleep'), ...many(3, 'off')];
    expect(runsOf([pc(machine)], {})).toEqual(['3 good', '2 unknown pc', '2 asleep pc', '3 off pc']);
    // A class without an agent has no PC to blame.
    expect(runsOf([], { stream: many(10, 'unknown') })).toEqual(['10 unknown stream']);
  });

  it('and whether its files were missing, or work was announced', () => {
    const view = { classroom: [pc(many(6, 'good'))], school: new Map() };
    const minutes = [...many(4, 'down'), ...many(2, 'excluded')];
    const runs = lessonRuns({ start, needs: [], view }, { carried: many(6, 'good'), minutes }, []);
    expect(told(runs)).toEqual(['4 down files', '2 excluded work']);
  });

  it('part where another incident takes over, and those after it have an unknown cause', () => {
    const incident = (id: string, from: number, to: number): Incident => ({
      id,
      state: 'resolved',
      place: { node: 'satellite', county: 'qilian' },
      cause: 'rain-fade',
      confidence: 'high',
      row: 'rain',
      from: start + from * 60,
      openedAt: start,
      to: start + to * 60,
      flapping: false,
      evidence: [],
      history: [],
    });
    const down = many(10, 'down');
    const view = { classroom: [], school: new Map([['satellite', down] as const]) };
    const runs = lessonRuns({ start, needs: ['satellite'], view }, { carried: down, minutes: down }, [
      incident('b', 2, 6),
      incident('a', 0, 4),
    ]);
    expect(runs.map(({ from, to, incident: id, cause }) => [(to - from) / 60, id, cause])).toEqual([
      [4, 'a', 'rain-fade'],
      [2, 'b', 'rain-fade'],
      [4, undefined, 'unknown'],
    ]);
  });
});

describe('runs', () => {
  it('are the minutes that they were made of, without a gap and as few as can be', () => {
    const minutes = fc.array(fc.constantFrom(...minuteStates), { maxLength: 60 });
    fc.assert(
      fc.property(minutes, (states) => {
        const runs = linkRuns(
          states,
          states.map((_, at) => at),
          start,
        );
        expect(tallyOf(runs.flatMap(({ from, to, state }) => many((to - from) / 60, state)))).toEqual(
          tallyOf(states),
        );
        for (const [at, run] of runs.entries()) {
          expect(run.from).toBe(runs[at - 1]?.to ?? start);
          expect(run.state).not.toBe(runs[at - 1]?.state);
        }
      }),
    );
  });

  it('of a link in lessons end where the lesson ends', () => {
    const runs = linkRuns(many(10, 'good'), [0, 1, 2, 6, 7], start);
    expect(runs.map(({ from, to }) => [(from - start) / 60, (to - start) / 60])).toEqual([
      [0, 3],
      [6, 8],
    ]);
  });
});
