import type { Finding, IncidentNode, PlannedLesson } from '@tongtang/model/incident';
import { describe, expect, it } from 'vitest';
import { lessonsHit } from './lessons-hit.ts';

const lesson = (
  school: string,
  classroom: string,
  start: number,
  links: PlannedLesson['links'],
): PlannedLesson => ({
  school,
  class: classroom,
  classroom,
  start,
  end: start + 2400,
  links,
});
const incident = (node: IncidentNode, more: Partial<Finding> = {}): Finding => ({
  place: { node, county: 'q', school: 's1' },
  cause: 'unknown',
  confidence: 'low',
  row: '',
  from: 1000,
  openedAt: 1020,
  flapping: false,
  evidence: [{ condition: 'silent', school: 's1', classroom: 'c1', agent: 'a', from: 1000 }],
  ...more,
});
const hit = (finding: Finding, ...lessons: PlannedLesson[]) => lessonsHit(finding, lessons, 1100).length;

describe('the lessons that an incident hits', () => {
  it('are those on now and in the next two hours, while it goes on', () => {
    const at = (start: number) => lesson('s1', 'c1', start, ['satellite', 'stream']);
    expect(hit(incident('dish'), at(-2000), at(0), at(8000), at(8400))).toBe(2);
    expect(hit(incident('dish', { to: 5000 }), at(0), at(8000))).toBe(1);
  });

  it('are of its school, or of all schools that it shows in', () => {
    const lessons = ['s1', 's2'].map((school) => lesson(school, 'c1', 0, ['broadband']));
    expect(hit(incident('broadband'), ...lessons)).toBe(1);
    const evidence = ['s1', 's2'].map(
      (school) => ({ condition: 'hub-lost', school, classroom: '', agent: '', from: 0 }) as const,
    );
    expect(
      hit(incident('broadband', { place: { node: 'broadband', county: 'q' }, evidence }), ...lessons),
    ).toBe(2);
  });

  it('are of its rooms where it is in some rooms', () => {
    const lessons = ['c1', 'c2'].map((room) => lesson('s1', room, 0, ['stream']));
    expect(hit(incident('lan'), ...lessons)).toBe(1);
  });

  it('are none that another link carries, and none where only the hub is away', () => {
    expect(hit(incident('broadband'), lesson('s1', 'c1', 0, ['satellite', 'stream']))).toBe(0);
    expect(hit(incident('dish'), lesson('s1', 'c1', 0, ['satellite', 'stream', 'broadband']))).toBe(0);
    expect(hit(incident('hub'), lesson('s1', 'c1', 0, ['broadband']))).toBe(0);
  });

  it('are none where a machine only needs care, and goes on showing them', () => {
    const stream = lesson('s1', 'c1', 0, ['stream']);
    expect(hit(incident('classroom', { cause: 'disk-full' }), stream)).toBe(0);
    expect(hit(incident('classroom', { cause: 'power-lost' }), stream)).toBe(1);
  });
});
