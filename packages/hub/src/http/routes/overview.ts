import { messageOf } from '@tongtang/runtime/errors';
import { Type } from 'typebox';
import { AgentPresent, List, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';
import { openSpark } from '../spark.ts';

const Values = Type.Array(Type.Union([Type.Number(), Type.Null()]));

const Overview = Type.Object({
  time: Seconds,
  clockBelieved: Type.Boolean({
    description:
      "False where the hub doubts its machine's clock; it then removes nothing, and takes nothing too old",
  }),
  registryRead: Type.Boolean({
    description:
      'False while the hub cannot read its registry; it then goes on by what it read last, and refuses changes',
  }),
  setAside: List(
    Type.Object({
      file: Type.String({ description: 'What it was called, such as `telemetry.db`' }),
      name: Type.String({ description: "What it is called now, in the hub's data folder" }),
      time: Type.Integer({ description: 'When it was set aside, seconds since 1970' }),
    }),
    {
      description:
        'Databases of the hub that were damaged, the newest first, until somebody takes their files away: what was only in them is missing',
    },
  ),
  agents: List(AgentPresent),
  spark: Type.Object(
    {
      from: Seconds,
      step: Type.Integer({ description: 'Seconds between two values' }),
      count: Type.Integer(),
      agents: Type.Record(
        Type.String(),
        Type.Record(
          Type.String(),
          Type.Object({ rtt_ms: Type.Optional(Values), loss_ratio: Type.Optional(Values) }),
        ),
      ),
    },
    { description: 'The last hour by agent and link; null where nothing was measured' },
  ),
});

/** What the console's first page shows, in one answer. */
export function overviewRoutes(app: App, deps: HttpDeps): void {
  const { registry, fleet, telemetry, clockBelieved, setAsides, nowS, log } = deps;
  const spark = openSpark(telemetry, nowS);
  app.get(
    '/overview',
    {
      config: { access: 'operations' },
      schema: { summary: "Every agent's present and its links' last hour", response: { 200: Overview } },
    },
    async () => {
      try {
        return {
          time: nowS(),
          clockBelieved: clockBelieved(),
          registryRead: registry.isRead(),
          setAside: setAsides(),
          agents: fleet.agents(),
          spark: await spark(),
        };
      } catch (error) {
        log.error({ error: messageOf(error) }, 'cannot read the last hour');
        throw new ApiError('store_failed', 'the telemetry store does not answer');
      }
    },
  );
}
