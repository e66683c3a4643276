import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchReader } from '@tongtang/hub/ingest/reader';
import { createMetrics } from '@tongtang/hub/metrics';
import type { Outbox } from '@tongtang/outbox/outbox';
import { openOutbox } from '@tongtang/outbox/sqlite-outbox';
import { createLog } from '@tongtang/runtime/log';
import { type Ledger, openLedger } from '@tongtang/store/ledger/ledger';
import type { EnrolledAgent } from '@tongtang/store/registry/registry';
import { encodeBatch } from '@tongtang/wire/batch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A classroom PC is switched on for single lessons: each boot begins an outbox of its own. */

const bootsADay = 8;
/** A day less than an outbox keeps what it has. */
const days = 28;
const eachBoot = 20;
const beginS = 1_790_000_000;
const log = createLog('error');
const agent: EnrolledAgent = {
  id: 'a1',
  address: { county: 'qilian', school: 'xx1', agent: 'a1' },
  place: { county: 'qilian', school: 'xx1', classroom: 'c1', agent: 'a1' },
  passwordHash: '',
  enrolledAt: 0,
};

let folder: string;
let ledger: Ledger;
let nowS = beginS;
let refused: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-boots-'));
  ledger = openLedger(join(folder, 'ledger.db'), log);
  refused = [];
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

/** Empties the outbox into the ledger, as the hub would. */
function deliver(outbox: Outbox): void {
  const reader = new BatchReader({
    registry: { agent: () => agent },
    quarantine: { keep: (items) => void refused.push(...items.map(({ reason }) => reason)) },
    ledger,
    metrics: createMetrics(),
    clock: { isBelieved: () => true },
    log,
    nowS: () => nowS,
    askForWhole: () => {},
  });
  for (;;) {
    const claim = outbox.takeOldest({ samples: 2000, bytes: 96 * 1024 });
    if (claim === undefined) return;
    const payload = encodeBatch(claim, claim.lines, true);
    const batch = reader.read({ address: agent.address, payload, arrivedMs: 0, bytes: payload.length });
    if (batch === undefined) continue;
    ledger.accept([batch.entry]);
    outbox.commit(claim.outbox, [[claim.from, claim.to]]);
  }
}

describe('a month of a classroom PC that is switched on eight times a day', () => {
  it.each([
    ['with a hub', true],
    ['without one, that comes back at its end', false],
  ])('%s is received whole', (_, isThere) => {
    const ids = new Set<string>();
    for (let boot = 0; boot < days * bootsADay; boot += 1) {
      nowS = beginS + boot * (86_400 / bootsADay);
      const outbox = openOutbox({ path: join(folder, 'outbox.db'), boot: `boot-${boot}`, log });
      ids.add(outbox.stats().id);
      outbox.append(
        Array.from({ length: eachBoot }, (_, at) => ({
          line: 'dns,link=lan ok=true',
          time: nowS - eachBoot + at,
        })),
      );
      if (isThere || boot === days * bootsADay - 1) deliver(outbox);
      outbox.close();
    }
    expect(refused).toEqual([]);
    expect(ids.size).toBe(days * bootsADay);
    const received = ledger.outboxes('a1');
    expect(new Set(received.map(({ id }) => id))).toEqual(ids);
    expect(received.every(({ missing, lost }) => missing.length + lost.length === 0)).toBe(true);
    expect(ledger.counts().accepted).toBe(days * bootsADay * eachBoot);
  });
});
