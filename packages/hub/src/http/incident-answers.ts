import { checksOf, decisionTable } from '@tongtang/incidents/decision-table';
import { seenFor } from '@tongtang/incidents/seen';
import {
  causes,
  causeTitles,
  conditions,
  conditionTitles,
  confidences,
  type IncidentEvent,
  incidentNodes,
  incidentStates,
  nodeTitles,
} from '@tongtang/model/incident';
import { severities } from '@tongtang/model/notice';
import { type Static, Type } from 'typebox';
import type { KnownIncident } from '../incidents/desk.ts';
import { List, Name, Seconds } from './answers.ts';

const Placed = Type.Object({
  node: Type.Enum([...incidentNodes]),
  county: Type.String(),
  provider: Type.Optional(Type.String({ description: 'Whose lines are gone' })),
  school: Type.Optional(Type.String({ description: 'Absent where it is one of the county' })),
  classroom: Type.Optional(Type.String()),
  agent: Type.Optional(Type.String()),
});

const Lesson = Type.Object({
  school: Type.String(),
  class: Type.String(),
  classroom: Type.String(),
  subject: Type.Optional(Type.String()),
  start: Seconds,
  end: Seconds,
});

/** Where and why, for programs and in words. */
const found = {
  cause: Type.Enum([...causes]),
  confidence: Type.Enum([...confidences]),
  where: Name,
  why: Name,
} as const;

const Evidence = Type.Object({
  condition: Type.Enum([...conditions]),
  title: Name,
  school: Type.String(),
  classroom: Type.String(),
  agent: Type.String(),
  target: Type.Optional(Type.String({ description: 'Of the far end, where the condition is about one' })),
  from: Seconds,
  to: Type.Optional(Type.Number({ description: 'Absent while it goes on; seconds since 1970' })),
});

const Event = Type.Object({
  time: Seconds,
  what: Type.String({
    description:
      'opened, acknowledged, noted, closed, resolved, reopened, found (somewhere else, or for another reason), corrected ' +
      '(in its time), withdrawn, or joined (it turned out to be a part of another)',
  }),
  who: Type.Optional(Type.String({ description: 'Absent where nobody did it' })),
  text: Type.Optional(Type.String({ description: 'What somebody wrote about it' })),
  found: Type.Optional(Type.Object(found)),
  into: Type.Optional(Type.String({ description: 'Id of the incident that it is a part of; with joined' })),
});

/** An incident in a list. */
export const IncidentSummary = Type.Object({
  id: Type.String(),
  state: Type.Enum([...incidentStates], {
    description:
      'closed: by hand, although its conditions may go on; withdrawn: by what is known now (late data, timetable, announced work) it was none; joined: it turned out to be a part of another',
  }),
  place: Placed,
  ...found,
  row: Type.String({ description: 'The row of the decision table that says so' }),
  severity: Type.Enum([...severities]),
  from: Type.Number({ description: 'When its first condition began; seconds since 1970' }),
  openedAt: Type.Number({ description: 'When it was bad enough to be told; seconds since 1970' }),
  to: Type.Optional(Type.Number({ description: 'When the last condition ended; seconds since 1970' })),
  flapping: Type.Boolean({ description: 'It went and came back often within a short time' }),
  lessons: List(Lesson, {
    description: 'That it hit, or will hit within two hours',
  }),
  schools: List(Type.String(), { description: 'That it shows in' }),
  rooms: Type.Integer({ description: 'How many classrooms it shows in' }),
  acknowledgedBy: Type.Optional(Type.String()),
});

export const IncidentsAnswer = Type.Object({ time: Seconds, incidents: List(IncidentSummary) });

/** An incident with all that is known of it. */
export const IncidentAnswer = Type.Object({
  ...IncidentSummary.properties,
  evidence: List(Evidence),
  history: List(Event),
  checks: List(Name, { description: 'What to check first, in order' }),
  saw: List(Name, { description: 'What was seen, as far as the row of the decision table asks for it' }),
});

export function summaryOf(incident: KnownIncident): Static<typeof IncidentSummary> {
  const { id, state, place, row, severity, from, openedAt, to, flapping, lessons, evidence } = incident;
  const acknowledgement = incident.history.findLast(({ what }) => what === 'acknowledged');
  return {
    id,
    state,
    place,
    ...inWords({ ...incident, node: place.node }),
    row,
    severity,
    from,
    openedAt,
    ...(to !== undefined && { to }),
    flapping,
    lessons: lessons.map(({ links: _, ...lesson }) => lesson).sort((a, b) => a.start - b.start),
    schools: [...new Set(evidence.map(({ school }) => school))],
    rooms: new Set(evidence.map(({ school, classroom }) => `${school}/${classroom}`)).size,
    ...(acknowledgement?.who !== undefined && { acknowledgedBy: acknowledgement.who }),
  };
}

export function answerOf(incident: KnownIncident): Static<typeof IncidentAnswer> {
  const { place, cause, evidence, history } = incident;
  // A row may have gone since, with an older version.
  const row = decisionTable.find(({ id }) => id === incident.row);
  const { zh, en } = checksOf({ node: place.node, cause });
  return {
    ...summaryOf(incident),
    evidence: evidence.map((one) => ({ ...one, title: conditionTitles[one.condition] })),
    history: history.map(eventOf),
    checks: zh.map((check, index) => ({ zh: check, en: en[index] ?? check })),
    saw: row === undefined ? [] : seenFor(row),
  };
}

function eventOf({ found, ...event }: IncidentEvent): Static<typeof Event> {
  return { ...event, ...(found !== undefined && { found: inWords(found) }) };
}

function inWords({ node, cause, confidence }: NonNullable<IncidentEvent['found']>) {
  return { cause, confidence, where: nodeTitles[node], why: causeTitles[cause] };
}
