import type { Condition, Finding, Incident, IncidentState } from '@tongtang/model/incident';
import { describe, expect, it } from 'vitest';
import { type HandMark, marked, reconcile } from './incident-list.ts';

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

const evidence = (agent: string, condition: Condition = 'signal-low') => ({
  condition,
  school: agent,
  classroom: 'machine-room',
  agent,
  from: 1000,
});

function finding(...agents: string[]): Finding {
  const [school = ''] = agents;
  return {
    place: { node: 'dish', county: 'qilian', ...(agents.length === 1 && { school }) },
    cause: 'rain-fade',
    confidence: 'high',
    row: 'rain-clear',
    from: 1000,
    openedAt: 1100,
    flapping: false,
    evidence: agents.map((agent) => evidence(agent)),
  };
}

const look = (
  before: readonly Incident[],
  findings: readonly Finding[],
  now: number,
  missed: ReadonlyMap<string, number> = new Map(),
) => reconcile(before, findings, 0, now, missed);

describe('the incidents of a month', () => {
  /** How often evidence is asked for, where so many go on. */
  const stepsOf = (count: number): number => {
    let steps = 0;
    const counted = (agent: string): Finding => {
      const own = finding(agent);
      return {
        ...own,
        get evidence() {
          steps += 1;
          return own.evidence;
        },
      };
    };
    const schools = Array.from({ length: count }, (_, index) => `s${index}`);
    const { incidents } = look([], schools.map(counted), 1200);
    steps = 0;
    const { changed } = look(incidents, schools.map(counted), 1300);
    expect(changed).toEqual([]);
    return steps;
  };

  it('are found again in as many steps as there are', () => {
    expect(stepsOf(400)).toBeLessThanOrEqual(10 * stepsOf(40));
  });
});

describe('incidents that were two', () => {
  it('and turn out to be one: the other says which it is a part of', () => {
    const { incidents: two } = look([], [finding('arou'), finding('ebao')], 1200);
    const { incidents, changed } = look(two, [finding('arou', 'ebao')], 1300);
    const one = incidents.find(({ state }) => state === 'open');
    expect(one?.evidence).toHaveLength(2);
    expect(incidents.find(({ state }) => state === 'joined')).toMatchObject({
      to: 1300,
      history: [{ what: 'opened' }, { time: 1300, what: 'joined', into: one?.id }],
    });
    expect(changed).toHaveLength(2);
    expect(look(incidents, [finding('arou', 'ebao')], 1400).changed).toEqual([]);
  });

  it('go on with what has the most in common', () => {
    const { incidents: one } = look([], [finding('arou', 'ebao', 'yeniugou')], 1200);
    const { incidents } = look(one, [finding('arou'), finding('ebao', 'yeniugou')], 1300);
    const heir = incidents.find(({ id }) => id === one[0]?.id);
    expect(heir?.evidence).toHaveLength(2);
    expect(incidents).toHaveLength(2);
  });

  it('and of which one was nothing: that one is withdrawn, when the proof had time to come', () => {
    const { incidents: two } = look([], [finding('arou'), finding('ebao')], 1200);
    const first = look(two, [finding('arou')], 1300);
    expect(first.changed).toEqual([]);
    expect(first.incidents.map(({ state }) => state)).toEqual(['open', 'open']);
    const found = look(first.incidents, [finding('arou'), finding('ebao')], 1310, first.missed);
    expect([found.changed, found.missed.size]).toEqual([[], 0]);
    const { incidents } = look(first.incidents, [finding('arou')], 1330, first.missed);
    expect(incidents.map(({ place, state }) => [place.school, state])).toEqual(
      expect.arrayContaining([
        ['arou', 'open'],
        ['ebao', 'withdrawn'],
      ]),
    );
  });
});
