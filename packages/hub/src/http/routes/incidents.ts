import type { HandMark } from '@tongtang/incidents/incident-list';
import type { IncidentState } from '@tongtang/model/incident';
import { Type } from 'typebox';
import { principalOf } from '../access.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';
import { answerOf, IncidentAnswer, IncidentsAnswer, summaryOf } from '../incident-answers.ts';
import { TimeText, timeOf } from '../time.ts';

const IncidentId = Type.Object({ id: Type.String() });

const Note = Type.String({ maxLength: 1000, pattern: '\\S', form: 'must not be empty' });
const noted = { additionalProperties: false } as const;

/** What people may do to an incident, by the last part of the address. */
const deeds = {
  acknowledge: {
    what: 'acknowledged',
    summary: 'Say that somebody takes care of an incident',
    text: Type.Optional(Note),
  },
  note: { what: 'noted', summary: 'Write down something about an incident', text: Note },
  close: {
    what: 'closed',
    summary: 'Close an incident by hand, although its conditions may go on',
    text: Type.Optional(Note),
  },
  reopen: { what: 'reopened', summary: 'Take a close by hand back', text: Type.Optional(Note) },
} as const;

/** What broke, where, since when, and what people do about it. */
export function incidentRoutes(app: App, { incidents, registry, nowS }: HttpDeps): void {
  app.get(
    '/incidents',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'Incidents (故障), the newest first',
        description: 'Those that lasted at any time of the span; of the last day where not said otherwise.',
        querystring: Type.Object(
          {
            county: Type.Optional(Type.String()),
            school: Type.Optional(Type.String({ description: 'That it shows in' })),
            from: Type.Optional(TimeText),
            to: Type.Optional(TimeText),
            over: Type.Optional(
              Type.Boolean({
                description: 'Only those that are over, or only those that are not; all where absent',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: IncidentsAnswer },
      },
    },
    async ({ query: { county, school, over, ...span } }) => {
      const time = nowS();
      const from = timeOf('from', span.from ?? '-1d', time);
      const to = timeOf('to', span.to ?? 'now', time);
      if (to < from) throw new ApiError('invalid_input', 'to: must not be before from');
      const asked = {
        ...(county !== undefined && { county }),
        ...(school !== undefined && { school }),
        from,
        to,
      };
      const found = incidents.list(asked).filter(({ state }) => over === undefined || over === isOver(state));
      return { time, incidents: found.map(summaryOf) };
    },
  );

  app.get(
    '/incidents/:id',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'An incident with its evidence, its history and what to check first',
        params: IncidentId,
        response: { 200: IncidentAnswer },
      },
    },
    async ({ params: { id } }) => {
      const incident = incidents.find(id);
      if (incident === undefined) throw unknown(id);
      return answerOf(incident);
    },
  );

  for (const [deed, { what, summary, text }] of Object.entries(deeds))
    app.post(
      `/incidents/:id/${deed}`,
      {
        config: { access: 'operations' },
        schema: {
          summary,
          params: IncidentId,
          body: Type.Object({ text }, noted),
          response: { 200: IncidentAnswer },
        },
      },
      async (request) => {
        const { id } = request.params;
        const known = incidents.find(id);
        if (known === undefined) throw unknown(id);
        assertFit(what, known.state);
        const who = principalOf(request).user;
        const text = request.body.text?.trim();
        const mark = { what, time: nowS(), who, ...(text !== undefined && { text }) };
        const incident = incidents.mark(id, mark);
        if (incident === undefined) throw unknown(id);
        registry.audit({ who, action: `${deed} incident`, what: id, detail: text ?? '' });
        return answerOf(incident);
      },
    );
}

function isOver(state: IncidentState): boolean {
  return state !== 'open' && state !== 'acknowledged';
}

/** What is over may still be acknowledged: it may have ended while somebody typed. */
function assertFit(what: HandMark['what'], state: IncidentState): void {
  if (what === 'closed' && isOver(state)) throw new ApiError('conflict', `it is ${state} already`);
  if (what === 'reopened' && state !== 'closed')
    throw new ApiError('conflict', `it was not closed by hand: it is ${state}`);
}

function unknown(id: string): ApiError {
  return new ApiError('not_found', `incident: no incident "${id}"`);
}
