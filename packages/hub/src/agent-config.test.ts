import { buildInventory, type InventoryDocument } from '@tongtang/model/inventory';
import { describe, expect, it } from 'vitest';
import { configsOf, tasksOf, throughputEveryS } from './agent-config.ts';

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

describe('the folder of recorded lessons', () => {
  it('is told to the agents of the school that has one, as another configuration', () => {
    const inventory = inventoryWith([]);
    const [babao, arou] = inventory.schools;
    if (babao === undefined || arou === undefined) throw new Error('two schools were asked for');
    const schools = [{ ...babao, lessonFiles: 'D:\\lessons' }, arou];
    const configOf = configsOf({ inventory: { ...inventory, schools } }, 1_200_000, 1_790_000_000);
    expect(configOf('babao').lessonFiles).toBe('D:\\lessons');
    expect(configOf('arou')).not.toHaveProperty('lessonFiles');
    expect(configOf('arou').revision).not.toBe(configOf('babao').revision);
  });
});

describe('a route', () => {
  it('is traced once a day where nothing else is said: a change of its link prompts it as well', () => {
    const route = bandwidth('way', { probe: 'path', address: '192.0.2.1' });
    const tasks = tasksOf(inventoryWith([route, { ...route, id: 'often', every: 3600 }]), 'babao');
    expect(tasks.map(({ every }) => every)).toEqual([86_400, 3600]);
  });
});
