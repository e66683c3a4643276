import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory, type Inventory, type InventoryDocument } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry, type Registry } from './open.ts';

let folder: string;
let registry: Registry;
let time: number;
const seat = { county: 'qilian', school: 'babao', classroom: 'c1', kind: 'classroom' } as const;
const passwordHash = '$7$101$c2FsdA==$aGFzaA==';

const open = () => openRegistry(join(folder, 'registry.db'), createLog('error'), () => new Date(time * 1000));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-registry-'));
  time = 1_760_000_000;
  registry = open();
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function county(schools: InventoryDocument['schools'], id = 'qilian'): Inventory {
  const built = buildInventory({
    county: { id, name: { zh: '祁连县' }, timezone: 'Asia/Shanghai' },
    clusters: [{ id: 'town', name: { zh: '县城片区' } }],
    schools,
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  return built.inventory;
}

const babao = { id: 'babao', name: { zh: '八宝小学' }, cluster: 'town', classes: 2 };
const arou = { id: 'arou', name: { zh: '阿柔小学' }, classes: 1 };

const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);

function enrolled(): string {
  const code = registry.createEnrolmentCode(seat, 'zhang');
  if (!code.ok) throw new Error(code.problem);
  const result = registry.enrol({ code: code.code, passwordHash, hostname: 'pc-1', platform: 'linux' });
  if (!result.ok) throw new Error(result.reason);
  return result.agent.id;
}

describe('inventories', () => {
  it('an import says what it adds, changes and removes, and leaves other counties alone', () => {
    registry.importInventory(county([babao], 'other'), 'zhang');
    const first = registry.importInventory(county([babao, arou]), 'zhang');
    expect(first.ok && first.changes.added).toContain('classroom arou/c1');
    const second = registry.importInventory(county([{ ...babao, name: { zh: '八宝' } }]), 'zhang');
    expect(second).toEqual({
      ok: true,
      changes: {
        added: [],
        changed: ['school babao'],
        removed: ['school arou', 'classroom arou/c1', 'class arou/c1'],
      },
    });
    expect(registry.inventories().map((each) => each.county.id)).toEqual(['other', 'qilian']);
  });

  it('the same file again changes nothing', () => {
    registry.importInventory(county([babao]), 'zhang');
    expect(registry.importInventory(county([babao]), 'zhang')).toEqual({
      ok: true,
      changes: { added: [], changed: [], removed: [] },
    });
    expect(registry.auditTrail({ limit: 10 })).toHaveLength(1);
  });

  it('what is exported can be imported again', () => {
    registry.importInventory(county([babao, arou]), 'zhang');
    const exported = registry.exportInventory('qilian');
    expect(exported).toEqual(county([babao, arou]));
    expect(registry.exportInventory('nowhere')).toBeUndefined();
  });

  it('a classroom that an agent lives in cannot be removed, and both are named', () => {
    registry.importInventory(county([babao, arou]), 'zhang');
    const agent = enrolled();
    expect(registry.importInventory(county([{ ...babao, classes: 0 }, arou]), 'zhang')).toEqual({
      ok: false,
      problems: [
        `schools: classroom "babao/c1" cannot go: agent "${agent}" lives there; move or revoke it first`,
      ],
    });
    expect(registry.exportInventory('qilian')).toEqual(county([babao, arou]));
    registry.revoke(agent, 'zhang');
    expect(registry.importInventory(county([arou]), 'zhang').ok).toBe(true);
  });

  it('a county can be removed once nobody lives there, and come back', () => {
    registry.importInventory(county([babao]), 'zhang');
    registry.importInventory(county([arou], 'other'), 'zhang');
    const agent = enrolled();
    expect(registry.removeInventory('qilian', 'zhang')).toEqual({
      ok: false,
      problems: [`county: agent "${agent}" lives in "qilian"; revoke it first`],
    });
    registry.revoke(agent, 'zhang');
    expect(registry.removeInventory('qilian', 'zhang')).toEqual({ ok: true });
    expect(registry.inventories().map((each) => each.county.id)).toEqual(['other']);
    registry.close();
    registry = open();
    expect(registry.inventories().map((each) => each.county.id)).toEqual(['other']);
    expect(registry.removeInventory('qilian', 'zhang').ok).toBe(false);
    registry.importInventory(county([babao]), 'zhang');
    expect(registry.exportInventory('qilian')).toEqual(county([babao]));
  });

  it('a newcomer starts with one classroom, and only where there is no inventory', () => {
    registry.ensureStarterInventory();
    registry.ensureStarterInventory();
    expect(registry.inventories().map((each) => each.county.id)).toEqual(['local']);
    expect(registry.inventories()[0]?.schools[0]?.classrooms.map((room) => room.id)).toEqual(['room-1']);
    registry.importInventory(county([babao]), 'zhang');
    registry.ensureStarterInventory();
    expect(registry.inventories()).toHaveLength(2);
  });
});

describe('enrolment', () => {
  beforeEach(() => {
    registry.importInventory(county([babao, arou]), 'zhang');
  });

  it('a code looks like 7KQM-X3PA-9T and works however it is typed', () => {
    const code = registry.createEnrolmentCode(seat, 'zhang');
    if (!code.ok) throw new Error(code.problem);
    expect(code.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}$/);
    const typed = ` ${code.code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`;
    expect(registry.enrol({ code: typed, passwordHash }).ok).toBe(true);
  });

  it('gives the agent its place with the cluster that the inventory says', () => {
    const agent = registry.agent(enrolled());
    expect(agent).toMatchObject({
      kind: 'classroom',
      address: { county: 'qilian', school: 'babao', agent: agent?.id },
      place: { county: 'qilian', cluster: 'town', school: 'babao', classroom: 'c1', agent: agent?.id },
      passwordHash,
      hostname: 'pc-1',
      enrolledAt: time,
    });
    expect(agent?.id).toMatch(/^a-[0-9a-z]{7}$/);
  });

  it('a code works once', () => {
    const code = registry.createEnrolmentCode(seat, 'zhang');
    if (!code.ok) throw new Error(code.problem);
    expect(registry.enrol({ code: code.code, passwordHash }).ok).toBe(true);
    expect(registry.enrol({ code: code.code, passwordHash })).toEqual({ ok: false, reason: 'used' });
    expect(registry.agents()).toHaveLength(1);
  });

  it('a code expires after 24 hours, and a wrong one is unknown', () => {
    const code = registry.createEnrolmentCode(seat, 'zhang');
    if (!code.ok) throw new Error(code.problem);
    expect(code.expiresAt).toBe(time + 86_400);
    time += 86_400;
    expect(registry.enrol({ code: code.code, passwordHash })).toEqual({ ok: false, reason: 'expired' });
    expect(registry.enrol({ code: 'AAAA-AAAA-AA', passwordHash })).toEqual({ ok: false, reason: 'unknown' });
  });

  it('a code for a classroom that has gone meanwhile is refused', () => {
    const code = registry.createEnrolmentCode(seat, 'zhang');
    registry.importInventory(county([arou]), 'zhang');
    expect(registry.enrol({ code: code.ok ? code.code : '', passwordHash })).toEqual({
      ok: false,
      reason: 'gone',
    });
  });

  it.each([
    [{ ...seat, county: 'x' }, 'county: no county "x"'],
    [{ ...seat, school: 'x' }, 'school: no school "x" in "qilian"'],
    [{ ...seat, classroom: 'x' }, 'classroom: no classroom "x" in school "babao"'],
  ])('a code is made only for a classroom that there is: %o', (wanted, problem) => {
    expect(registry.createEnrolmentCode(wanted, 'zhang')).toEqual({ ok: false, problem });
  });

  it('a revoked agent is gone and its id is never given again', () => {
    const agent = enrolled();
    expect(registry.revoke(agent, 'zhang')).toEqual({ ok: true });
    expect(registry.agent(agent)).toBeUndefined();
    expect(registry.revoke(agent, 'zhang')).toEqual({
      ok: false,
      problem: `agent: no agent "${agent}" is enrolled`,
    });
    const ids = new Set(Array.from({ length: 200 }, enrolled));
    expect(ids.size).toBe(200);
    expect(ids.has(agent)).toBe(false);
  });

  it('a moved agent has a new place and its old topics', () => {
    const agent = enrolled();
    expect(registry.move(agent, { school: 'arou', classroom: 'c1' }, 'zhang')).toEqual({ ok: true });
    expect(registry.agent(agent)).toMatchObject({
      address: { school: 'babao' },
      place: { school: 'arou', classroom: 'c1' },
    });
    expect(registry.agent(agent)?.place.cluster).toBeUndefined();
    expect(registry.move(agent, { school: 'arou', classroom: 'c9' }, 'zhang')).toEqual({
      ok: false,
      problem: 'classroom: no classroom "c9" in school "arou"',
    });
  });

  it('what is kept in memory is what the file says, after any changes', () => {
    const ids = [enrolled(), enrolled(), enrolled()];
    registry.move(ids[1] ?? '', { school: 'arou', classroom: 'c1' }, 'zhang');
    registry.revoke(ids[0] ?? '', 'zhang');
    registry.importInventory(county([{ ...babao, cluster: 'town', classes: 3 }, arou]), 'zhang');
    ids.push(enrolled());
    const fresh = open();
    expect(registry.agents()).toHaveLength(3);
    expect([...registry.agents()].sort(byId)).toEqual([...fresh.agents()].sort(byId));
    expect(registry.inventories()).toEqual(fresh.inventories());
    fresh.close();
  });

  it('a school that joins another cluster takes its agents along', () => {
    const agent = enrolled();
    const { cluster: _, ...outside } = babao;
    registry.importInventory(county([outside, arou]), 'zhang');
    expect(registry.agent(agent)?.place.cluster).toBeUndefined();
  });
});

describe('changes', () => {
  it('a listener hears a change made here at once, and none after it stopped', () => {
    let heard = 0;
    const stop = registry.onChange(() => {
      heard += 1;
    });
    registry.importInventory(county([babao]), 'zhang');
    expect(heard).toBe(1);
    stop();
    enrolled();
    expect(heard).toBe(1);
  });

  it('a listener hears which agents and counties are other than before, and of nothing else', () => {
    registry.importInventory(county([babao]), 'zhang');
    const [kept, gone] = [enrolled(), enrolled()];
    const heard: { agents: string[]; counties: string[] }[] = [];
    registry.onChange(({ agents, counties }) => heard.push({ agents: [...agents], counties: [...counties] }));
    registry.revoke(gone, 'li');
    const { cluster: _, ...outside } = babao;
    registry.importInventory(county([outside]), 'zhang');
    registry.importInventory(county([outside, arou]), 'zhang');
    expect(heard).toEqual([
      { agents: [gone], counties: [] },
      { agents: [kept], counties: ['qilian'] },
      { agents: [], counties: ['qilian'] },
    ]);
  });

  it('what another process changes is read at once and told within two seconds', async () => {
    registry.importInventory(county([babao]), 'zhang');
    let heard = 0;
    registry.onChange(() => {
      heard += 1;
    });
    const other = open();
    other.importInventory(county([babao, arou]), 'li');
    other.close();
    expect(registry.exportInventory('qilian')?.schools).toHaveLength(2);
    await expect.poll(() => heard, { timeout: 3000 }).toBe(1);
  });

  it('a listener that throws does not keep others from hearing', () => {
    let heard = 0;
    registry.onChange(() => {
      throw new Error('broken on purpose');
    });
    registry.onChange(() => {
      heard += 1;
    });
    registry.importInventory(county([babao]), 'zhang');
    expect(heard).toBe(1);
  });
});

describe('audit', () => {
  it('tells who did what, newest first, page by page, and holds no secret', () => {
    registry.importInventory(county([babao]), 'zhang');
    const agent = enrolled();
    registry.revoke(agent, 'li');
    const trail = registry.auditTrail({ limit: 10 });
    expect(trail.map(({ who, action, what }) => [who, action, what])).toEqual([
      ['li', 'revoke agent', agent],
      [agent, 'enrol', 'qilian/babao/c1'],
      ['zhang', 'create enrolment code', 'qilian/babao/c1'],
      ['zhang', 'import inventory', 'county qilian'],
    ]);
    const [first] = trail;
    expect(registry.auditTrail({ limit: 1, before: first?.id ?? 0 })).toEqual([trail[1]]);
    expect(JSON.stringify(trail)).not.toContain(passwordHash);
  });
});
