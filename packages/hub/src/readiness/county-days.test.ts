import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { county } from '@tongtang/lessons/county.fixture';
import { createLog } from '@tongtang/runtime/log';
import { openRegistry } from '@tongtang/store/registry/open';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CountyDays, openCountyDays } from './county-days.ts';

let registry: ReturnType<typeof openRegistry>;
let days: CountyDays;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-days-'));
  registry = openRegistry(join(folder, 'registry.db'), createLog('error'));
  registry.importInventory(county, 'test');
  days = openCountyDays(registry);
});
afterEach(() => {
  days.stop();
  registry.close();
});

const monday = '2026-11-23';
const { id } = county.county;

describe('the days of counties', () => {
  it('are found once, for all who ask meanwhile as well', async () => {
    const [first, second] = await Promise.all([days.of(id, monday), days.of(id, monday)]);
    expect(first?.lessons.length).toBeGreaterThan(0);
    expect(second).toBe(first);
    expect(await days.of(id, monday)).toBe(first);
    expect(await days.of('elsewhere', monday)).toBeUndefined();
  });

  it('are others once the inventory is, also where it changed while they were found', async () => {
    const asked = days.of(id, monday);
    registry.importInventory({ ...county, schools: county.schools.slice(1) }, 'test');
    const before = await asked;
    const after = await days.of(id, monday);
    const [gone] = county.schools;
    const of = (day: typeof before) => day?.lessons.filter(({ school }) => school === gone?.id).length;
    expect(of(before)).toBeGreaterThan(0);
    expect(of(after)).toBe(0);
  });
});
