import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type AgentKind, agentKinds } from '@tongtang/model/agent-kind';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { MendedDatabase } from '../mended-database.ts';
import { migrations } from './schema.ts';

/** Where an agent was on a day. */
export type DaySeat = Readonly<{ agent: string; kind: AgentKind; school: string; classroom: string }>;

/** The minutes of one agent on one day of its county, as they are known. */
export type KeptDay = DaySeat &
  Readonly<{
    /** As packages/lessons encodes them. */
    minutes: Uint8Array;
    /** Counts how often they were found to be other than before. */
    revision: number;
    /** Of the minutes: the same minutes have the same. */
    fingerprint: string;
  }>;

/** An hour of an agent of which samples came after it had been settled. */
export type LateHour = Readonly<{
  agent: string;
  /** Its start, hub time in seconds. */
  hour: number;
  /** When the last of them came. */
  at: number;
}>;

/** What an agent said, when the hub heard it. Hub time in seconds. */
export type KeptWord = Readonly<{ time: number; state: string }>;
export type KeptStretch = Readonly<{ from: number; to: number }>;

/** Words, sleeps and times without a hub are needed for as long as minutes may be settled again. Seconds. */
const factsS = 40 * 86_400;
export const hourS = 3600;

/**
 * What the minutes of a county were, for good, and what is needed to settle them: how far that has come, and what has to be settled
 * again. Each write is one transaction, and throws where the disk refuses; then writing again is safe. A power cut may take the last ones,
 * which are then settled again; not the marks of what is late: nothing else would bring those back.
 */
export type MinutesStore = Readonly<{
  /** All agents of a county on a day, such as `2026-11-25`. */
  day: (county: string, day: string) => KeptDay[];
  agentDay: (county: string, day: string, agent: string) => KeptDay | undefined;
  /** Of all minutes of a county from a day to another: the same minutes have the same. */
  fingerprint: (county: string, from: string, to: string) => string;
  /** Keeps the minutes of an agent's day; the seat stays that of the first time. @returns whether they are other than before */
  keep: (county: string, day: string, seat: DaySeat, minutes: Uint8Array) => boolean;
  /** Of each day of a county of which minutes are kept, a stamp that is another whenever any of them changed. The first day first. */
  stamps: (county: string) => ReadonlyMap<string, string>;
  /** Until when a county is settled; undefined where it never was. Hub time in seconds. */
  settledTo: (county: string) => number | undefined;
  settled: (county: string, to: number) => void;
  markLate: (hours: readonly LateHour[]) => void;
  /** Those that nothing came for since a time, the oldest hours first. */
  late: (before: number, limit: number) => LateHour[];
  /** Removes marks, but for those that were set anew since. */
  redone: (hours: readonly LateHour[]) => void;
  hear: (agent: string, word: KeptWord) => void;
  heard: (agent: string, span: KeptStretch) => KeptWord[];
  /** What an agent said last. */
  lastHeard: (agent: string) => KeptWord | undefined;
  /** @returns whether it is new */
  slept: (agent: string, sleep: KeptStretch) => boolean;
  sleeps: (agent: string, span: KeptStretch) => KeptStretch[];
  /** The hub runs; where it did not for longer than `pauseS` since it last said so, that was a time without it. */
  alive: (now: number, pauseS: number) => void;
  aways: (span: KeptStretch) => KeptStretch[];
  close: () => void;
}>;

/** Opens the minutes. Where the file is damaged, an empty one takes its place: what raw samples there are is settled again. */
export function openMinutes(path: string, log: Log): MinutesStore {
  const file = new MendedDatabase(
    path,
    { migrations, durability: 'normal' },
    log,
    (database) => new Book(database),
  );
  return {
    day: (county, day) => file.run((book) => book.days('county = ? AND day = ?', [county, day])),
    agentDay: (county, day, agent) =>
      file.run((book) => book.days('county = ? AND day = ? AND agent = ?', [county, day, agent])[0]),
    fingerprint: (county, from, to) => file.run((book) => book.fingerprint(county, from, to)),
    keep: (county, day, seat, minutes) => file.run((book) => book.keep(county, day, seat, minutes)),
    stamps: (county) => file.run((book) => book.stamps(county)),
    settledTo: (county) => file.run((book) => book.settledTo(county)),
    settled: (county, to) =>
      file.run((book) => book.run('INSERT OR REPLACE INTO progress VALUES (?, ?)', [county, to])),
    markLate: (hours) => file.run((book) => book.markLate(hours)),
    late: (before, limit) => file.run((book) => book.late(before, limit)),
    redone: (hours) => file.run((book) => book.redone(hours)),
    hear: (agent, { time, state }) =>
      file.run((book) => book.run('INSERT OR IGNORE INTO heard VALUES (?, ?, ?)', [agent, time, state])),
    heard: (agent, { from, to }) => file.run((book) => book.heard(agent, from, to)),
    lastHeard: (agent) => file.run((book) => book.lastHeard(agent)),
    slept: (agent, { from, to }) =>
      file.run((book) => book.run('INSERT OR IGNORE INTO slept VALUES (?, ?, ?)', [agent, from, to]) > 0),
    sleeps: (agent, { from, to }) =>
      file.run((book) =>
        book.stretches('slept WHERE agent = ? AND until > ? AND since < ?', [agent, from, to]),
      ),
    alive: (now, pauseS) => file.run((book) => book.alive(now, pauseS)),
    aways: ({ from, to }) =>
      file.run((book) => book.stretches('away WHERE until > ? AND since < ?', [from, to])),
    close: () => file.close(),
  };
}

/** Must find its rows without going through the others: the event loop waits for it. */
export const found = {
  late: 'SELECT agent, hour, at FROM late WHERE at <= ? ORDER BY hour, agent LIMIT ?',
  oldWords: 'DELETE FROM heard WHERE time < ?',
  oldSleeps: 'DELETE FROM slept WHERE until < ?',
} as const;

class Book {
  readonly #database: DatabaseSync;
  /** By their text: there are some twenty, asked for all the time. */
  readonly #statements = new Map<string, StatementSync>();
  #forgottenAt = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  #prepared(text: string): StatementSync {
    const known = this.#statements.get(text) ?? this.#database.prepare(text);
    this.#statements.set(text, known);
    return known;
  }

  /** @returns how many rows were changed */
  run(statement: string, values: SQLInputValue[]): number {
    return Number(this.#prepared(statement).run(...values).changes);
  }

  days(where: string, values: SQLInputValue[]): KeptDay[] {
    return this.#prepared(`SELECT * FROM agent_day WHERE ${where} ORDER BY school, classroom, agent`)
      .all(...values)
      .flatMap((row): KeptDay[] => {
        const kind = agentKinds.find((known) => known === row.kind);
        if (kind === undefined || !(row.minutes instanceof Uint8Array)) return [];
        return [
          {
            agent: String(row.agent),
            kind,
            school: String(row.school),
            classroom: String(row.classroom),
            minutes: row.minutes,
            revision: Number(row.revision),
            fingerprint: fingerprintOf(row.minutes),
          },
        ];
      });
  }

  fingerprint(county: string, from: string, to: string): string {
    const hash = createHash('sha256');
    const rows = this.#prepared(
      'SELECT day, agent, school, minutes FROM agent_day WHERE county = ? AND day BETWEEN ? AND ? ORDER BY day, agent',
    ).iterate(county, from, to);
    for (const { day, agent, school, minutes } of rows)
      if (minutes instanceof Uint8Array) hash.update(`${day} ${agent} ${school} `).update(minutes);
    return hash.digest('hex').slice(0, 16);
  }

  keep(
    county: string,
    day: string,
    { agent, kind, school, classroom }: DaySeat,
    minutes: Uint8Array,
  ): boolean {
    return inTransaction(this.#database, () => {
      const changed = this.run(
        `INSERT INTO agent_day (county, day, agent, kind, school, classroom, minutes, revision)
         VALUES (?, ?, ?, ?, ?, ?, ?, 1)
         ON CONFLICT (county, day, agent) DO UPDATE SET minutes = excluded.minutes, revision = revision + 1
         WHERE minutes <> excluded.minutes`,
        [county, day, agent, kind, school, classroom, minutes],
      );
      // By chance and not by counting: an empty file that took the place of a damaged one never says the same again.
      if (changed > 0)
        this.run('INSERT OR REPLACE INTO county_day VALUES (?, ?, hex(randomblob(8)))', [county, day]);
      return changed > 0;
    });
  }

  stamps(county: string): ReadonlyMap<string, string> {
    return new Map(
      this.#prepared('SELECT day, stamp FROM county_day WHERE county = ? ORDER BY day')
        .all(county)
        .map(({ day, stamp }) => [String(day), String(stamp)]),
    );
  }

  settledTo(county: string): number | undefined {
    const row = this.#prepared('SELECT settled_to FROM progress WHERE county = ?').get(county);
    return row === undefined ? undefined : Number(row.settled_to);
  }

  markLate(hours: readonly LateHour[]): void {
    this.#database.exec('PRAGMA synchronous = full');
    try {
      inTransaction(this.#database, () => {
        const mark = this.#prepared('INSERT OR REPLACE INTO late VALUES (?, ?, ?)');
        for (const { agent, hour, at } of hours) mark.run(agent, hour, at);
      });
    } finally {
      this.#database.exec('PRAGMA synchronous = normal');
    }
  }

  late(before: number, limit: number): LateHour[] {
    return this.#prepared(found.late)
      .all(before, limit)
      .map(({ agent, hour, at }) => ({ agent: String(agent), hour: Number(hour), at: Number(at) }));
  }

  redone(hours: readonly LateHour[]): void {
    inTransaction(this.#database, () => {
      const remove = this.#prepared('DELETE FROM late WHERE agent = ? AND hour = ? AND at <= ?');
      for (const { agent, hour, at } of hours) remove.run(agent, hour, at);
    });
  }

  heard(agent: string, from: number, to: number): KeptWord[] {
    return this.#prepared(
      'SELECT time, state FROM heard WHERE agent = ? AND time >= ? AND time < ? ORDER BY time',
    )
      .all(agent, from, to)
      .map(({ time, state }) => ({ time: Number(time), state: String(state) }));
  }

  lastHeard(agent: string): KeptWord | undefined {
    const row = this.#database
      .prepare('SELECT time, state FROM heard WHERE agent = ? ORDER BY time DESC LIMIT 1')
      .get(agent);
    return row === undefined ? undefined : { time: Number(row.time), state: String(row.state) };
  }

  stretches(tableAndWhere: string, values: SQLInputValue[]): KeptStretch[] {
    return this.#prepared(`SELECT since, until FROM ${tableAndWhere} ORDER BY since`)
      .all(...values)
      .map(({ since, until }) => ({ from: Number(since), to: Number(until) }));
  }

  alive(now: number, pauseS: number): void {
    const last = Number(this.#prepared('SELECT max(time) AS time FROM alive').get()?.time ?? 0);
    inTransaction(this.#database, () => {
      if (last > 0 && now - last > pauseS) this.run('INSERT INTO away VALUES (?, ?)', [last, now]);
      this.run('DELETE FROM alive', []);
      this.run('INSERT INTO alive VALUES (?)', [now]);
      if (now - this.#forgottenAt > hourS) this.#forget(now - factsS);
    });
    if (now - this.#forgottenAt > hourS) this.#forgottenAt = now;
  }

  #forget(before: number): void {
    this.run(found.oldWords, [before]);
    this.run(found.oldSleeps, [before]);
    this.run('DELETE FROM away WHERE until < ?', [before]);
  }
}

function fingerprintOf(minutes: Uint8Array): string {
  return createHash('sha256').update(minutes).digest('hex').slice(0, 16);
}
