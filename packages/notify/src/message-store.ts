import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Notice } from '@tongtang/model/notice';
import { inTransaction, openDatabase } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { validate } from '@tongtang/runtime/validation';
import { type ChannelStates, openChannelStates } from './channel-states.ts';
import { type Deliveries, openDeliveries } from './deliveries.ts';
import type { Waiting } from './fold.ts';
import { type LetterStore, openLetterStore } from './letters.ts';
import type { Way } from './route.ts';
import { migrations } from './schema.ts';

/** What became of a notice when it came: sent on its way, recorded because it came late, or recorded because no route leads anywhere. */
export type Fate = 'routed' | 'late' | 'unrouted';

/** A message that waits or has failed, for people. */
export type ListedMessage = Readonly<{
  incident: string;
  channel: string;
  route: string;
  /** When it may go, or when it failed, in seconds since 1970. */
  at: number;
  why?: string;
}>;

/** Messages until they are accepted, in `<data>/hub/notify.db`. What returned survives kill -9 and a power cut. */
export interface MessageStore extends Deliveries, ChannelStates, LetterStore {
  /** Whether this notice came before. */
  isKnown(notice: Pick<Notice, 'incident' | 'step'>): boolean;
  /** Channels that have, or wait for, a message about the incident, each by the route that led there. */
  toldOf(incident: string): Way[];
  /** Records a notice and its messages together; `due` in seconds since 1970. A known one changes nothing. */
  record(notice: Notice, fate: Fate, ways: readonly (Way & { due: number })[], now: number): void;
  /** All that waits for the channel of those incidents of which something is due. */
  due(channel: string, now: number): Waiting[];
  /** When the next message of the channel is due, in seconds; undefined where none waits. */
  nextDue(channel: string): number | undefined;
  /** Gives up what was due longer ago than this. @returns how many */
  giveUp(dueBefore: number, now: number): number;
  waiting(limit: number): ListedMessage[];
  failed(limit: number): ListedMessage[];
  counts(): Readonly<Record<'waiting' | 'sent' | 'failed', number>>;
  /**
   * Forgets what was over before a moment, and what is over and beyond the newest so many notices. What was told of an incident that
   * lasts is kept, as its end goes to those who were told: twice as many notices at most.
   */
  forget(before: number, mostNotices: number): void;
  close(): void;
}

/**
 * Opens the messages of a hub. A damaged file is set aside, loudly, and an empty one takes its place.
 * @throws where the folder cannot be written, or the file was made by a newer version
 */
export function openMessageStore(path: string, log: Log): MessageStore {
  // Before SQLite makes it for everybody to read: what is told of schools is nobody else's business.
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a', 0o600));
  const { database, setAside } = openDatabase(path, { migrations, durability: 'full' });
  if (setAside !== undefined)
    log.error(
      { setAside },
      'the messages were damaged: the file is set aside, what waited in it is not sent',
    );
  return {
    ...openDeliveries(database),
    ...openChannelStates(database),
    ...openLetterStore(database),
    ...openMessages(database),
    close: () => database.close(),
  };
}

function openMessages(
  database: DatabaseSync,
): Omit<MessageStore, keyof Deliveries | keyof ChannelStates | keyof LetterStore | 'close'> {
  const known = database.prepare('SELECT 1 FROM notice WHERE incident = ? AND step = ?');
  const told = database.prepare(
    'SELECT channel, route FROM message WHERE incident = ? GROUP BY channel ORDER BY min(id)',
  );
  const insertNotice = database.prepare(
    'INSERT OR IGNORE INTO notice (incident, step, taken_at, fate, body) VALUES (?, ?, ?, ?, ?)',
  );
  const insertMessage = database.prepare(`
    INSERT INTO message (notice, incident, channel, route, due, state, changed_at)
    VALUES (?, ?, ?, ?, ?, 'waiting', ?)`);
  const due = database.prepare(`
    SELECT message.id, message.route, notice.body,
      EXISTS (SELECT 1 FROM message AS earlier WHERE earlier.incident = message.incident
        AND earlier.channel = message.channel AND earlier.state = 'sent') AS heard,
      coalesce(delivery.state = 'interrupted', 0) AS again, message.alone
    FROM message JOIN notice ON notice.id = message.notice
      LEFT JOIN delivery ON delivery.id = message.delivery
    WHERE message.state = 'waiting' AND message.channel = ?1 AND message.incident IN
      (SELECT incident FROM message WHERE state = 'waiting' AND channel = ?1 AND due <= ?2)
    ORDER BY message.id`);
  const nextDue = database.prepare(
    "SELECT min(due) AS due FROM message WHERE state = 'waiting' AND channel = ?",
  );
  const giveUp = database.prepare(`
    UPDATE message SET state = 'failed', changed_at = ?2, why = 'too old: ' || coalesce(why, 'the channel was never reached')
    WHERE state = 'waiting' AND due < ?1 AND NOT EXISTS
      (SELECT 1 FROM delivery WHERE delivery.id = message.delivery AND delivery.state = 'under way')`);
  const waiting = database.prepare(`
    SELECT incident, message.channel, route, due AS at, coalesce(message.why, channel.why) AS why
    FROM message LEFT JOIN channel ON channel.name = message.channel
    WHERE state = 'waiting' ORDER BY due LIMIT ?`);
  const failed = database.prepare(`
    SELECT incident, channel, route, changed_at AS at, why FROM message
    WHERE state = 'failed' ORDER BY changed_at DESC LIMIT ?`);
  const counts = database.prepare('SELECT state, count(*) AS count FROM message GROUP BY state');
  const waitsFor = "EXISTS (SELECT 1 FROM message WHERE message.notice = notice.id AND state = 'waiting')";
  const forgetOver = database.prepare(`
    DELETE FROM notice WHERE (taken_at < ?1 OR id <= (SELECT max(id) FROM notice) - ?2) AND NOT ${waitsFor}
      AND NOT (SELECT newest.lasts FROM notice AS newest WHERE newest.incident = notice.incident
        ORDER BY newest.step DESC LIMIT 1)`);
  const forgetBeyond = database.prepare(`
    DELETE FROM notice WHERE NOT ${waitsFor}
      AND id IN (SELECT id FROM notice ORDER BY taken_at DESC, id DESC LIMIT -1 OFFSET ?)`);
  return {
    isKnown: ({ incident, step }) => known.get(incident, step) !== undefined,
    toldOf: (incident) =>
      told.all(incident).map(({ channel, route }) => ({ channel: String(channel), route: String(route) })),
    record: (notice, fate, ways, now) =>
      inTransaction(database, () => {
        const { incident, step } = notice;
        const { changes, lastInsertRowid } = insertNotice.run(
          incident,
          step,
          now,
          fate,
          JSON.stringify(notice),
        );
        if (changes === 0) return;
        for (const way of ways)
          insertMessage.run(lastInsertRowid, incident, way.channel, way.route, way.due, now);
      }),
    due: (channel, now) =>
      due.all(channel, now).map(({ id, route, body, heard, again, alone }) => ({
        id: Number(id),
        route: String(route),
        notice: noticeIn(String(body)),
        heard: heard === 1,
        again: again === 1,
        alone: alone === 1,
      })),
    nextDue(channel) {
      const at = nextDue.get(channel)?.due;
      return typeof at === 'number' ? at : undefined;
    },
    giveUp: (dueBefore, now) => Number(giveUp.run(dueBefore, now).changes),
    waiting: (limit) => waiting.all(limit).map(listed),
    failed: (limit) => failed.all(limit).map(listed),
    counts() {
      const found = new Map(counts.all().map(({ state, count }) => [state, Number(count)]));
      const of = (state: string): number => found.get(state) ?? 0;
      return { waiting: of('waiting'), sent: of('sent'), failed: of('failed') };
    },
    forget: (before, mostNotices) => {
      forgetOver.run(before, mostNotices);
      forgetBeyond.run(2 * mostNotices);
    },
  };
}

function listed({ incident, channel, route, at, why }: Record<string, unknown>): ListedMessage {
  return {
    incident: String(incident),
    channel: String(channel),
    route: String(route),
    at: Number(at),
    ...(typeof why === 'string' && { why }),
  };
}

/** @throws where the table holds what we did not put there */
function noticeIn(body: string): Notice {
  const notice = validate(Notice, JSON.parse(body));
  if (!notice.ok) throw new Error(`a recorded notice cannot be read: ${notice.problems.join('; ')}`);
  return notice.value;
}
