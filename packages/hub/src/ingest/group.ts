import type { LedgerEntry } from '@tongtang/store/ledger';
import type { PlacedSamples } from '@tongtang/store/telemetry';
import type { Commit } from '@tongtang/wire/messages';
import { unite } from '@tongtang/wire/ranges';
import { type Address, topicOf } from '@tongtang/wire/topics';
import type { Unusable } from './times.ts';

/** A batch that was read and checked, and waits to be stored. */
export type PendingBatch = Readonly<{
  address: Address;
  placed: PlacedSamples;
  entry: LedgerEntry;
  unusable: readonly Unusable[];
  /** What it takes in the queue. */
  bytes: number;
  arrivedMs: number;
}>;

/**
 * One commit for each outbox in a group of stored batches, with its ranges joined.
 * @param hub the id of this hub's process
 * @param timeMs hub time in milliseconds
 */
export function commitsOf(
  batches: readonly Pick<PendingBatch, 'address' | 'entry'>[],
  hub: string,
  timeMs: number,
): { topic: string; commit: Commit }[] {
  const commits = new Map<string, { topic: string; commit: Commit }>();
  for (const { address, entry } of batches) {
    const { agent, outbox, from, to } = entry;
    const key = `${agent} ${outbox}`;
    const ranges = unite(commits.get(key)?.commit.ranges ?? [], [[from, to]]);
    commits.set(key, { topic: topicOf(address, 'commit'), commit: { outbox, ranges, time: timeMs, hub } });
  }
  return [...commits.values()];
}
