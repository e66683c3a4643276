import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { Simulator } from '@tongtang/simulator/simulator';
import { openLedger } from '@tongtang/store/ledger/ledger';
import { count } from '@tongtang/wire/ranges';
import { expect, it } from 'vitest';
import { type County, settleCounty, startHubOf } from '../bench/county.ts';
import { tidily } from '../bench/tidily.ts';
import { ledgerOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import type { TestHub } from '../services/tongtang.ts';

const agents = 20;
/** Some seconds' work for a hub, so that it can be killed in the middle of it. */
const backlog = { batches: 200, reportsPerBatch: 20 };
const samplesPerReport = 3;

it('a virtual county brings its backlog in, whole, although the hub is killed with -9 meanwhile', async () => {
  await tidily(async (atEnd) => {
    const county = settleCounty(agents, atEnd);
    const { hub, broker, folder } = await startHubOf(county, 'sqlite', atEnd);
    const simulator = new Simulator();
    atEnd(() => simulator.stop());
    await simulator.settle(
      county.residents.map(({ enrolled }) => enrolled),
      { firstMs: 200, longestMs: 400 },
    );
    await simulator.connect(broker);
    const packed = await simulator.pack({ ...backlog, untilS: Math.floor(Date.now() / 1000) });
    expect(packed.batches).toBe(agents * backlog.batches);

    const each = backlog.batches * backlog.reportsPerBatch * samplesPerReport;
    const draining = simulator.drain(backlog.batches);
    // It is awaited when the hub is back.
    draining.catch(() => {});
    await eventually(
      'some of it is committed',
      async () => ((await committed(hub)) > 0 ? true : undefined),
      20_000,
      5,
    );
    await hub.process().kill9();
    const stored = inLedger(folder, county);
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(agents * each);
    await hub.start();
    expect((await draining).samples).toBe(agents * each);

    for (const { place } of county.residents) {
      const { outboxes } = await ledgerOf(hub, place.agent);
      expect(outboxes.map(({ received, missing }) => ({ received, missing }))).toEqual([
        { received: [[1, each]], missing: [] },
      ]);
    }
  });
}, 120_000);

/** Samples that a running hub has committed. */
async function committed(hub: TestHub): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(/^tongtang_samples_total (\d+)$/m.exec(text)?.[1] ?? 0);
}

/** Samples in the ledger that a hub has left. */
function inLedger(folder: string, { residents }: County): number {
  const ledger = openLedger(join(folder, 'hub', 'ledger.db'), createLog('error'));
  try {
    const outboxes = residents.flatMap(({ place }) => ledger.outboxes(place.agent));
    return outboxes.reduce((total, { received }) => total + count(received), 0);
  } finally {
    ledger.close();
  }
}

it('a virtual agent with a wrong password is refused, and the county says which', async () => {
  await tidily(async (atEnd) => {
    const county = settleCounty(2, atEnd);
    const { broker } = await startHubOf(county, 'sqlite', atEnd);
    const simulator = new Simulator();
    atEnd(() => simulator.stop());
    const [right, wrong] = county.residents.map(({ enrolled }) => enrolled);
    if (right === undefined || wrong === undefined) throw new Error('two agents were asked for');
    await simulator.settle([right, { ...wrong, password: 'guessed' }]);
    await expect(simulator.connect(broker)).rejects.toThrow(wrong.address.agent);
  });
}, 60_000);
