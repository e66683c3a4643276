import { type AgentKind, agentKinds } from '@tongtang/model/agent-kind';
import type { Place } from '@tongtang/model/catalogue';
import type { Inventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { Known } from './carry-over.ts';
import type { AgentRegistry, EnrolledAgent, RegistryChange } from './registry.ts';
import type { RegistryFile } from './registry-file.ts';
import { integer, optionalText, type Row, text } from './rows.ts';

/** An enrolled agent with what else the registry knows of it. */
export type RegisteredAgent = EnrolledAgent & Readonly<{ kind: AgentKind; version?: string }>;

/**
 * Agents, inventories and timetables as they stand; of what somebody has changed, only that is read again. While the registry cannot be
 * read they stand as they were last read: those who ask have schools to look after, and nothing to do about it.
 */
export interface Snapshot extends AgentRegistry {
  agents(): readonly RegisteredAgent[];
  agent(id: string): RegisteredAgent | undefined;
  /**
   * The same for who asks thousands of times a second, once for each message: a change by another process is seen after
   * {@link lookAgainMs} at the latest, one by this process at once.
   */
  agentOfLate(id: string): RegisteredAgent | undefined;
  inventory(county: string): Inventory | undefined;
  /** False while the registry cannot be read. */
  isRead(): boolean;
  /** Grows with every change of agents, inventories, timetables, users and tokens, by whichever process. */
  revision(): number;
  /**
   * Calls the listener when somebody may have lost a right: at once where a session ended or a user or token changed by this
   * process, within {@link lookEveryMs} where by another. @returns how to stop listening
   */
  onAccessChange(listener: () => void): () => void;
  /** Tells the listeners at once of a change made by this process. */
  announce(): void;
  /** Tells those who listen for changes of access: sessions are not counted as a change of the registry. */
  sessionEnded(): void;
  /** Stops listening for good. */
  stop(): void;
}

/** The document of an inventory or a timetable that was removed: its row stays, so that every process notices. */
export const removed = '';

/** Asking the file for each message was a twelfth of the hub's work when 5,000 agents came back. */
const lookAgainMs = 50;

/** How soon a change by another process is noticed while somebody listens. */
const lookEveryMs = 1000;

/**
 * The snapshot over the registry's tables. Every read asks for the revision.
 * @param enterAgain enters in a file that took the place of another what is known and that one lacks
 */
export function openSnapshot(database: RegistryFile, log: Log, enterAgain: (known: Known) => void): Snapshot {
  const selectRevision = database.prepare('SELECT number FROM revision');
  const selectInventories = database.prepare('SELECT county, document FROM inventories WHERE revision > ?');
  const selectTimetables = database.prepare('SELECT county, document FROM timetables WHERE revision > ?');
  const selectAgents = database.prepare('SELECT * FROM agents WHERE revision > ? ORDER BY enrolled_at, id');
  const selectRevoked = database.prepare(
    'SELECT id, county, address_school FROM agents WHERE revoked_at IS NOT NULL',
  );
  const listeners = new Set<(change: RegistryChange) => void>();
  const accessListeners = new Set<() => void>();
  const inventories = new Map<string, Inventory>();
  const timetables = new Map<string, Timetable>();
  /** Of each county, the cluster of each school that has one. */
  const clusters = new Map<string, ReadonlyMap<string, string>>();
  const agents = new Map<string, RegisteredAgent>();
  /** The revision of what the maps hold, and the file that it was counted in. */
  let read = 0;
  let readFrom = database.generation;
  /** Why the registry cannot be read, while it cannot. */
  let unread: string | undefined;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let announced = 0;
  let announcedFrom = database.generation;
  let untold = noChange();
  let timer: NodeJS.Timeout | undefined;

  database.whenReplaced(() => enterAgain({ inventories, timetables, agents, revision: read }));

  const revision = (): number => integer(selectRevision.get() ?? {}, 'number');

  /**
   * Brings the maps up to date, by the rows that changed only: others wait while all of a large county is read. Must
   * not be asked for between a change and the end of its transaction, which may yet be rolled back.
   */
  function follow(): void {
    const now = revision();
    const { generation } = database;
    if (now === read && generation === readFrom) return;
    const since = generation === readFrom ? read : 0;
    const changed = new Set<string>();
    for (const row of selectInventories.all(since)) {
      const county = text(row, 'county');
      if (text(row, 'document') === removed) inventories.delete(county);
      else inventories.set(county, inventoryOf(row));
      clusters.set(county, clustersOf(inventories.get(county)));
      changed.add(county);
      untold.counties.add(county);
    }
    if (changed.size > 0) placeAgain(changed);
    for (const row of selectTimetables.all(since)) {
      const county = text(row, 'county');
      if (text(row, 'document') === removed) timetables.delete(county);
      else timetables.set(county, timetableOf(row));
      untold.counties.add(county);
    }
    for (const row of selectAgents.all(since)) {
      const id = text(row, 'id');
      if (row.revoked_at === null)
        agents.set(id, agentOf(row, clusters.get(text(row, 'county')) ?? new Map()));
      else agents.delete(id);
      untold.agents.add(id);
    }
    if (generation !== database.generation) {
      // It was replaced meanwhile: all of the new one is read.
      follow();
      return;
    }
    read = now;
    readFrom = generation;
  }

  /** What makes no sense may be damage that SQLite does not see. */
  function followOrMend(): void {
    try {
      follow();
    } catch (error) {
      if (!database.mendUnreadable()) throw error;
      follow();
    }
  }

  /** @throws only where there is nothing to go on by, or something is to be changed: that is not decided by what may be old */
  function refresh(): void {
    const isDeciding = database.isTransaction;
    lookedMs = performance.now();
    try {
      followOrMend();
      unread = undefined;
    } catch (error) {
      if (isDeciding || read === 0) throw error;
      cannotRead(error);
    }
  }

  function cannotRead(error: unknown): void {
    const why = messageOf(error);
    if (why !== unread) log.error({ error: why }, 'cannot read the registry: what was last read goes on');
    unread = why;
  }

  /** Another inventory may give the agents of its county other places. */
  function placeAgain(counties: ReadonlySet<string>): void {
    for (const agent of agents.values()) {
      const { county, school, classroom, cluster } = agent.place;
      const known = clusters.get(county) ?? new Map();
      if (!counties.has(county) || known.get(school) === cluster) continue;
      const place = placeOf({ id: agent.id, county, school, classroom }, known);
      agents.set(agent.id, { ...agent, place });
      untold.agents.add(agent.id);
    }
  }

  function announce(): void {
    const now = revision();
    const { generation } = database;
    if (now === announced && generation === announcedFrom) return;
    followOrMend();
    announced = now;
    announcedFrom = generation;
    const change = untold;
    untold = noChange();
    tellAccess();
    if (change.agents.size + change.counties.size === 0) return;
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        log.error({ error: messageOf(error) }, 'a listener to the registry failed');
      }
    }
  }

  function tellAccess(): void {
    for (const listener of accessListeners) {
      try {
        listener();
      } catch (error) {
        log.error({ error: messageOf(error) }, 'a listener to the registry failed');
      }
    }
  }

  /** What happened before anybody listened is told to nobody. */
  function beginListening(): void {
    if (timer !== undefined) return;
    refresh();
    announced = read;
    announcedFrom = readFrom;
    untold = noChange();
    timer = setInterval(look, lookEveryMs).unref();
  }

  function endListening(): void {
    if (listeners.size + accessListeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  /** The maps, up to date. */
  function current(): {
    inventories: ReadonlyMap<string, Inventory>;
    timetables: ReadonlyMap<string, Timetable>;
    agents: ReadonlyMap<string, RegisteredAgent>;
  } {
    refresh();
    return { inventories, timetables, agents };
  }

  function look(): void {
    try {
      database.followPath();
      announce();
    } catch (error) {
      cannotRead(error);
    }
  }

  return {
    inventories: () =>
      [...current().inventories.values()].sort((a, b) => (a.county.id < b.county.id ? -1 : 1)),
    inventory: (county) => current().inventories.get(county),
    timetable: (county) => current().timetables.get(county),
    agents: () => [...current().agents.values()],
    agent: (id) => current().agents.get(id),
    revoked: () =>
      selectRevoked.all().map((row) => ({
        county: text(row, 'county'),
        school: text(row, 'address_school'),
        agent: text(row, 'id'),
      })),
    agentOfLate(id) {
      if (performance.now() - lookedMs > lookAgainMs) refresh();
      return agents.get(id);
    },
    isRead: () => unread === undefined,
    revision,
    announce,
    onChange(listener) {
      // A wrapper of its own, so that listening twice with one function is stopped one at a time.
      const entry = (change: RegistryChange) => listener(change);
      beginListening();
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
        endListening();
      };
    },
    onAccessChange(listener) {
      const entry = (): void => listener();
      beginListening();
      accessListeners.add(entry);
      return () => {
        accessListeners.delete(entry);
        endListening();
      };
    },
    sessionEnded: tellAccess,
    stop() {
      listeners.clear();
      accessListeners.clear();
      clearInterval(timer);
    },
  };
}

function noChange(): { agents: Set<string>; counties: Set<string> } {
  return { agents: new Set(), counties: new Set() };
}

/** The cluster of each school that has one. */
function clustersOf(inventory: Inventory | undefined): ReadonlyMap<string, string> {
  return new Map(
    inventory?.schools.flatMap(({ id, cluster }) => (cluster === undefined ? [] : [[id, cluster]])),
  );
}

/** Where an agent lives, with the cluster that its school belongs to now. */
function placeOf(
  agent: { id: string; county: string; school: string; classroom: string },
  clusters: ReadonlyMap<string, string>,
): Place {
  const { id, county, school, classroom } = agent;
  const cluster = clusters.get(school);
  return { county, ...(cluster !== undefined && { cluster }), school, classroom, agent: id };
}

/** Reads back what importInventory wrote. */
function inventoryOf(row: Row): Inventory {
  const inventory: Inventory = JSON.parse(text(row, 'document'));
  return inventory;
}

/** Reads back what importTimetable wrote. */
export function timetableOf(row: Row): Timetable {
  const timetable: Timetable = JSON.parse(text(row, 'document'));
  return timetable;
}

function agentOf(row: Row, clusters: ReadonlyMap<string, string>): RegisteredAgent {
  const id = text(row, 'id');
  const county = text(row, 'county');
  const hostname = optionalText(row, 'hostname');
  const platform = optionalText(row, 'platform');
  const version = optionalText(row, 'version');
  return {
    id,
    kind: kindOf(text(row, 'kind')),
    address: { county, school: text(row, 'address_school'), agent: id },
    place: placeOf({ id, county, school: text(row, 'school'), classroom: text(row, 'classroom') }, clusters),
    passwordHash: text(row, 'password_hash'),
    enrolledAt: integer(row, 'enrolled_at'),
    ...(hostname !== undefined && { hostname }),
    ...(platform !== undefined && { platform }),
    ...(version !== undefined && { version }),
  };
}

/** @throws where the database holds a kind that this version does not know */
export function kindOf(stored: string): AgentKind {
  const kind = agentKinds.find((known) => known === stored);
  if (kind === undefined) throw new TypeError(`unknown kind of agent "${stored}"`);
  return kind;
}
