import { describe, expect, it } from 'vitest';
import type { Lesson, Readiness, School } from '../api/answers.ts';
import {
  boardOf,
  comingFirst,
  countOutcomes,
  countStates,
  isAtRisk,
  presentOf,
  withOutcomes,
} from './board.ts';

const name = (text: string) => ({ zh: text, en: text });
const school = (id: string, classes: number): School => ({
  id,
  name: name(id),
  classrooms: Array.from({ length: classes }, (_, index) => ({
    id: `room-${index + 1}`,
    name: name(`room ${index + 1}`),
    classes: [{ id: `c${index + 1}`, name: name(`class ${index + 1}`) }],
    agents: [],
  })),
  unmeasuredTargets: [],
});
const county = { schools: [school('hb3z', 2), school('babao', 1)] };

const lesson = (more: Partial<Lesson> = {}): Lesson => ({
  school: 'hb3z',
  class: 'c1',
  classroom: 'room-1',
  period: 1,
  subject: '数学',
  mode: 'live',
  carrier: 'satellite',
  start: 1000,
  end: 3400,
  origin: 'timetable',
  ...more,
});
const found = (state: Readiness['state']): Readiness => ({ state, at: 100, checks: [] });
const second = { period: 2, start: 4000, end: 6400 };

describe('the board', () => {
  it('has the schools and classes of the inventory in its order, and leaves out those without a lesson', () => {
    const board = boardOf(county, [lesson({ school: 'babao' }), lesson({ class: 'c2', ...second })]);
    expect(board.schools.map(({ school: { id }, rows }) => [id, rows.map(({ of }) => of.id)])).toEqual([
      ['hb3z', ['c2']],
      ['babao', ['c1']],
    ]);
    expect(board.columns.map(({ n }) => n)).toEqual([1, 2]);
  });

  it('has one column a period, although schools ring differently', () => {
    const { columns } = boardOf(county, [lesson({ start: 1200, end: 3600 }), lesson({ school: 'babao' })]);
    expect(columns).toEqual([{ n: 1, start: 1000, end: 3400 }]);
  });

  it('shows a cancelled lesson beside the one that took its place', () => {
    const { schools } = boardOf(county, [lesson({ cancelled: true }), lesson({ origin: 'made-up' })]);
    expect(schools[0]?.rows[0]?.cells.get(1)).toHaveLength(2);
  });
});

describe('the present', () => {
  it.each([
    [500, undefined, 1],
    [1000, 1, 2],
    [3400, undefined, 2],
    [5000, 2, undefined],
    [6400, undefined, undefined],
  ])('at %i has period %s on and period %s next', (now, running, next) => {
    const present = presentOf([lesson(), lesson(second)], now);
    expect([present.running?.period, present.next?.period]).toEqual([running, next]);
  });

  it('does not wait for what was cancelled', () => {
    expect(presentOf([lesson({ cancelled: true })], 500)).toEqual({});
  });

  it('comes before what is over', () => {
    const columns = boardOf(county, [
      lesson(),
      lesson(second),
      lesson({ period: 3, start: 7000, end: 9000 }),
    ]).columns;
    expect(comingFirst(columns, 4500).map(({ n }) => n)).toEqual([2, 3, 1]);
    expect(comingFirst(columns, 0).map(({ n }) => n)).toEqual([1, 2, 3]);
  });
});

describe('lessons at risk', () => {
  it('are those of which something is known', () => {
    expect(isAtRisk(lesson({ readiness: found('at-risk') }))).toBe(true);
    expect(isAtRisk(lesson({ readiness: found('not-ready') }))).toBe(true);
    expect(isAtRisk(lesson({ readiness: found('unknown') }))).toBe(false);
    expect(isAtRisk(lesson())).toBe(false);
    expect(isAtRisk(lesson({ readiness: found('not-ready'), cancelled: true }))).toBe(false);
  });

  it('are counted by state, the worst first', () => {
    const states = (['ready', 'ready', 'not-ready'] as const).map((state) =>
      lesson({ readiness: found(state) }),
    );
    expect(
      countStates([...states, lesson(), lesson({ readiness: found('ready'), cancelled: true })]),
    ).toEqual([
      ['not-ready', 1],
      ['at-risk', 0],
      ['unknown', 0],
      ['ready', 2],
    ]);
  });
});

describe('lessons that are over', () => {
  const minutes = { good: 0, degraded: 0, down: 40, off: 0, asleep: 0, unknown: 0, excluded: 0 };
  const lost = { ...lesson(), state: 'lost', minutes, lost: [] } as const;

  it('are what became of them, and not any more what was found before', () => {
    const [over, coming] = withOutcomes(
      [lesson({ readiness: found('ready') }), lesson({ ...second, readiness: found('at-risk') })],
      [lost],
    );
    expect(over?.outcome?.state).toBe('lost');
    expect(coming?.outcome).toBeUndefined();
    const both = [over, coming].flatMap((one) => one ?? []);
    expect(both.map(isAtRisk)).toEqual([true, true]);
    expect(countStates(both).filter(([, count]) => count > 0)).toEqual([['at-risk', 1]]);
    expect(countOutcomes(both).filter(([, count]) => count > 0)).toEqual([['lost', 1]]);
  });

  it('that were cancelled became nothing', () => {
    expect(withOutcomes([lesson({ cancelled: true })], [lost])[0]?.outcome).toBeUndefined();
  });
});
