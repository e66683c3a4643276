import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { AgentRegistry, EnrolledAgent } from '@tongtang/store/registry/registry';

/**
 * Calls back once for each county that the hub serves, those that are added later included. A broker may serve other
 * hubs too: each subscribes to its own counties only.
 * @returns how to stop; after the counties of this moment were handled
 */
export async function followCounties(
  registry: AgentRegistry,
  added: (county: string) => Promise<void>,
  log: Log,
): Promise<() => void> {
  const known = new Set<string>();
  const look = async (agents: readonly (EnrolledAgent | undefined)[]): Promise<void> => {
    const counties = [
      ...registry.inventories().map(({ county }) => county.id),
      ...agents.flatMap((agent) => agent?.address.county ?? []),
    ];
    for (const county of counties) {
      if (known.has(county)) continue;
      known.add(county);
      await added(county);
    }
  };
  const stop = registry.onChange(({ agents }) => {
    look([...agents].map((id) => registry.agent(id))).catch((error: unknown) =>
      log.error({ error: messageOf(error) }, 'a county that was added is not heard'),
    );
  });
  await look(registry.agents());
  return stop;
}
