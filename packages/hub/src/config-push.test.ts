import { buildInventory, type Inventory } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import type { EnrolledAgent, RegistryChange } from '@tongtang/store/registry/registry';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigPush } from './config-push.ts';
import { createMetrics } from './metrics.ts';

const agents = 300;

let push: ConfigPush | undefined;
afterEach(async () => {
  await push?.stop();
});

/** A push over a registry of 300 agents, with what it published; `there.now`: whether the broker can be reached. */
function pushing(remembers: boolean, there = { now: true }, revoked: readonly string[] = []) {
  const enrolled = new Map(
    Array.from({ length: agents }, (_, number) => [`a${number}`, agentAt(`a${number}`)]),
  );
  const inventories = [inventoryWith(60)];
  let tell = (_: RegistryChange): void => {};
  let connect = (): void => {};
  const published: { agent: string | undefined; channel: string | undefined; payload: string }[] = [];
  push = new ConfigPush({
    registry: {
      inventories: () => inventories,
      timetable: () => undefined,
      agents: () => [...enrolled.values()],
      agent: (id) => enrolled.get(id),
      revoked: () => revoked.map((id) => agentAt(id).address),
      onChange: (listener) => {
        tell = listener;
        return () => {};
      },
    },
    link: {
      remembers,
      onConnect: (listener) => {
        connect = listener;
      },
      publish: async (topic, payload) => {
        if (!there.now) throw new Error('not connected');
        const [, , , , agent, channel] = topic.split('/');
        published.push({ agent, channel, payload: String(payload) });
      },
    },
    metrics: createMetrics(),
    bytesPerDay: 1_200_000,
    log: createLog('error'),
    nowS: () => 1_788_228_100,
  });
  push.start();
  const change = (ids: readonly string[], counties: readonly string[]): void =>
    tell({ agents: new Set(ids), counties: new Set(counties) });
  const all = () => expect.poll(() => published.length, { timeout: 3000 });
  return { push, enrolled, inventories, published, change, all, connect };
}

function agentAt(id: string): EnrolledAgent {
  const address = { county: 'qilian', school: 'babao', agent: id };
  const place = { county: 'qilian', school: 'babao', classroom: 'c1', agent: id };
  return { id, address, place, passwordHash: '', enrolledAt: 0 };
}

function inventoryWith(every: number): Inventory {
  const built = buildInventory({
    county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'babao', name: { en: 'Babao' }, classrooms: [{ id: 'c1' }] }],
    targets: [{ id: 'front-end', link: 'satellite', probe: 'ping', address: 'front-end.example', every }],
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  return built.inventory;
}

describe('configurations', () => {
  it('are published for every agent at the start, not all in one turn', async () => {
    const { published, all } = pushing(true);
    expect(published.length).toBeLessThan(agents);
    await all().toBe(agents);
    expect(new Set(published.map(({ agent }) => agent)).size).toBe(agents);
  });

  it('go to the one agent that is new, and to no other', async () => {
    const { enrolled, published, change, all } = pushing(true);
    await all().toBe(agents);
    enrolled.set('newcomer', agentAt('newcomer'));
    change(['newcomer'], []);
    await all().toBe(agents + 1);
    expect(published.at(-1)?.agent).toBe('newcomer');
  });

  it('go to all when the inventory asks for something else, and to nobody when it does not', async () => {
    const { inventories, published, change, all } = pushing(true);
    await all().toBe(agents);
    inventories.splice(0, 1, inventoryWith(60));
    change([], ['qilian']);
    inventories.splice(0, 1, inventoryWith(30));
    change([], ['qilian']);
    await all().toBe(2 * agents);
    expect(published.at(-1)?.payload).toContain('"every":30');
  });

  const takenBack = (agent: string) =>
    ['config', 'status'].map((channel) => ({ agent, channel, payload: '' }));

  it('of an agent that is gone are taken back, with what it said of itself', async () => {
    const { enrolled, published, change, all } = pushing(true);
    await all().toBe(agents);
    enrolled.delete('a7');
    change(['a7'], []);
    await all().toBe(agents + 2);
    expect(published.slice(-2)).toEqual(takenBack('a7'));
  });

  it('are taken back as soon as the broker is there, where it was away or no hub ran at the revocation', async () => {
    const there = { now: true };
    const { enrolled, published, change, all, connect } = pushing(false, there, ['long-gone']);
    await all().toBe(agents + 2);
    expect(published).toEqual(expect.arrayContaining(takenBack('long-gone')));
    there.now = false;
    enrolled.delete('a7');
    change(['a7'], []);
    await new Promise((resolve) => setTimeout(resolve, 50));
    there.now = true;
    connect();
    await all().toBe(agents + 4);
    expect(published.slice(-2)).toEqual(takenBack('a7'));
    connect();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(published).toHaveLength(agents + 4);
  });

  it('are published again to whoever comes online only where the broker may have forgotten them', async () => {
    for (const [remembers, more] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const { push, published, all } = pushing(remembers);
      await all().toBe(agents);
      await push.welcome(agentAt('a1'));
      expect(published.length).toBe(agents + more);
      await push.stop();
    }
  });
});
