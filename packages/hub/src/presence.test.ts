import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { starterCounty } from '@tongtang/store/registry/inventories';
import { openRegistry, type Registry } from '@tongtang/store/registry/open';
import type { EnrolledAgent } from '@tongtang/store/registry/registry';
import type { Status } from '@tongtang/wire/messages';
import { topicOf } from '@tongtang/wire/topics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics } from './metrics.ts';
import { Presence } from './presence.ts';

const log = createLog('error');
let folder: string;
let registry: Registry;
beforeEach(() => {
  // The registry's own intervals go on as ever.
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  folder = mkdtempSync(join(tmpdir(), 'tongtang-presence-'));
  registry = openRegistry(join(folder, 'registry.db'), log);
  registry.ensureStarterInventory();
});
afterEach(() => {
  vi.useRealTimers();
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

/** What presence tells others, as it tells it. */
function presenceTelling() {
  const published: [topic: string, payload: string][] = [];
  const fleet: [agent: string, state: string][] = [];
  const incidents: [agent: string, state: string][] = [];
  const presence = new Presence({
    registry,
    link: {
      subscribe: async () => {},
      publish: async (topic, payload) => void published.push([topic, String(payload)]),
      remembers: true,
      onConnect: () => {},
      connected: () => true,
      close: async () => {},
    },
    hub: 'h',
    ledger: { received: () => [] },
    fleet: { setStatus: ({ id }, state) => void fleet.push([id, state]) },
    incidents: { hear: (id, state) => void incidents.push([id, state]) },
    configPush: { welcome: async () => {} },
    commands: { cameOnline: async () => {} },
    metrics: createMetrics(),
    log,
  });
  const say = ({ address }: EnrolledAgent, state: Status['state'], boot = 'b00tb00t'): void => {
    const status: Status = { state, boot, version: '1.0.0', startedAt: 0, outbox: '0utb0x00' };
    presence.hear(topicOf(address, 'status'), Buffer.from(JSON.stringify(status)));
  };
  return { presence, say, published, fleet, incidents };
}

describe('presence', () => {
  it('keeps nothing of an agent that is revoked', () => {
    const { presence, say, published } = presenceTelling();
    const [stays, goes] = [enrol(), enrol()];
    for (const agent of [stays, goes]) say(agent, 'online');
    registry.revoke(goes.id, 'test');
    for (const agent of [stays, goes]) presence.askForWhole(agent);
    const asked = published.filter(([, payload]) => payload.includes('"whole":true'));
    expect(asked.map(([topic]) => topic)).toEqual([topicOf(stays.address, 'commit')]);
  });

  it('takes a county that comes back for a crowd, and an agent that comes without end for none', () => {
    const { presence, say } = presenceTelling();
    const one = enrol();
    const county = Array.from({ length: 10 }, enrol);
    for (let word = 0; word < 100; word += 1) say(one, word % 2 === 0 ? 'online' : 'offline');
    expect(presence.crowded).toBe(false);
    for (const agent of county) say(agent, 'online');
    expect(presence.crowded).toBe(true);
  });
});

describe('the words of an agent', () => {
  it('are heard and answered at once, also while its line comes and goes', () => {
    const { say, published, fleet } = presenceTelling();
    const agent = enrol();
    // As its waits grow: half a second to half a minute.
    for (const waitMs of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]) {
      say(agent, 'online');
      say(agent, 'offline');
      expect(fleet.splice(0)).toEqual([
        [agent.id, 'online'],
        [agent.id, 'offline'],
      ]);
      expect(published.splice(0).map(([topic]) => topic)).toEqual([topicOf(agent.address, 'commit')]);
      vi.advanceTimersByTime(waitMs);
    }
  });

  it('are answered each ten seconds where it says 50 a second, and the last one is heard', () => {
    const { say, published, fleet } = presenceTelling();
    const agent = enrol();
    for (let word = 0; word < 50 * 60; word += 1) {
      say(agent, 'online');
      vi.advanceTimersByTime(20);
    }
    expect(published).toHaveLength(20 + 60 / 10);
    say(agent, 'stopping');
    vi.advanceTimersByTime(10_000);
    expect(fleet.at(-1)).toEqual([agent.id, 'stopping']);
    expect(published).toHaveLength(20 + 60 / 10);
  });

  it('that are put off are taken in the order in which they came: a late will is not that of the new process', () => {
    const { say, published, fleet } = presenceTelling();
    const agent = enrol();
    for (let word = 0; word < 21; word += 1) say(agent, 'online');
    published.splice(0);
    say(agent, 'online', 'b00tb002');
    say(agent, 'offline');
    vi.advanceTimersByTime(10_000);
    expect(fleet.at(-1)).toEqual([agent.id, 'online']);
    expect(published).toHaveLength(1);
  });

  it('are told at the end of the hub, if they were not yet', () => {
    const { presence, say, fleet } = presenceTelling();
    const agent = enrol();
    for (let word = 0; word < 21; word += 1) say(agent, 'online');
    say(agent, 'asleep');
    presence.stop();
    expect(fleet.at(-1)).toEqual([agent.id, 'asleep']);
  });

  it('are none to incidents while it is online as before', () => {
    const { say, incidents } = presenceTelling();
    const agent = enrol();
    for (const state of ['online', 'online', 'offline', 'offline', 'online', 'online'] as const)
      say(agent, state);
    expect(incidents.map(([, state]) => state)).toEqual(['online', 'offline', 'offline', 'online']);
  });
});
