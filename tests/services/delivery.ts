import { join } from 'node:path';
import { systemBoot } from '@tongtang/agent/boot';
import { catalogue } from '@tongtang/model/catalogue';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { createLog } from '@tongtang/runtime/log';
import type { Range } from '@tongtang/wire/messages';
import { count } from '@tongtang/wire/ranges';
import { ledgerOf, seriesOf } from './api.ts';
import { eventually } from './eventually.ts';
import type { TestHub } from './tongtang.ts';

/** How many samples the ledger has of an agent. */
export async function received(hub: TestHub, agent: string): Promise<number> {
  const { outboxes } = await ledgerOf(hub, agent);
  return outboxes.reduce((total, outbox) => total + count(outbox.received), 0);
}

/** Until the ledger has so many samples at least, none is missing among them, and no more came within a second. */
export async function whole(
  hub: TestHub,
  agent: string,
  samples: number,
  deadlineMs = 90_000,
): Promise<void> {
  let last = -1;
  await eventually(
    `${samples} samples in the ledger and none missing`,
    async () => {
      const { outboxes } = await ledgerOf(hub, agent);
      const now = await received(hub, agent);
      const quiet = now === last;
      last = now;
      return quiet && now >= samples && outboxes.every(({ missing }) => missing.length === 0)
        ? true
        : undefined;
    },
    deadlineMs,
    1000,
  );
}

/** All points of an agent in the store, by the one field that every sample of its measurement has. */
export async function storedPoints(hub: TestHub, agent: string): Promise<number> {
  let points = 0;
  for (const [measurement, { fields }] of Object.entries(catalogue)) {
    const field =
      'ok' in fields
        ? 'ok'
        : { host: 'uptime_s', interface: 'up', agent: 'resident_bytes', lesson_files: 'readable' }[
            measurement
          ];
    if (field === undefined) throw new Error(`which field does every ${measurement} have?`);
    const { series } = await seriesOf(hub, { measurement, field, agent, from: '-1h' });
    for (const { values } of series) points += values.filter((value) => value !== null).length;
  }
  return points;
}

/** The times of all that the busy agent of tests/faults measured within three days of a time, in seconds. */
export async function busyTimes(hub: TestHub, agent: string, aroundMs = Date.now()): Promise<number[]> {
  const [from = '', to = ''] = [-3, 3].map((days) => new Date(aroundMs + days * 86_400_000).toISOString());
  const found: number[] = [];
  for (const [measurement, field] of [
    ['dns', 'answers'],
    ['stamp', 'ok'],
    ['agent', 'resident_bytes'],
  ] as const) {
    const { times, series } = await seriesOf(hub, { measurement, field, agent, from, to });
    for (const { values } of series)
      for (const [at, value] of values.entries()) if (value !== null) found.push(times[at] ?? 0);
  }
  return found;
}

/** What an agent that has stopped made, and what became of it. */
export type Account = Readonly<{
  /** The last number of its outbox, and what that had to drop. */
  made: number;
  dropped: number;
  /** By outbox. */
  received: readonly (readonly Range[])[];
  points: number;
}>;

/** The last number that the outbox of an agent that has stopped gave. */
export function madeIn(data: string): number {
  return statsOf(data).lastSequence;
}

function statsOf(data: string) {
  const path = join(data, 'agent', 'outbox.db');
  const outbox = openOutbox({ path, boot: systemBoot(), log: createLog('error') });
  const stats = outbox.stats();
  outbox.close();
  return stats;
}

/** Waits until the ledger has all that the outbox ever held, or fails; the outbox must be the agent's first one. */
export async function accountOf(hub: TestHub, agent: string, data: string): Promise<Account> {
  const { lastSequence: made, dropped } = statsOf(data);
  await whole(hub, agent, made);
  const { outboxes } = await ledgerOf(hub, agent);
  return {
    made,
    dropped,
    received: outboxes.map(({ received }) => received),
    points: await storedPoints(hub, agent),
  };
}

/** Each number once in the ledger, and a point for each in the store. */
export function everythingOnce(made: number): Account {
  return { made, dropped: 0, received: [[[1, made]]], points: made };
}
