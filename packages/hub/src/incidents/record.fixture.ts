import type { PlannedLesson } from '@tongtang/model/incident';
import type { IncidentRecord } from '@tongtang/store/incidents/incident-store';

/** When {@link recordOf} says that something broke. */
export const brokenAt = 1_788_228_000;

/** The line of a school is cut, and was found at once. */
export function recordOf(more: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id: 'tkl2y0-no1',
    state: 'open',
    place: { node: 'broadband', county: 'qilian', school: 'no1' },
    cause: 'line-cut',
    confidence: 'high',
    row: 'line',
    from: brokenAt,
    openedAt: brokenAt + 20,
    flapping: false,
    evidence: [{ condition: 'hub-lost', school: 'no1', classroom: 'c1', agent: 'a1', from: brokenAt }],
    history: [{ time: brokenAt + 20, what: 'opened' }],
    severity: 'warning',
    lessons: [],
    telling: { foundAt: brokenAt + 21, step: 0 },
    ...more,
  };
}

/** A lesson of 40 minutes that begins so many seconds after {@link brokenAt}. */
export function lessonIn(seconds: number, more: Partial<PlannedLesson> = {}): PlannedLesson {
  const start = brokenAt + seconds;
  return {
    school: 'no1',
    class: 'c1',
    classroom: 'c1',
    start,
    end: start + 2400,
    links: ['broadband'],
    ...more,
  };
}
