import type { AgentPresent, Classroom, County, LinkKind, School, Text } from '../api/answers.ts';
import type { ShownState } from '../design/state.tsx';

export type RoomNode = Readonly<{
  classroom: Classroom;
  agents: readonly AgentPresent[];
  state: ShownState;
}>;
export type SchoolNode = Readonly<{
  school: School;
  rooms: readonly RoomNode[];
  /** Classrooms without an agent, not in `rooms`. */
  bare: readonly Classroom[];
}>;
export type ClusterNode = Readonly<{
  id: string;
  /** Absent: schools that belong to no cluster. */
  name?: Text;
  schools: readonly SchoolNode[];
}>;
export type CountyNode = Readonly<{ county: County; clusters: readonly ClusterNode[] }>;

export const severity: Readonly<Record<ShownState, number>> = {
  down: 5,
  lost: 4,
  degraded: 3,
  unknown: 2,
  good: 1,
  none: 0,
};

/** It went away without being told to, or is there and sends nothing: a cut line looks like that from here. */
export function isLost(agent: AgentPresent): agent is AgentPresent & { state: 'offline' | 'silent' } {
  return agent.state === 'offline' || agent.state === 'silent';
}

/**
 * The state of a classroom: that of the worst link of its agents. Links that were never measured say nothing, unless
 * there are no others; a link that was measured once and is unknown now makes the room unknown, never good. With an agent
 * that is lost the room is, unless something worse is known of it.
 */
export function roomState(agents: readonly AgentPresent[]): ShownState {
  if (agents.length === 0) return 'none';
  const measured = agents.flatMap((agent) => agent.links).filter((link) => link.measuredAt !== undefined);
  const start = agents.some(isLost) ? 'lost' : measured.length === 0 ? 'unknown' : 'good';
  return measured.reduce<ShownState>(
    (worst, { state }) => (severity[state] > severity[worst] ? state : worst),
    start,
  );
}

/** Whether a technician should look: a link is not good, or an agent is lost. A PC that was shut down is no trouble. */
export function isTroubled(agents: readonly AgentPresent[]): boolean {
  const state = roomState(agents);
  if (state === 'unknown') return agents.some((agent) => agent.state === 'online');
  return severity[state] > severity.unknown;
}

export type Wanted = Readonly<{ onlyTrouble: boolean; search: string }>;

/**
 * Counties with their clusters, schools and equipped classrooms, in the inventory's order: a school stays where people
 * last found it, and trouble has a list of its own (troubles.ts). What the filter leaves empty is left out.
 */
export function buildTree(
  counties: readonly County[],
  agents: readonly AgentPresent[],
  wanted: Wanted,
): CountyNode[] {
  const byRoom = groupByRoom(agents);
  return counties
    .map((county) => ({ county, clusters: clustersOf(county, byRoom, wanted) }))
    .filter(({ clusters }) => clusters.length > 0);
}

function groupByRoom(agents: readonly AgentPresent[]): ReadonlyMap<string, readonly AgentPresent[]> {
  const groups = new Map<string, AgentPresent[]>();
  for (const agent of agents) {
    const key = roomKey(agent.place.county, agent.place.school, agent.place.classroom);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [agent]);
    else group.push(agent);
  }
  return groups;
}

function roomKey(county: string, school: string, classroom: string): string {
  return `${county}/${school}/${classroom}`;
}

function clustersOf(
  county: County,
  byRoom: ReadonlyMap<string, readonly AgentPresent[]>,
  wanted: Wanted,
): ClusterNode[] {
  const schools = county.schools.map((school) => schoolNode(county, school, byRoom, wanted));
  return [...county.clusters, { id: '' }]
    .map((cluster) => ({
      ...cluster,
      schools: schools.filter(
        (node) =>
          (node.school.cluster ?? '') === cluster.id &&
          (node.rooms.length > 0 || (node.bare.length > 0 && !wanted.onlyTrouble)),
      ),
    }))
    .filter((cluster) => cluster.schools.length > 0);
}

function schoolNode(
  county: County,
  school: School,
  byRoom: ReadonlyMap<string, readonly AgentPresent[]>,
  wanted: Wanted,
): SchoolNode {
  const found = matches(wanted.search, school.id, school.name)
    ? school.classrooms
    : school.classrooms.filter((room) => matches(wanted.search, room.id, room.name));
  const rooms = found.map((classroom) => {
    const agents = byRoom.get(roomKey(county.id, school.id, classroom.id)) ?? [];
    return { classroom, agents, state: roomState(agents) };
  });
  const equipped = rooms.filter(
    ({ agents }) => agents.length > 0 && (isTroubled(agents) || !wanted.onlyTrouble),
  );
  return {
    school,
    rooms: equipped,
    bare: rooms.filter(({ agents }) => agents.length === 0).map(({ classroom }) => classroom),
  };
}

function matches(search: string, id: string, name: Text): boolean {
  const text = search.trim().toLowerCase();
  return [id, name.zh, name.en].some((part) => part.toLowerCase().includes(text));
}

/** How many classrooms are in which state. A room without a class, such as a machine room, is none, where the others have some. */
export function summarise(
  counties: readonly County[],
  agents: readonly AgentPresent[],
): Readonly<Record<ShownState, number>> {
  const rooms: Record<ShownState, number> = {
    good: 0,
    degraded: 0,
    down: 0,
    lost: 0,
    unknown: 0,
    none: 0,
  };
  const byRoom = groupByRoom(agents);
  for (const county of counties)
    for (const school of county.schools)
      for (const room of classroomsOf(school))
        rooms[roomState(byRoom.get(roomKey(county.id, school.id, room.id)) ?? [])] += 1;
  return rooms;
}

function classroomsOf({ classrooms }: School): readonly Classroom[] {
  const taught = classrooms.filter(({ classes }) => classes.length > 0);
  return taught.length > 0 ? taught : classrooms;
}

/** Along a signal's way. */
export const linkOrder = [
  'lan',
  'broadband',
  'satellite',
  'stream',
  'platform',
] as const satisfies LinkKind[];

/** The links that any of the agents has measured, in the order of a signal's way: the columns of the table. */
export function linksOf(agents: readonly AgentPresent[]): LinkKind[] {
  const measured = new Set(
    agents.flatMap(({ links }) =>
      links.filter(({ measuredAt }) => measuredAt !== undefined).map(({ link }) => link),
    ),
  );
  return linkOrder.filter((link) => measured.has(link));
}
