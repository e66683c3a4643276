import type { Place } from '@tongtang/model/catalogue';
import type { LinkKind, LinkState } from '@tongtang/model/link';
import type { FieldValue } from '@tongtang/model/sample';

/** `silent`: connected, yet no samples for three times the longest interval. Section 4 of the API reference. */
export const agentStates = ['online', 'stopping', 'offline', 'asleep', 'silent'] as const;
export type AgentState = (typeof agentStates)[number];

export type LinkPresent = Readonly<{
  link: LinkKind;
  state: LinkState;
  /** Hub time in seconds when it came into this state. */
  since: number;
  /** Hub time of the newest evidence; absent where there never was any. */
  measuredAt?: number;
}>;

export type AgentPresent = Readonly<{
  id: string;
  place: Place;
  state: AgentState;
  /** Hub time in seconds of the newest word from it; absent where it never spoke. */
  lastSeen?: number;
  version?: string;
  links: readonly LinkPresent[];
  /** Samples not yet committed, as the agent last said. */
  backlog?: number;
}>;

export type LatestValue = Readonly<{
  measurement: string;
  tags: Readonly<Record<string, string>>;
  time: number;
  fields: Readonly<Record<string, FieldValue>>;
}>;

export type LiveEvent =
  | Readonly<{ type: 'agent'; agent: AgentPresent }>
  /** It is new, or other than before. */
  | Readonly<{ type: 'incident'; id: string }>
  | Readonly<{ type: 'samples'; agent: string; samples: readonly LatestValue[] }>;

/** The present state of the fleet, kept in memory from what arrives; rebuilt from the store after a restart. */
export interface Fleet {
  agents(): readonly AgentPresent[];
  /** The newest sample of each series of an agent. */
  latest(agent: string): readonly LatestValue[];
  /** @returns how to stop listening */
  listen(listener: (event: LiveEvent) => void): () => void;
  /** Somebody looks at these agents: asks them to send every 10 s for the next minute. Audited. */
  watch(agents: readonly string[], user: string): Promise<void>;
}
