import type { Incident, IncidentState } from '@tongtang/model/incident';
import { describe, expect, it } from 'vitest';
import { type HandMark, marked } from './incident-list.ts';

const begun: Incident = {
  id: 'pc-s1',
  state: 'open',
  place: { node: 'broadband', county: 'qilian', school: 's1' },
  cause: 'line-cut',
  confidence: 'high',
  row: 'line',
  from: 1000,
  openedAt: 1020,
  flapping: false,
  evidence: [],
  history: [],
};
const ended: Incident = { ...begun, to: 1500, state: 'resolved' };

const states = (incident: Incident, ...marks: HandMark['what'][]): IncidentState[] => {
  let now = incident;
  return marks.map((what) => {
    now = marked(now, { what, time: 2000, who: 'li' });
    return now.state;
  });
};

describe('what people do to an incident', () => {
  it('to reopen undoes a close by hand: it is what it would be without', () => {
    expect(states(begun, 'closed', 'reopened')).toEqual(['closed', 'open']);
    expect(states(begun, 'acknowledged', 'closed', 'reopened')).toEqual([
      'acknowledged',
      'closed',
      'acknowledged',
    ]);
    expect(states(ended, 'closed', 'reopened')).toEqual(['closed', 'resolved']);
  });

  it('to reopen or to acknowledge what is over changes nothing but its history', () => {
    expect(states(ended, 'reopened', 'acknowledged', 'noted')).toEqual(['resolved', 'resolved', 'resolved']);
    const note = { what: 'noted', time: 2000, who: 'li', text: 'mended' } as const;
    expect(marked(ended, note).history).toEqual([note]);
  });
});
