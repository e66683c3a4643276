import type { Evidence } from '@tongtang/model/incident';
import type { KnownIncident } from '../incidents/desk.ts';

const evidenceOf = (school: string, classroom: string, from: number, to?: number): Evidence => ({
  condition: 'hub-lost',
  school,
  classroom,
  agent: `${school}-${classroom}`,
  from,
  ...(to !== undefined && { to }),
});

/** Of a school whose line is cut since ten minutes, and of a room that was without power two hours ago. */
export function someIncidents(county: string, school: string, rooms: readonly string[], nowS: number) {
  const [room = 'room-1'] = rooms;
  const since = nowS - 600;
  const lesson = { school, class: room, classroom: room, links: ['broadband'] } as const;
  const cut: KnownIncident = {
    id: `cut-${school}`,
    state: 'open',
    place: { node: 'broadband', county, school },
    cause: 'line-cut',
    confidence: 'high',
    row: 'line',
    severity: 'critical',
    from: since,
    openedAt: since + 20,
    flapping: false,
    evidence: rooms.map((one, index) => evidenceOf(school, one, since + index)),
    lessons: [
      { ...lesson, subject: '数学', start: nowS + 900, end: nowS + 3300 },
      { ...lesson, subject: '英语', start: nowS - 1200, end: nowS + 300 },
    ],
    history: [
      {
        time: since + 20,
        what: 'opened',
        found: { node: 'broadband', cause: 'line-or-power', confidence: 'low' },
      },
      {
        time: since + 200,
        what: 'found',
        found: { node: 'broadband', cause: 'line-cut', confidence: 'high' },
      },
    ],
  };
  const power: KnownIncident = {
    id: `power-${school}`,
    state: 'resolved',
    place: { node: 'classroom', county, school, classroom: room },
    cause: 'power-lost',
    confidence: 'medium',
    row: 'machine-rebooted',
    severity: 'info',
    from: nowS - 7800,
    openedAt: nowS - 7600,
    to: nowS - 7200,
    flapping: false,
    evidence: [{ ...evidenceOf(school, room, nowS - 7800, nowS - 7200), condition: 'silent' }],
    lessons: [],
    history: [
      {
        time: nowS - 7600,
        what: 'opened',
        found: { node: 'classroom', cause: 'power-lost', confidence: 'medium' },
      },
      { time: nowS - 7200, what: 'resolved' },
    ],
  };
  return [cut, power] as const;
}
