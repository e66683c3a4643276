import { buildInventory, type InventoryDocument } from '@tongtang/model/inventory';
import { describe, expect, it } from 'vitest';
import { tasksOf, throughputEveryS } from './agent-config.ts';

type Targets = NonNullable<InventoryDocument['targets']>;

function inventoryWith(targets: Targets) {
  const built = buildInventory({
    county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: ['babao', 'arou'].map((id) => ({ id, name: { en: id } })),
    targets,
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  return built.inventory;
}

const bandwidth = (id: string, more: Partial<Targets[number]> = {}): Targets[number] => ({
  id,
  link: 'broadband',
  probe: 'throughput',
  address: 'hub',
  ...more,
});

describe('a test of the throughput', () => {
  it('is for once a day where nothing else is said, other targets for once a minute', () => {
    const ping = bandwidth('gateway-2', { probe: 'ping', address: '192.0.2.1' });
    const tasks = tasksOf(inventoryWith([bandwidth('bandwidth'), ping]), 'babao');
    expect(tasks.map(({ every }) => every)).toEqual([86_400, 60]);
  });

  it('is due for a school as often as its most frequent target wants it', () => {
    const inventory = inventoryWith([
      bandwidth('bandwidth'),
      bandwidth('often', { every: 7200, schools: ['babao'] }),
    ]);
    expect(throughputEveryS(inventory, 'babao')).toBe(7200);
    expect(throughputEveryS(inventory, 'arou')).toBe(86_400);
    expect(throughputEveryS(undefined, 'arou')).toBe(86_400);
  });
});

describe('a route', () => {
  it('is traced once a day where nothing else is said: a change of its link prompts it as well', () => {
    const route = bandwidth('way', { probe: 'path', address: '192.0.2.1' });
    const tasks = tasksOf(inventoryWith([route, { ...route, id: 'often', every: 3600 }]), 'babao');
    expect(tasks.map(({ every }) => every)).toEqual([86_400, 3600]);
  });
});
