import { describe, expect, it } from 'vitest';
import type { IncidentSummary, LessonHit } from '../api/answers.ts';
import { inOrder, lessonAhead } from './order.ts';

const text = { zh: '', en: '' };
const incident = (id: string, rest: Partial<IncidentSummary>): IncidentSummary => ({
  id,
  state: 'open',
  place: { county: 'c' },
  where: text,
  why: text,
  confidence: 'high',
  severity: 'info',
  from: 0,
  openedAt: 0,
  flapping: false,
  lessons: [],
  schools: [],
  rooms: 0,
  ...rest,
});

describe('the list of incidents', () => {
  it('has what goes on before what is over, then the gravest, then the newest', () => {
    const order = inOrder([
      incident('over', { state: 'resolved', severity: 'critical', from: 9 }),
      incident('closed', { state: 'closed', severity: 'critical', from: 12 }),
      incident('old', { from: 1 }),
      incident('new', { from: 8 }),
      incident('grave', { severity: 'critical', state: 'acknowledged', from: 2 }),
      incident('warning', { severity: 'warning', from: 3 }),
    ]);
    expect(order.map(({ id }) => id)).toEqual(['grave', 'warning', 'new', 'old', 'closed', 'over']);
  });
});

describe('the lesson ahead', () => {
  const lesson = (start: number): LessonHit => ({
    school: 's',
    class: 'c',
    classroom: 'r',
    start,
    end: start + 40,
  });
  const lessons = [lesson(100), lesson(200), lesson(300)];
  it.each([
    [90, 100],
    [120, 100],
    [140, 200],
    [310, 300],
    [340, undefined],
  ])('at %s begins at %s', (now, start) => {
    expect(lessonAhead(lessons, now)?.start).toBe(start);
  });
});
