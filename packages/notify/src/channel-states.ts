import type { DatabaseSync } from 'node:sqlite';
import type { Taken } from './outcome.ts';

/** How a channel does. */
export type ChannelState = Readonly<{
  /** Failed tries one after the other. */
  failures: number;
  /** Not to be tried before, in seconds since 1970. */
  againAt: number;
  /** Since when nothing gets through until somebody changes something. */
  brokenSince?: number;
  /** What went wrong the last time, be it with one recipient of several. */
  why?: string;
}>;

export interface ChannelStates {
  channelState(name: string): ChannelState;
  keepChannelState(name: string, state: ChannelState): void;
  channelStates(): (ChannelState & { name: string })[];
  /** After a start all are tried: what was broken may have been mended. */
  tryBrokenAgain(): void;
}

/** Nothing is known against it. */
export const sound: ChannelState = { failures: 0, againAt: 0 };

/** How a channel stands that has taken a message. */
export function stateOnceTaken({ note }: Taken): ChannelState {
  return note === undefined ? sound : { ...sound, why: note };
}

export function openChannelStates(database: DatabaseSync): ChannelStates {
  const select = database.prepare('SELECT * FROM channel WHERE name = ?');
  const all = database.prepare('SELECT * FROM channel ORDER BY name');
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO channel (name, failures, again_at, broken_since, why) VALUES (?, ?, ?, ?, ?)',
  );
  const mend = database.prepare('UPDATE channel SET broken_since = NULL WHERE broken_since IS NOT NULL');
  return {
    channelState(name) {
      const row = select.get(name);
      return row === undefined ? sound : stateIn(row);
    },
    keepChannelState: (name, { failures, againAt, brokenSince, why }) => {
      upsert.run(name, failures, againAt, brokenSince ?? null, why ?? null);
    },
    channelStates: () => all.all().map((row) => ({ name: String(row.name), ...stateIn(row) })),
    tryBrokenAgain: () => {
      mend.run();
    },
  };
}

function stateIn({ failures, again_at, broken_since, why }: Record<string, unknown>): ChannelState {
  return {
    failures: Number(failures),
    againAt: Number(again_at),
    ...(typeof broken_since === 'number' && { brokenSince: broken_since }),
    ...(typeof why === 'string' && { why }),
  };
}
