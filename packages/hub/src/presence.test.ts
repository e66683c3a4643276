import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { starterCounty } from '@tongtang/store/registry/inventories';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import type { EnrolledAgent } from '@tongtang/store/registry/registry';
import { topicOf } from '@tongtang/wire/topics';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import { Presence } from './presence.ts';

const log = createLog('error');
let folder: string;
let registry: Registry;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-presence-'));
  registry = openRegistry(join(folder, 'registry.db'), log);
  registry.ensureStarterInventory();
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true });
});

function enrol(): EnrolledAgent {
  const [inventory] = registry.inventories();
  const school = inventory?.schools[0];
  const classroom = school?.classrooms[0];
  if (school === undefined || classroom === undefined) throw new Error('no classroom');
  const seat = {
    county: starterCounty,
    school: school.id,
    classroom: classroom.id,
    kind: 'classroom',
  } as const;
  const code = registry.createEnrolmentCode(seat, 'test');
  const enrolled = registry.enrol({ code: code.ok ? code.code : '', passwordHash: '$7$1$YQ==$YQ==' });
  if (!enrolled.ok) throw new Error(enrolled.reason);
  return enrolled.agent;
}

describe('presence', () => {
  it('keeps nothing of an agent that is revoked', () => {
    const asked: string[] = [];
    const presence = new Presence({
      registry,
      link: {
        subscribe: async () => {},
        publish: async (topic, payload) => {
          if (String(payload).includes('"whole":true')) asked.push(topic);
        },
        remembers: true,
        onConnect: () => {},
        connected: () => true,
        close: async () => {},
      },
      hub: 'h',
      ledger: { received: () => [] },
      fleet: { setStatus: () => {} },
      incidents: { hear: () => {} },
      configPush: { welcome: async () => {} },
      commands: { cameOnline: async () => {} },
      metrics: createMetrics(),
      log,
    });
    const [stays, goes] = [enrol(), enrol()];
    const online = { state: 'online', boot: 'b00tb00t', version: '1.0.0', startedAt: 0, outbox: '0utb0x00' };
    for (const { address } of [stays, goes])
      presence.hear(topicOf(address, 'status'), Buffer.from(JSON.stringify(online)));
    registry.revoke(goes.id, 'test');
    for (const agent of [stays, goes]) presence.askForWhole(agent);
    expect(asked).toEqual([topicOf(stays.address, 'commit')]);
  });
});
