import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '@tongtang/runtime/database';
import { answerWithinS } from './post.ts';
import { longestSpan, nextAllowed, type RateLimit } from './rate.ts';

/** Sends under way and sends that still count; shared by the hub and the command line, so that together they keep a channel's limits. */
export interface Deliveries {
  /**
   * Notes that these messages are being sent, before they are: what is interrupted is known.
   * @returns the delivery; or when the channel's limits allow one, in seconds
   */
  beginDelivery(
    channel: string,
    limits: readonly RateLimit[],
    messages: readonly number[],
    now: number,
  ): Readonly<{ delivery: number }> | Readonly<{ notBefore: number }>;
  /** The messages were taken. */
  delivered(delivery: number, now: number): void;
  /** The messages were not taken. @returns how many were given up */
  notDelivered(delivery: number, why: string, then: AfterFailure, now: number): number;
  /** What was being sent when the last process ended waits again. To be called when no other process sends. */
  resumeInterrupted(): void;
}

/** What becomes of messages that were not taken: they wait on, each goes by itself, or they are given up. */
export type AfterFailure = 'wait' | 'go alone' | 'give up';

export function openDeliveries(database: DatabaseSync): Deliveries {
  // A clock that was set back must not make a channel wait for the time that it showed before.
  const correct = database.prepare(
    'UPDATE delivery SET counts_at = ?2 WHERE channel = ?1 AND counts_at > ?2',
  );
  const counting = database.prepare(
    'SELECT counts_at FROM delivery WHERE channel = ? AND counts_at > ? ORDER BY counts_at',
  );
  const insert = database.prepare(
    "INSERT INTO delivery (channel, counts_at, state) VALUES (?, ?, 'under way')",
  );
  const carry = database.prepare('UPDATE message SET delivery = ? WHERE id = ?');
  const end = database.prepare("UPDATE delivery SET counts_at = ?2, state = 'ended' WHERE id = ?1");
  const sent = database.prepare(
    "UPDATE message SET state = 'sent', why = NULL, changed_at = ?2 WHERE delivery = ?1 AND state = 'waiting'",
  );
  const failed = database.prepare(`
    UPDATE message SET state = ?3, alone = max(alone, ?4), why = ?5, changed_at = ?2
    WHERE delivery = ?1 AND state = 'waiting'`);
  const interrupted = database.prepare("UPDATE delivery SET state = 'interrupted' WHERE state = 'under way'");
  const forget = database.prepare(`
    DELETE FROM delivery WHERE channel = ?1 AND counts_at < ?2
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.delivery = delivery.id AND state = 'waiting')`);
  return {
    beginDelivery: (channel, limits, messages, now) =>
      inTransaction(database, () => {
        const span = longestSpan(limits) + 1;
        correct.run(channel, now + answerWithinS);
        forget.run(channel, now - span);
        const sends = counting.all(channel, now - span).map(({ counts_at }) => Number(counts_at));
        const allowed = nextAllowed(limits, sends, now);
        if (allowed > now) return { notBefore: allowed };
        // Until it is answered it counts as if it arrived at the last moment.
        const delivery = Number(insert.run(channel, now + answerWithinS).lastInsertRowid);
        for (const message of messages) carry.run(delivery, message);
        return { delivery };
      }),
    delivered: (delivery, now) =>
      inTransaction(database, () => {
        end.run(delivery, now);
        sent.run(delivery, now);
      }),
    notDelivered: (delivery, why, then, now) =>
      inTransaction(database, () => {
        end.run(delivery, now);
        const state = then === 'give up' ? 'failed' : 'waiting';
        const { changes } = failed.run(delivery, now, state, Number(then === 'go alone'), why);
        return then === 'give up' ? Number(changes) : 0;
      }),
    resumeInterrupted: () => {
      interrupted.run();
    },
  };
}
