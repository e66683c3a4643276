import type { IncidentNode, PlannedLesson } from '@tongtang/model/incident';
import { describe, expect, it } from 'vitest';
import { brokenAt, lessonIn, recordOf } from './record.fixture.ts';
import { severityOf } from './severity.ts';

const at = (node: IncidentNode, lessons: readonly PlannedLesson[] = [], more = {}) =>
  severityOf(recordOf({ place: { node, county: 'qilian', school: 'no1' }, ...more }), lessons, brokenAt + 60);

describe('an incident', () => {
  it('is critical where a lesson that it hits is on, or begins within half an hour', () => {
    expect(at('dish', [lessonIn(-600)])).toBe('critical');
    expect(at('dish', [lessonIn(1800)])).toBe('critical');
    expect(at('classroom', [lessonIn(-600)])).toBe('critical');
  });

  it('is a warning where a lesson of the next two hours is hit, or a whole school', () => {
    expect(at('dish', [lessonIn(1900)])).toBe('warning');
    for (const node of ['broadband', 'school', 'hub', 'satellite', 'front-end'] as const)
      expect(at(node)).toBe('warning');
    // The lesson that it hit is over, and no other comes.
    expect(at('broadband', [lessonIn(-2400)])).toBe('warning');
  });

  it('is worth knowing otherwise', () => {
    expect(at('classroom')).toBe('info');
    expect(at('dish', [lessonIn(-2400)])).toBe('info');
  });

  it('is judged by the lessons that it hit when it is over', () => {
    expect(at('dish', [lessonIn(-2400)], { to: brokenAt })).toBe('critical');
    expect(at('dish', [], { to: brokenAt })).toBe('info');
  });

  it('is a warning at most where the Sun is behind the satellite', () => {
    expect(at('dish', [lessonIn(-600)], { cause: 'sun-outage' })).toBe('warning');
  });
});
