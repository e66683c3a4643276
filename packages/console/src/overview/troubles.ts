import type { Classroom, County, LinkKind, LinkPresent, School } from '../api/answers.ts';
import type { ShownState } from '../design/state.tsx';
import { type CountyNode, isLost, linkOrder, type RoomNode, severity } from './tree.ts';

/** The same trouble in one classroom, or in several of a school that fell into it together. */
export type Trouble = Readonly<{
  county: County;
  school: School;
  rooms: readonly Classroom[];
  state: ShownState;
  /** Links that are not good, along a signal's way. Those of an agent that is away are left out: it says so itself. */
  links: readonly Pick<LinkPresent, 'link' | 'state'>[];
  /** An agent that went away without being told to. */
  lost?: 'offline' | 'silent';
  /** Hub time in seconds; absent where the agent was never heard. */
  since?: number;
  /** Whose last hour tells most of it; of an agent that is lost, that of its way to the hub. */
  telling?: Readonly<{ agent: string; link: LinkKind }>;
}>;

/** One cut shows in all classrooms of a school within this time. */
const togetherS = 600;

/**
 * What a technician should look at, in the inventory's order.
 * @param tree of classrooms in trouble only
 */
export function troublesOf(tree: readonly CountyNode[]): Trouble[] {
  return tree.flatMap(({ county, clusters }) =>
    clusters
      .flatMap(({ schools }) => schools)
      .flatMap(({ school, rooms }) => joined(rooms.map((room) => troubleOf(county, school, room)))),
  );
}

function troubleOf(county: County, school: School, { classroom, agents, state }: RoomNode): Trouble {
  const away = agents.find(isLost);
  const bad = agents
    .filter((agent) => !isLost(agent))
    .flatMap((agent) => agent.links.filter(isBad).map((link) => ({ ...link, agent: agent.id })))
    .sort((a, b) => linkOrder.indexOf(a.link) - linkOrder.indexOf(b.link));
  const worst = bad.filter((link) => link.state === state);
  const since = worst.length > 0 ? Math.min(...worst.map((link) => link.since)) : away?.lastSeen;
  const telling = worst[0] ?? (away && { agent: away.id, link: 'broadband' });
  return {
    county,
    school,
    rooms: [classroom],
    state,
    links: uniqueLinks(bad),
    ...(away !== undefined && { lost: away.state }),
    ...(since !== undefined && { since }),
    ...(telling !== undefined && { telling: { agent: telling.agent, link: telling.link } }),
  };
}

function isBad({ state, measuredAt }: LinkPresent): boolean {
  return state !== 'good' && measuredAt !== undefined;
}

/** Of several agents of a classroom each link once, with its worst state. */
function uniqueLinks(links: readonly LinkPresent[]): Trouble['links'] {
  const worst = new Map<LinkKind, LinkPresent>();
  for (const present of links) {
    const known = worst.get(present.link);
    if (known === undefined || severity[present.state] > severity[known.state])
      worst.set(present.link, present);
  }
  return [...worst.values()].map(({ link, state }) => ({ link, state }));
}

/** Classrooms of one school with the same trouble at the same time are one line: forty for one cut fibre help nobody. */
function joined(troubles: readonly Trouble[]): Trouble[] {
  const result: Trouble[] = [];
  for (const trouble of troubles) {
    const at = result.findIndex((known) => isSame(known, trouble));
    const known = result[at];
    if (known === undefined) result.push(trouble);
    else
      result[at] = {
        ...known,
        rooms: [...known.rooms, ...trouble.rooms],
        ...(known.since !== undefined && { since: Math.min(known.since, trouble.since ?? known.since) }),
      };
  }
  return result;
}

function isSame(a: Trouble, b: Trouble): boolean {
  const together =
    a.since === b.since ||
    (a.since !== undefined && b.since !== undefined && Math.abs(a.since - b.since) <= togetherS);
  return together && a.lost === b.lost && JSON.stringify(a.links) === JSON.stringify(b.links);
}

export const troubleColumns = ['state', 'school', 'since'] as const;
export type TroubleOrder = Readonly<{ by: (typeof troubleColumns)[number]; reversed: boolean }>;

/** The worst first and among equals the newest; by school as the inventory has them; or the newest first. */
export function sortTroubles(troubles: readonly Trouble[], { by, reversed }: TroubleOrder): Trouble[] {
  const newest = (a: Trouble, b: Trouble): number => (b.since ?? 0) - (a.since ?? 0);
  const order: Readonly<Record<TroubleOrder['by'], (a: Trouble, b: Trouble) => number>> = {
    state: (a, b) => severity[b.state] - severity[a.state] || newest(a, b),
    school: () => 0,
    since: newest,
  };
  const sorted = [...troubles].sort(order[by]);
  return reversed ? sorted.reverse() : sorted;
}
