import { signal } from '@preact/signals';
import type { AgentPresent, IncidentList, IncidentSummary, Overview, Places } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { watch } from '../api/live.ts';
import { problemText } from '../api/problem.ts';
import { hubTime, learnHubTime } from '../format/clock.ts';

export type Fleet = Readonly<{
  places: Places;
  clockBelieved: boolean;
  registryRead: boolean;
  setAside: Overview['setAside'];
  agents: readonly AgentPresent[];
  spark: Overview['spark'];
  /** Those that go on. */
  incidents: readonly IncidentSummary[];
}>;

/** What the first page shows; kept while other pages are open, so that coming back shows something at once. */
export const fleet = signal<Fleet | undefined>(undefined);
export const loadProblem = signal<string | undefined>(undefined);
/** Hub time of the newest word from the hub. */
export const heardAt = signal(0);

/** The sparks have one value a minute; a machine that just came waits less for its first. */
const refreshMs = { usual: 60_000, newcomer: 15_000 } as const;
/** When a fibre is cut, hundreds of agents change at once: they are drawn once. */
const togetherMs = 250;

/** Loads the fleet and keeps it current: states as they change, sparks once a minute. @returns how to stop */
export function followFleet(): () => void {
  let refresh: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const load = async (withPlaces: boolean): Promise<void> => {
    clearTimeout(refresh);
    if (!document.hidden) await loadFleet(withPlaces);
    clearTimeout(refresh);
    if (!stopped)
      refresh = setTimeout(() => load(false), everyoneDrawn() ? refreshMs.usual : refreshMs.newcomer);
  };

  const arrived = new Map<string, AgentPresent>();
  let flush: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    flush = undefined;
    const known = new Set(fleet.value?.agents.map(({ id }) => id));
    // A machine that is not known yet: its classroom was just equipped.
    if ([...arrived.keys()].every((id) => known.has(id))) updateAgents([...arrived.values()]);
    else void load(true);
    arrived.clear();
  };
  const stop = watch([], {
    agent: (agent) => {
      heardAt.value = hubTime();
      arrived.set(agent.id, agent);
      flush ??= setTimeout(show, togetherMs);
    },
    samples: () => {},
    incident: () => void loadIncidents(),
    resumed: () => void load(false),
  });
  void load(true);
  return () => {
    stopped = true;
    clearTimeout(refresh);
    clearTimeout(flush);
    stop();
  };
}

function everyoneDrawn(): boolean {
  const { agents = [], spark } = fleet.value ?? {};
  return agents.every(({ id, state }) => state !== 'online' || spark?.agents[id] !== undefined);
}

/** Puts newer presents in the place of those known. */
export function updateAgents(presents: readonly AgentPresent[]): void {
  const known = fleet.value;
  if (known === undefined) return;
  const newer = new Map(presents.map((present) => [present.id, present]));
  fleet.value = { ...known, agents: known.agents.map((agent) => newer.get(agent.id) ?? agent) };
}

/** Fetches the fleet; the places only where asked for or not known yet. */
export async function loadFleet(withPlaces: boolean): Promise<void> {
  try {
    const known = withPlaces ? undefined : fleet.value?.places;
    const [places, overview, incidents] = await Promise.all([
      known ?? get<Places>('places'),
      get<Overview>('overview'),
      openIncidents(),
    ]);
    learnHubTime(overview.time);
    heardAt.value = overview.time;
    const { clockBelieved, registryRead, setAside, agents, spark } = overview;
    fleet.value = { places, clockBelieved, registryRead, setAside, agents, spark, incidents };
    loadProblem.value = undefined;
  } catch (error) {
    loadProblem.value = problemText(error);
  }
}

async function loadIncidents(): Promise<void> {
  try {
    const incidents = await openIncidents();
    if (fleet.value !== undefined) fleet.value = { ...fleet.value, incidents };
  } catch (error) {
    loadProblem.value = problemText(error);
  }
}

async function openIncidents(): Promise<Fleet['incidents']> {
  return (await get<IncidentList>('incidents', { over: 'false' })).incidents;
}
