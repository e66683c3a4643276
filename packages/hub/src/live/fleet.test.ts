import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveFleet } from './fleet.ts';

let folder: string;
let registry: Registry;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-fleet-'));
  registry = openRegistry(join(folder, 'registry.db'), createLog('error'));
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true });
});

it('a receiver that is asked each five minutes is known for three times that, whichever probe asks it', () => {
  const built = buildInventory({
    county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'no1', name: { en: 'No. 1' }, classrooms: [{ id: 'machine-room' }] }],
    targets: [{ id: 'ird', link: 'satellite', probe: 'snmp', address: '192.0.2.1', every: 300 }],
  });
  if ('problems' in built) throw new Error(built.problems.join());
  registry.importInventory(built.inventory, 'test');
  const seat = { county: 'qilian', school: 'no1', classroom: 'machine-room', kind: 'receiver' } as const;
  const made = registry.createEnrolmentCode(seat, 'test');
  const enrolled = registry.enrol({ code: made.ok ? made.code : '', passwordHash: '$7$1$YQ==$YQ==' });
  if (!enrolled.ok) throw new Error(enrolled.reason);

  const measuredAt = 1_790_000_000;
  let now = measuredAt;
  const fleet = new LiveFleet({ registry, commands: { live: async () => {} }, nowS: () => now });
  const tags = { link: 'satellite', target: 'ird' };
  const fields = { ok: true, locked: true, margin_db: 8 };
  fleet.observe(enrolled.agent.id, [{ measurement: 'signal', tags, time: measuredAt, fields }]);
  const state = () => fleet.agents()[0]?.links[0]?.state;
  now = measuredAt + 899;
  expect(state()).toBe('good');
  now = measuredAt + 901;
  expect(state()).toBe('unknown');
});
