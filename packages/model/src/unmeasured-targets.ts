import type { AgentKind } from './agent-kind.ts';
import { type Inventory, receiverProbes } from './inventory.ts';

type Settled = Readonly<{ kind: AgentKind; place: Readonly<{ county: string; school: string }> }>;

/**
 * Receivers that nobody measures: the ids of their targets, by the id of each school that has no agent beside a receiver.
 * @param agents of any counties
 */
export function unmeasuredTargets(
  { county, schools, targets }: Inventory,
  agents: readonly Settled[],
): ReadonlyMap<string, readonly string[]> {
  const probes: ReadonlySet<string> = new Set(receiverProbes);
  const equipped = new Set(
    agents
      .filter(({ kind, place }) => kind === 'receiver' && place.county === county.id)
      .map(({ place }) => place.school),
  );
  return new Map(
    schools.flatMap(({ id }) => {
      const own = targets.filter(
        (target) => probes.has(target.probe) && (target.schools?.includes(id) ?? true),
      );
      return equipped.has(id) || own.length === 0 ? [] : [[id, own.map((target) => target.id)]];
    }),
  );
}
