import type { ServerResponse } from 'node:http';
import { messageOf } from '@tongtang/runtime/errors';
import { Type } from 'typebox';
import type { LiveEvent } from '../../live/live.ts';
import { principalOf, type WhoAsks } from '../access.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';

/** Proxies and phones drop a connection on which nothing is said for a while. */
const heartbeatMs = 15_000;
/** An agent that is watched sends often for one minute; asked again before that ends. */
const watchEveryMs = 50_000;
const retryMs = 3000;
/** A page that reads slower than this piles up is let go; its browser comes back and fetches anew. */
const mostUnsentBytes = 1_000_000;

const LiveParameters = Type.Object(
  {
    agents: Type.Optional(
      Type.String({ maxLength: 20_000, description: 'Ids of agents with commas between; may be empty' }),
    ),
    classroom: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+$',
        form: 'must be county/school/classroom',
        description: 'county/school/classroom: the agents that live there, whichever they are',
      }),
    ),
  },
  { additionalProperties: false },
);

/** What happens now, as server-sent events. */
export function liveRoutes(app: App, { registry, fleet, log }: HttpDeps, whoAsks: WhoAsks): void {
  const streams = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });

  app.get(
    '/live',
    {
      config: { access: 'operations' },
      // An event stream is never complete, so that it cannot be compressed as a whole.
      compress: false,
      schema: {
        summary: 'Server-sent events `agent`, `samples` and `incident`',
        description:
          '`agent`: `{agent}`, its new present; of every agent, or of those asked for. `samples`: `{agent, samples}`, ' +
          'only of agents asked for; these are also asked to send every 10 s while the stream is open. ' +
          '`incident`: `{id}`, one that is new or other than before.',
        querystring: LiveParameters,
      },
    },
    (request, reply) => {
      const { user } = principalOf(request);
      const asked = new Set(request.query.agents?.split(',').filter((id) => id !== ''));
      const { classroom } = request.query;
      const selects = asked.size > 0 || classroom !== undefined;
      const isAsked = (id: string): boolean => {
        if (asked.has(id)) return true;
        const place = registry.agent(id)?.place;
        return place !== undefined && `${place.county}/${place.school}/${place.classroom}` === classroom;
      };

      const isWanted = (event: LiveEvent): boolean => {
        switch (event.type) {
          case 'agent':
            return !selects || isAsked(event.agent.id);
          case 'samples':
            return isAsked(event.agent);
          case 'incident':
            return true;
        }
      };

      reply.hijack();
      const stream = reply.raw;
      streams.add(stream);
      stream.writeHead(200, {
        ...Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)),
        'content-type': 'text/event-stream; charset=utf-8',
        // nginx would hold events back.
        'x-accel-buffering': 'no',
      });
      const send = (text: string): void => {
        if (stream.writableLength > mostUnsentBytes) stream.destroy();
        else stream.write(text);
      };
      send(`retry: ${retryMs}\n\n`);

      const watch = async (): Promise<void> => {
        const agents = registry.agents().flatMap(({ id }) => (isAsked(id) ? [id] : []));
        try {
          if (agents.length > 0) await fleet.watch(agents, user);
        } catch (error) {
          log.warn({ error: messageOf(error), agents }, 'cannot ask agents for live data');
        }
      };
      const stopListening = fleet.listen((event) => {
        if (isWanted(event)) send(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      });
      /** Whoever was signed out, removed or given another role meanwhile hears no more. */
      const mayStillListen = (): boolean => {
        try {
          const role = whoAsks(request)?.role;
          return role !== undefined && role !== 'bureau';
        } catch (error) {
          log.error({ error: messageOf(error) }, 'cannot tell who listens: the stream ends');
          return false;
        }
      };
      const leaveUnlessAllowed = (): boolean => {
        const may = mayStillListen();
        if (!may) {
          silence();
          stream.end();
        }
        return may;
      };
      const stopFollowingAccess = registry.onAccessChange(leaveUnlessAllowed);
      // A session also ends with time.
      const heartbeat = setInterval(() => {
        if (leaveUnlessAllowed()) send(': still here\n\n');
      }, heartbeatMs);
      const watching = selects ? setInterval(watch, watchEveryMs) : undefined;
      if (selects) void watch();
      const silence = (): void => {
        stopListening();
        stopFollowingAccess();
        clearInterval(heartbeat);
        clearInterval(watching);
      };

      stream.on('error', (error) => log.debug({ error: messageOf(error) }, 'live stream broke off'));
      stream.on('close', () => {
        streams.delete(stream);
        silence();
      });
    },
  );
}
