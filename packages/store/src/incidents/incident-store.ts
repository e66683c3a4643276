import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AgentState, Word } from '@tongtang/incidents/agent-evidence';
import type { MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import type { Incident, PlannedLesson } from '@tongtang/model/incident';
import type { Notice, Severity } from '@tongtang/model/notice';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { MendedDatabase } from '../mended-database.ts';
import { schema } from './schema.ts';

/** What people were told of an incident. Hub time in seconds. */
export type Telling = Readonly<{
  foundAt: number;
  /** The notices so far. */
  step: number;
  /** What the last of them said; absent where there was none. */
  told?: Readonly<{
    kind: Notice['kind'];
    at: number;
    severity: Severity;
    place: string;
    cause: string;
  }>;
}>;

/** An incident with what it means for lessons, and what was told of it. */
export type IncidentRecord = Incident &
  Readonly<{ severity: Severity; lessons: readonly PlannedLesson[]; telling: Telling }>;

/** Incidents that lasted at any time of a span. Hub time in seconds. */
export type RecordQuery = Readonly<{ county?: string; school?: string; from: number; to: number }>;

/** How far a county has come. Hub time in seconds. */
export type CountyProgress = Readonly<{
  aways: readonly Readonly<{ from: number; to: number }>[];
  cut: number;
  /** Samples from this time on may be missing in the states of agents. */
  unsavedFrom: number;
}>;

/**
 * What the hub concluded, what it needs to go on, and maintenance windows. What returned survives kill -9 and a power cut.
 * Everything throws where the disk refuses; then nothing was entered.
 */
export type IncidentStore = Readonly<{
  /** The newest first. */
  list: (query: RecordQuery) => IncidentRecord[];
  find: (id: string) => IncidentRecord | undefined;
  /** Of all incidents, those that began last first. */
  ids: () => string[];
  /** Enters incidents, new or other than before, with what people are to be told of them. */
  enter: (records: readonly IncidentRecord[], notices: readonly Notice[]) => void;
  /** Notices that are to be handed to the notifier. */
  untold: () => Notice[];
  told: (notice: Pick<Notice, 'incident' | 'step'>) => void;

  windows: (county: string) => MaintenanceWindow[];
  keepWindow: (county: string, window: MaintenanceWindow) => void;
  /** @returns whether there was one */
  removeWindow: (county: string, id: string) => boolean;

  /** Agents of which a state was kept. */
  agents: (county: string) => string[];
  agentState: (county: string, agent: string) => AgentState | undefined;
  /** Keeps states of agents; what they said before is in it. */
  keepAgents: (county: string, states: readonly (readonly [id: string, state: AgentState])[]) => void;
  removeAgents: (county: string, agents: readonly string[]) => void;
  /** What agents said since their states were kept. */
  words: (county: string) => [agent: string, word: Word][];
  hear: (words: readonly (readonly [county: string, agent: string, word: Word])[]) => void;
  progress: (county: string) => CountyProgress | undefined;
  keepProgress: (county: string, progress: CountyProgress) => void;
  /** When the hub was last alive; undefined where it never was. */
  lastBeat: () => number | undefined;
  beat: (time: number) => void;
  close: () => void;
}>;

/** Opens the file (`<data>/hub/incidents.db`). Where it is damaged, an empty one takes its place: it costs only itself. */
export function openIncidentStore(path: string, log: Log): IncidentStore {
  const file = new MendedDatabase(
    path,
    { migrations: schema, durability: 'full' },
    log,
    (database) => new Book(database),
  );
  return {
    list: (query) => file.run((book) => book.list(query)),
    find: (id) => file.run((book) => book.find(id)),
    ids: () => file.run((book) => book.ids()),
    enter: (records, notices) => file.run((book) => book.enter(records, notices)),
    untold: () => file.run((book) => book.untold()),
    told: (notice) => file.run((book) => book.told(notice)),
    windows: (county) => file.run((book) => book.windows(county)),
    keepWindow: (county, window) => file.run((book) => book.keepWindow(county, window)),
    removeWindow: (county, id) => file.run((book) => book.removeWindow(county, id)),
    agents: (county) => file.run((book) => book.agents(county)),
    agentState: (county, agent) => file.run((book) => book.agentState(county, agent)),
    keepAgents: (county, states) => file.run((book) => book.keepAgents(county, states)),
    removeAgents: (county, agents) => file.run((book) => book.removeAgents(county, agents)),
    words: (county) => file.run((book) => book.words(county)),
    hear: (words) => file.run((book) => book.hear(words)),
    progress: (county) => file.run((book) => book.progress(county)),
    keepProgress: (county, progress) => file.run((book) => book.keepProgress(county, progress)),
    lastBeat: () => file.run((book) => book.lastBeat()),
    beat: (time) => file.run((book) => book.beat(time)),
    close: () => file.close(),
  };
}

const found = (where: string): string =>
  `SELECT incident.document FROM incident AS key JOIN incident USING (county, id) WHERE ${where} AND key.began <= ?`;

/**
 * Those that last, of all counties or of one, and those that were over after a time: neither goes through what was before. What began too
 * late is left out by the index alone, so that days of a term that is long over can be asked for one by one.
 */
export const listed = {
  open: found('key.ended IS NULL'),
  openIn: found('key.county = ? AND key.ended IS NULL'),
  ended: found('key.ended >= ?'),
  endedIn: found('key.county = ? AND key.ended >= ?'),
} as const;

class Book implements Omit<IncidentStore, 'close'> {
  readonly #database: DatabaseSync;
  readonly #listed: Readonly<Record<keyof typeof listed, StatementSync>>;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#listed = {
      open: database.prepare(listed.open),
      openIn: database.prepare(listed.openIn),
      ended: database.prepare(listed.ended),
      endedIn: database.prepare(listed.endedIn),
    };
  }

  readonly list: IncidentStore['list'] = ({ county, school, from, to }) => {
    const { open, openIn, ended, endedIn } = this.#listed;
    const rows =
      county === undefined
        ? [...open.all(to), ...ended.all(from, to)]
        : [...openIn.all(county, to), ...endedIn.all(county, from, to)];
    return rows
      .map(({ document }) => recordIn(document))
      .filter((record) => school === undefined || concerns(record, school))
      .sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1));
  };

  readonly find: IncidentStore['find'] = (id) => {
    const row = this.#database.prepare('SELECT document FROM incident WHERE id = ?').get(id);
    return row && recordIn(row.document);
  };

  readonly ids: IncidentStore['ids'] = () =>
    this.#database
      .prepare('SELECT id FROM incident ORDER BY began DESC, id')
      .all()
      .map(({ id }) => String(id));

  readonly enter: IncidentStore['enter'] = (records, notices) => {
    const put = this.#database.prepare(
      'INSERT OR REPLACE INTO incident (county, id, began, ended, state, document) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const say = this.#database.prepare('INSERT OR REPLACE INTO notice VALUES (?, ?, ?)');
    inTransaction(this.#database, () => {
      for (const record of records) {
        const { id, place, from, to, state } = record;
        put.run(place.county, id, from, to ?? null, state, JSON.stringify(record));
      }
      for (const notice of notices) say.run(notice.incident, notice.step, JSON.stringify(notice));
    });
  };

  readonly untold: IncidentStore['untold'] = () =>
    this.#database
      .prepare('SELECT document FROM notice ORDER BY incident, step')
      .all()
      .map(({ document }): Notice => JSON.parse(String(document)));

  readonly told: IncidentStore['told'] = ({ incident, step }) => {
    this.#database.prepare('DELETE FROM notice WHERE incident = ? AND step = ?').run(incident, step);
  };

  readonly windows: IncidentStore['windows'] = (county) =>
    this.#database
      .prepare('SELECT document FROM maintenance WHERE county = ? ORDER BY id')
      .all(county)
      .map(({ document }): MaintenanceWindow => JSON.parse(String(document)));

  readonly keepWindow: IncidentStore['keepWindow'] = (county, window) => {
    this.#database
      .prepare('INSERT OR REPLACE INTO maintenance VALUES (?, ?, ?)')
      .run(county, window.id, JSON.stringify(window));
  };

  readonly removeWindow: IncidentStore['removeWindow'] = (county, id) =>
    this.#database.prepare('DELETE FROM maintenance WHERE county = ? AND id = ?').run(county, id).changes > 0;

  readonly agents: IncidentStore['agents'] = (county) =>
    this.#database
      .prepare('SELECT id FROM agent WHERE county = ?')
      .all(county)
      .map(({ id }) => String(id));

  readonly agentState: IncidentStore['agentState'] = (county, agent) => {
    const row = this.#database
      .prepare('SELECT state FROM agent WHERE county = ? AND id = ?')
      .get(county, agent);
    if (row === undefined) return undefined;
    const state: AgentState = JSON.parse(String(row.state));
    return state;
  };

  readonly keepAgents: IncidentStore['keepAgents'] = (county, states) => {
    const put = this.#database.prepare('INSERT OR REPLACE INTO agent VALUES (?, ?, ?)');
    const said = this.#database.prepare('DELETE FROM word WHERE county = ? AND agent = ?');
    inTransaction(this.#database, () => {
      for (const [id, state] of states) {
        put.run(county, id, JSON.stringify(state));
        said.run(county, id);
      }
    });
  };

  readonly removeAgents: IncidentStore['removeAgents'] = (county, agents) => {
    const remove = this.#database.prepare('DELETE FROM agent WHERE county = ? AND id = ?');
    const said = this.#database.prepare('DELETE FROM word WHERE county = ? AND agent = ?');
    inTransaction(this.#database, () => {
      for (const id of agents) {
        remove.run(county, id);
        said.run(county, id);
      }
    });
  };

  readonly words: IncidentStore['words'] = (county) =>
    this.#database
      .prepare('SELECT agent, time, state FROM word WHERE county = ? ORDER BY rowid')
      .all(county)
      .flatMap(({ agent, time, state }): [string, Word][] => {
        const known = statuses.find((one) => one === state);
        return known === undefined ? [] : [[String(agent), { time: Number(time), state: known }]];
      });

  readonly hear: IncidentStore['hear'] = (words) => {
    const put = this.#database.prepare('INSERT INTO word VALUES (?, ?, ?, ?)');
    inTransaction(this.#database, () => {
      for (const [county, agent, { time, state }] of words) put.run(county, agent, time, state);
    });
  };

  readonly progress: IncidentStore['progress'] = (county) => {
    const row = this.#database
      .prepare('SELECT frame, unsaved_from FROM progress WHERE county = ?')
      .get(county);
    if (row === undefined) return undefined;
    const { aways, cut }: Pick<CountyProgress, 'aways'> & { cut: number | null } = JSON.parse(
      String(row.frame),
    );
    // Before anything was settled the cut is infinitely far back, which JSON does not have.
    return { aways, cut: cut ?? Number.NEGATIVE_INFINITY, unsavedFrom: Number(row.unsaved_from) };
  };

  readonly keepProgress: IncidentStore['keepProgress'] = (county, { aways, cut, unsavedFrom }) => {
    this.#database
      .prepare('INSERT OR REPLACE INTO progress VALUES (?, ?, ?)')
      .run(county, JSON.stringify({ aways, cut }), unsavedFrom);
  };

  readonly lastBeat: IncidentStore['lastBeat'] = () => {
    const time = this.#database.prepare('SELECT max(time) AS time FROM beat').get()?.time;
    return typeof time === 'number' ? time : undefined;
  };

  readonly beat: IncidentStore['beat'] = (time) => {
    const put = this.#database.prepare('INSERT INTO beat VALUES (?)');
    inTransaction(this.#database, () => {
      this.#database.exec('DELETE FROM beat');
      put.run(time);
    });
  };
}

const statuses = ['online', 'stopping', 'asleep', 'offline'] as const satisfies readonly Word['state'][];

/** Reads back what was entered. */
function recordIn(document: unknown): IncidentRecord {
  const record: IncidentRecord = JSON.parse(String(document));
  return record;
}

/** Whether an incident is of a school, or shows in it. */
function concerns({ place, evidence }: Incident, school: string): boolean {
  return place.school === undefined ? evidence.some((one) => one.school === school) : place.school === school;
}
