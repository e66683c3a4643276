import { count } from '@tongtang/wire/ranges';
import { ledgerOf } from './api.ts';
import { eventually } from './eventually.ts';
import type { TestHub } from './tongtang.ts';

/** How many samples the ledger has of an agent. */
export async function received(hub: TestHub, agent: string): Promise<number> {
  const { outboxes } = await ledgerOf(hub, agent);
  return outboxes.reduce((total, outbox) => total + count(outbox.received), 0);
}

/** Until the ledger has so many samples at least, none is missing among them, and no more came within a second. */
export async function whole(hub: TestHub, agent: string, samples: number): Promise<void> {
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
    90_000,
    1000,
  );
}
