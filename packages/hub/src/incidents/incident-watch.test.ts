import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory } from '@tongtang/model/inventory';
import type { Notice } from '@tongtang/model/notice';
import { createLog } from '@tongtang/runtime/log';
import { type IncidentStore, openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import { openSqliteStore } from '@tongtang/store/sqlite/store';
import type { TelemetryStore } from '@tongtang/store/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics } from '../metrics.ts';
import { openSunOutages } from '../sun-outages.ts';
import { IncidentWatch, type WatchParts } from './incident-watch.ts';
import { noticeOf } from './notices.ts';
import { brokenAt, recordOf } from './record.fixture.ts';

const log = createLog('error').child({}, { level: 'silent' });
const patience = { timeout: 60_000 } as const;

let folder: string;
let registry: Registry;
let telemetry: TelemetryStore;
let store: IncidentStore;
let watch: IncidentWatch | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-watch-'));
  registry = openRegistry(join(folder, 'registry.db'), log);
  telemetry = openSqliteStore(join(folder, 'telemetry.db'), { log, nowS: () => brokenAt });
  store = openIncidentStore(join(folder, 'incidents.db'), log);
});
afterEach(async () => {
  await watch?.stop();
  await telemetry.close();
  store.close();
  registry.close();
  rmSync(folder, { recursive: true });
});

const built = buildInventory({
  county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  schools: [{ id: 'no1', name: { en: 'No. 1' }, classes: 1 }],
});
if ('problems' in built) throw new Error(built.problems.join());
const { inventory } = built;

function start(parts: Partial<WatchParts> = {}): IncidentWatch {
  watch = new IncidentWatch({
    registry,
    store,
    telemetry,
    sunOutages: openSunOutages(),
    bytesPerDay: 1_200_000,
    announce: () => {},
    metrics: createMetrics(),
    mayRun: () => true,
    busy: () => false,
    log,
    nowS: () => brokenAt,
    ...parts,
  });
  watch.start();
  return watch;
}

describe('the watch over all counties', { timeout: 150_000 }, () => {
  it('hands a notice on until the notifier has it, also one of the process before', async () => {
    const notice = noticeOf(recordOf(), 'opened', 1, brokenAt, inventory);
    store.enter([recordOf()], [notice]);
    const asked: Notice[] = [];
    const take = (one: Notice) => {
      asked.push(one);
      if (asked.length === 1) throw new Error('the disk is full');
      return 'routed' as const;
    };
    start({ notifier: { take } });
    await vi.waitFor(() => expect(store.untold()).toEqual([]), patience);
    expect(asked).toEqual([notice, notice]);
  });

  it('begins with a county when it has an inventory, and notes that it is alive when all have begun', async () => {
    registry.importInventory(inventory, 'test');
    start();
    await vi.waitFor(() => expect(store.lastBeat()).toBe(brokenAt), patience);
    expect(store.progress('qilian')).toBeDefined();
    expect(store.progress('menyuan')).toBeUndefined();
    registry.importInventory({ ...inventory, county: { ...inventory.county, id: 'menyuan' } }, 'test');
    await vi.waitFor(() => expect(store.progress('menyuan')).toBeDefined(), patience);
  });

  it('rests while the clock cannot be believed', async () => {
    registry.importInventory(inventory, 'test');
    let asked = 0;
    const mayRun = (): boolean => {
      asked += 1;
      return false;
    };
    start({ mayRun });
    await vi.waitFor(() => expect(asked).toBeGreaterThan(2), patience);
    expect(store.lastBeat()).toBeUndefined();
    expect(store.progress('qilian')).toBeUndefined();
  });

  it('is the desk at which people ask, and act', async () => {
    registry.importInventory(inventory, 'test');
    store.enter([recordOf()], []);
    const announced: string[] = [];
    const desk = start({ announce: (id) => announced.push(id) });
    const { telling: _, ...known } = recordOf();
    expect(desk.list({ county: 'qilian', from: brokenAt, to: brokenAt })).toEqual([known]);
    expect(desk.find(known.id)).toEqual(known);
    expect(desk.find('none')).toBeUndefined();
    const mark = { what: 'noted', time: brokenAt, who: 'li', text: 'a digger' } as const;
    await vi.waitFor(() => expect(desk.mark(known.id, mark)?.history.at(-1)).toEqual(mark), patience);
    expect(announced).toContain(known.id);
    expect(desk.mark('none', mark)).toBeUndefined();

    const window = { id: 'w', note: '', kind: 'once', start: 0, end: 1 } as const;
    desk.keepWindow('qilian', window);
    expect(desk.windows('qilian')).toEqual([window]);
    expect([desk.removeWindow('qilian', 'w'), desk.removeWindow('qilian', 'w')]).toEqual([true, false]);
  });
});
