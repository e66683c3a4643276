import type { AgentPresent } from '../api/answers.ts';

/** How the other dishes of the county fare: what all lack at once is not on this roof. */
export type Neighbours = Readonly<{ receiving: number; without: number }>;

/** @param agents all agents; those whose satellite link is not known count for nothing */
export function neighboursOf(agents: readonly AgentPresent[], own: AgentPresent): Neighbours {
  const states = agents
    .filter(({ id, place }) => id !== own.id && place.county === own.place.county)
    .flatMap(({ links }) => links.filter(({ link }) => link === 'satellite').map(({ state }) => state));
  return {
    receiving: states.filter((state) => state === 'good' || state === 'degraded').length,
    without: states.filter((state) => state === 'down').length,
  };
}
