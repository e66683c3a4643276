import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { MendedDatabase } from '../mended-database.ts';

const migrations: readonly string[] = [
  `CREATE TABLE item (
     id INTEGER PRIMARY KEY,
     time REAL NOT NULL,
     agent TEXT,
     topic TEXT NOT NULL,
     reason TEXT NOT NULL,
     payload BLOB NOT NULL,
     bytes INTEGER NOT NULL
   );
   CREATE TABLE dropped (count INTEGER NOT NULL);
   INSERT INTO dropped VALUES (0);`,
];

/** Enough to see what goes wrong in a fleet, and never a burden. */
export const quarantineLimits = { items: 2000, bytes: 32 * 1024 * 1024, payloadBytes: 64 * 1024 } as const;

export type QuarantineItem = Readonly<{
  /** Hub time in seconds. */
  time: number;
  /** Who sent it, where that is known. */
  agent?: string;
  topic: string;
  reason: string;
  /** Cut to `payloadBytes`; `bytes` says how long it was. */
  payload: Uint8Array;
}>;
export type KeptItem = QuarantineItem & Readonly<{ id: number; bytes: number }>;

/** What could not be read, kept for people to look at. */
export type Quarantine = Readonly<{
  /** Keeps items; the oldest make room. @throws where the disk refuses */
  keep: (items: readonly QuarantineItem[]) => void;
  /** The newest first. */
  list: (limit: number) => KeptItem[];
  /** `dropped`: since the file was made. */
  counts: () => Readonly<{ items: number; bytes: number; dropped: number }>;
  close: () => void;
}>;

/** Opens the quarantine. Where its file is damaged, an empty one takes its place. */
export function openQuarantine(path: string, log: Log, limits: Limits = quarantineLimits): Quarantine {
  const file = new MendedDatabase(path, { migrations, durability: 'normal' }, log, (database) => database);
  return {
    keep: (items) => file.run((database) => inTransaction(database, () => keep(database, items, limits))),
    list: (limit) => file.run((database) => list(database, limit)),
    counts: () =>
      file.run((database) => ({
        ...held(database),
        dropped: Number(first(database, 'SELECT count FROM dropped').count),
      })),
    close: () => file.close(),
  };
}

type Limits = Readonly<Record<keyof typeof quarantineLimits, number>>;

function keep(database: DatabaseSync, items: readonly QuarantineItem[], limits: Limits): void {
  const insert = database.prepare(
    'INSERT INTO item (time, agent, topic, reason, payload, bytes) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const { time, agent, topic, reason, payload } of items)
    insert.run(time, agent ?? null, topic, reason, payload.subarray(0, limits.payloadBytes), payload.length);
  let { items: count, bytes } = held(database);
  let dropped = 0;
  const oldest = database.prepare('SELECT id, length(payload) AS bytes FROM item ORDER BY id');
  const gone: number[] = [];
  for (const row of oldest.iterate()) {
    if (count <= limits.items && bytes <= limits.bytes) break;
    count -= 1;
    bytes -= Number(row.bytes);
    dropped += 1;
    gone.push(Number(row.id));
  }
  const remove = database.prepare('DELETE FROM item WHERE id = ?');
  for (const id of gone) remove.run(id);
  if (dropped > 0) database.prepare('UPDATE dropped SET count = count + ?').run(dropped);
}

function held(database: DatabaseSync): { items: number; bytes: number } {
  const row = first(database, 'SELECT count(*) AS items, total(length(payload)) AS bytes FROM item');
  return { items: Number(row.items), bytes: Number(row.bytes) };
}

function list(database: DatabaseSync, limit: number): KeptItem[] {
  return database
    .prepare('SELECT * FROM item ORDER BY id DESC LIMIT ?')
    .all(limit)
    .map(({ id, time, agent, topic, reason, payload, bytes }) => ({
      id: Number(id),
      time: Number(time),
      ...(typeof agent === 'string' && { agent }),
      topic: String(topic),
      reason: String(reason),
      payload: payload instanceof Uint8Array ? payload : new Uint8Array(),
      bytes: Number(bytes),
    }));
}

function first(database: DatabaseSync, query: string): Record<string, unknown> {
  return database.prepare(query).get() ?? {};
}
