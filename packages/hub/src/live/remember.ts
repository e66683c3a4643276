import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { inSlices } from '@tongtang/runtime/slices';
import type { Ledger } from '@tongtang/store/ledger/ledger';
import type { MinutesStore } from '@tongtang/store/minutes/minutes';
import type { AgentRegistry } from '@tongtang/store/registry/registry';
import { Status } from '@tongtang/wire/messages';
import type { LiveFleet } from './fleet.ts';
import { linksSince } from './links-since.ts';

export type RememberParts = Readonly<{
  registry: Pick<AgentRegistry, 'agents' | 'inventories'>;
  minutes: Pick<MinutesStore, 'lastHeard' | 'settledTo' | 'agentDay'>;
  ledger: Pick<Ledger, 'lastSeen'>;
  fleet: Pick<LiveFleet, 'remember'>;
  log: Log;
  /** Whether a crowd of agents is coming in: what it says is newer than anything that can be remembered. */
  busy: () => boolean;
  /** Hub time in seconds. */
  nowS: () => number;
}>;

const states: readonly Status['state'][] = Status.properties.state.enum;
/** How long it waits before it looks again whether the hub is busy. */
const busyMs = 500;

/**
 * Gives the fleet what was known of each agent before a restart of the hub: that it was stopped in order or put to sleep, when
 * it was heard last, and since when its links are what they were. Else each PC that somebody had switched off would be called lost.
 * @returns how to stop; resolves when nothing is under way any more
 */
export function rememberFleet({
  registry,
  minutes,
  ledger,
  fleet,
  log,
  busy,
  nowS,
}: RememberParts): () => Promise<void> {
  let stopped = false;
  const agents = registry.agents();
  const zones = new Map(registry.inventories().map(({ county }) => [county.id, county.timezone]));
  let next = 0;
  const remembering = inSlices(async (enough) => {
    while (busy() && !stopped) await wait(busyMs, undefined, { ref: false });
    for (; next < agents.length && !enough() && !stopped; next += 1) {
      const { id = '', place } = agents[next] ?? {};
      const word = minutes.lastHeard(id);
      const heardAt = Math.max(word?.time ?? 0, ledger.lastSeen(id));
      const status = states.find((state) => state === word?.state);
      const zone = place && zones.get(place.county);
      const links = place && zone ? linksSince(minutes, place, zone, nowS()) : undefined;
      if (heardAt > 0) fleet.remember(id, status, heardAt, links);
    }
    return next < agents.length && !stopped;
  }).catch((error: unknown) =>
    log.warn({ error: messageOf(error) }, 'could not remember which agents were stopped in order'),
  );
  return () => {
    stopped = true;
    return remembering;
  };
}
