import { agentKinds } from '@tongtang/model/agent-kind';
import type { RegisteredAgent } from '@tongtang/store/registry/snapshot';
import { Type } from 'typebox';
import type { AgentPresent } from '../../live/live.ts';
import { principalOf } from '../access.ts';
import { AgentStateName, Done, done, LatestValue, LinkPresent, List, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

const AgentEntry = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...agentKinds]),
  county: Type.String(),
  school: Type.String(),
  classroom: Type.String(),
  state: AgentStateName,
  lastSeen: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  version: Type.Union([Type.String(), Type.Null()]),
  links: List(LinkPresent),
  backlog: Type.Union([Type.Number(), Type.Null()], { description: 'Samples not yet committed' }),
});

const AgentDetail = Type.Object({
  ...AgentEntry.properties,
  hostname: Type.Union([Type.String(), Type.Null()]),
  platform: Type.Union([Type.String(), Type.Null()]),
  enrolledAt: Seconds,
});

const AgentId = Type.Object({ id: Type.String({ description: 'Agent id' }) });

/** The agents that are enrolled, and how they are. */
export function agentRoutes(app: App, { registry, fleet }: HttpDeps): void {
  function enrolled(id: string): RegisteredAgent {
    const agent = registry.agent(id);
    if (agent === undefined) throw new ApiError('not_found', `agent: no agent "${id}" is enrolled`);
    return agent;
  }

  app.get(
    '/agents',
    {
      config: { access: 'operations' },
      schema: { summary: 'Every enrolled agent and its present state', response: { 200: List(AgentEntry) } },
    },
    async () => {
      const presents = new Map(fleet.agents().map((present) => [present.id, present]));
      return registry.agents().map((agent) => entryOf(agent, presents.get(agent.id)));
    },
  );

  app.get(
    '/agents/:id',
    {
      config: { access: 'operations' },
      schema: { summary: 'One agent', params: AgentId, response: { 200: AgentDetail } },
    },
    async ({ params: { id } }) => {
      const agent = enrolled(id);
      const present = fleet.agents().find((candidate) => candidate.id === id);
      return {
        ...entryOf(agent, present),
        hostname: agent.hostname ?? null,
        platform: agent.platform ?? null,
        enrolledAt: agent.enrolledAt,
      };
    },
  );

  app.get(
    '/agents/:id/latest',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'The newest sample of each of its series',
        params: AgentId,
        response: { 200: List(LatestValue) },
      },
    },
    async ({ params: { id } }) => fleet.latest(enrolled(id).id),
  );

  app.put(
    '/agents/:id/place',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Let an agent live in another classroom of its county',
        params: AgentId,
        body: Type.Object(
          { school: Type.String(), classroom: Type.String() },
          { additionalProperties: false },
        ),
        response: { 200: Done },
      },
    },
    async (request) => {
      const { id } = enrolled(request.params.id);
      const result = registry.move(id, request.body, principalOf(request).user);
      if (!result.ok) throw new ApiError('invalid_input', result.problem);
      return done;
    },
  );

  app.delete(
    '/agents/:id',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Revoke an agent: it can no longer connect; its data stay',
        params: AgentId,
        response: { 200: Done },
      },
    },
    async (request) => {
      const { id } = enrolled(request.params.id);
      registry.revoke(id, principalOf(request).user);
      return done;
    },
  );
}

function entryOf({ id, kind, place, version }: RegisteredAgent, present: AgentPresent | undefined) {
  const lastSeen = present?.lastSeen;
  return {
    id,
    kind,
    county: place.county,
    school: place.school,
    classroom: place.classroom,
    state: present?.state ?? 'offline',
    lastSeen: lastSeen === undefined ? null : new Date(lastSeen * 1000).toISOString(),
    version: present?.version ?? version ?? null,
    links: present?.links ?? [],
    backlog: present?.backlog ?? null,
  };
}
