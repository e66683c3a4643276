import { Simulator } from '@tongtang/simulator/simulator';
import { expect, it } from 'vitest';
import { settleCounty, startHubOf } from '../bench/county.ts';
import { tidily } from '../bench/tidily.ts';
import { ledgerOf } from '../services/api.ts';

const agents = 20;
const backlog = { batches: 40, reportsPerBatch: 20 };

it('a virtual county brings its backlog in, whole, although the hub is killed with -9 meanwhile', async () => {
  await tidily(async (atEnd) => {
    const county = settleCounty(agents, atEnd);
    const { hub, broker } = await startHubOf(county, 'sqlite', atEnd);
    const simulator = new Simulator();
    atEnd(() => simulator.stop());
    await simulator.settle(
      county.residents.map(({ enrolled }) => enrolled),
      { firstMs: 200, longestMs: 400 },
    );
    await simulator.connect(broker);
    const packed = await simulator.pack({ ...backlog, untilS: Math.floor(Date.now() / 1000) });
    expect(packed.batches).toBe(agents * backlog.batches);

    const draining = simulator.drain(backlog.batches);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await hub.process().kill9();
    await hub.start();
    const each = backlog.batches * backlog.reportsPerBatch * 3;
    expect((await draining).samples).toBe(agents * each);

    for (const { place } of county.residents) {
      const { outboxes } = await ledgerOf(hub, place.agent);
      expect(outboxes.map(({ received, missing }) => ({ received, missing }))).toEqual([
        { received: [[1, each]], missing: [] },
      ]);
    }
  });
}, 120_000);

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
