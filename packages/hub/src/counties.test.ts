import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { openRegistry } from '@tongtang/store/registry/open';
import { expect, it } from 'vitest';
import { followCounties } from './counties.ts';

it('a county that is added while the hub runs is followed, each once', async () => {
  const log = createLog('error');
  const registry = openRegistry(join(mkdtempSync(join(tmpdir(), 'tongtang-counties-')), 'registry.db'), log);
  registry.ensureStarterInventory();
  const followed: string[] = [];
  const stop = await followCounties(registry, async (county) => void followed.push(county), log);
  expect(followed).toEqual(['local']);
  const [starter] = registry.inventories();
  if (starter === undefined) throw new Error('no starter inventory');
  const county = { ...starter.county, id: 'qilian' };
  registry.importInventory({ ...starter, county }, 'test');
  await expect.poll(() => followed).toEqual(['local', 'qilian']);
  registry.importInventory({ ...starter, county: { ...county, name: { zh: '祁连', en: 'Qilian' } } }, 'test');
  expect(followed).toEqual(['local', 'qilian']);
  stop();
  registry.close();
});
