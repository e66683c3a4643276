import { copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory, type Inventory } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { generator } from '@tongtang/wire/report.fixture';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { damage, damageUnseen, meddle, scribble } from '../meddle.fixture.ts';
import { backUp, backUpBeside, backupOf } from './backup.ts';
import { openRegistry, type Registry } from './open.ts';
import { RegistryFile } from './registry-file.ts';

let folder: string;
let path: string;
let registry: Registry;
const log = createLog('error');
const seat = { county: 'qilian', school: 'babao', classroom: 'c1', kind: 'classroom' } as const;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  vi.spyOn(log, 'error').mockReturnValue();
  folder = mkdtempSync(join(tmpdir(), 'tongtang-registry-file-'));
  path = join(folder, 'registry.db');
  registry = openRegistry(path, log);
  registry.importInventory(county('qilian'), 'test');
  await registry.addUser({ name: 'zhang', role: 'admin' }, 'test');
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const county = (id: string): Inventory => {
  const built = buildInventory({
    county: { id, name: { zh: '祁连县' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'babao', name: { zh: '八宝小学' }, classes: 1 }],
  });
  if ('problems' in built) throw new Error(built.problems.join('; '));
  return built.inventory;
};

function enrolled(): string {
  const code = registry.createEnrolmentCode(seat, 'test');
  if (!code.ok) throw new Error(code.problem);
  const result = registry.enrol({
    code: code.code,
    passwordHash: '$7$101$c2FsdA==$aGFzaA==',
    hostname: 'pc-1',
  });
  if (!result.ok) throw new Error(result.reason);
  return result.agent.id;
}

/** As half a minute after a change. */
function copy(): void {
  const file = new RegistryFile(path, log);
  backUp(file.database, path);
  file.close();
}

const ids = (): string[] => registry.agents().map(({ id }) => id);
const damagedFiles = (): string[] => readdirSync(folder).filter((name) => /\.damaged-.*Z$/.test(name));
const copiedBytes = (): string => readFileSync(backupOf(path), 'base64');
const errors = (): string => JSON.stringify(vi.mocked(log.error).mock.calls);

describe('a registry that is damaged while it is in use', () => {
  it('is replaced by its copy, said once and audited', () => {
    const agent = enrolled();
    copy();
    damage(path);
    expect(ids()).toEqual([agent]);
    expect(registry.users().map(({ name }) => name)).toEqual(['zhang']);
    expect(registry.exportInventory('qilian')).toEqual(county('qilian'));
    expect(damagedFiles()).toHaveLength(1);
    expect(errors().match(/registry is damaged, set aside/g)).toHaveLength(1);
    expect(registry.auditTrail({ limit: 1 })[0]).toMatchObject({
      action: 'restore registry',
      detail: `from ${backupOf(path)}`,
    });
    expect(registry.isRead()).toBe(true);
  });

  it('lets nobody in again who was revoked after the copy was made, and keeps who was enrolled since', () => {
    const [old, revoked] = [enrolled(), enrolled()];
    copy();
    const young = enrolled();
    const before = registry.agent(young);
    registry.importInventory(county('gangca'), 'test');
    registry.revoke(revoked, 'test');
    damage(path);
    vi.advanceTimersByTime(1000);
    expect(registry.agent(revoked)).toBeUndefined();
    expect(registry.agent(young)).toEqual(before);
    expect(ids().sort()).toEqual([old, young].sort());
    registry.close();
    registry = openRegistry(path, log);
    expect(ids().sort()).toEqual([old, young].sort());
    expect(registry.inventories().map((one) => one.county.id)).toEqual(['gangca', 'qilian']);
    expect(damagedFiles()).toHaveLength(1);
  });

  it('begins anew with all agents and places that this process knows, where there is no copy', () => {
    const agent = enrolled();
    damage(path);
    expect(ids()).toEqual([agent]);
    registry.close();
    registry = openRegistry(path, log);
    expect(ids()).toEqual([agent]);
    expect(registry.exportInventory('qilian')).toEqual(county('qilian'));
    expect(errors()).toContain('registry has no backup copy');
  });

  it('refuses the change that found it, in words, and takes it at the next try', async () => {
    const agent = enrolled();
    copy();
    damage(path);
    expect(() => registry.move(agent, seat, 'test')).toThrow(/damaged and is replaced.*try again/);
    expect(registry.move(agent, seat, 'test')).toEqual({ ok: true });
    expect(await registry.addUser({ name: 'li', role: 'admin' }, 'test')).toEqual({ ok: true });
  });

  it('tells those who listen, who have to ask anew', () => {
    const agent = enrolled();
    copy();
    const told: string[] = [];
    registry.onChange(({ agents }) => told.push(...agents));
    registry.onAccessChange(() => told.push('access'));
    damage(path);
    vi.advanceTimersByTime(1000);
    expect(told.sort()).toEqual([agent, 'access']);
  });

  it('by random bytes anywhere never fails those who ask for agents', () => {
    const agent = enrolled();
    const revoked = enrolled();
    registry.revoke(revoked, 'test');
    copy();
    const random = generator(7);
    for (let round = 0; round < 20; round += 1) {
      // What was damaged and not read yet is found at the next start.
      registry.close();
      registry = openRegistry(path, log);
      expect(ids()).toEqual([agent]);
      meddle(path, 'UPDATE revision SET number = number + 1; PRAGMA wal_checkpoint(TRUNCATE)');
      scribble(path, random);
      vi.advanceTimersByTime(1000);
      expect(ids()).toEqual([agent]);
      expect(registry.agent(revoked)).toBeUndefined();
      expect(() => registry.inventories()).not.toThrow();
    }
    expect(damagedFiles().length).toBeGreaterThan(3);
  });

  it('in the middle of a text, which SQLite does not see, is damaged all the same', async () => {
    const agent = enrolled();
    copy();
    const good = copiedBytes();
    meddle(path, "UPDATE inventories SET document = replace(document, 'babao', 'ba' || char(1) || 'o')");
    await expect(backUpBeside(path, () => true)).rejects.toThrow(/nobody can have entered/);
    expect(copiedBytes()).toBe(good);
    expect(registry.exportInventory('qilian')).toEqual(county('qilian'));
    expect(ids()).toEqual([agent]);
    expect(damagedFiles()).toHaveLength(1);
  });

  it('is found by the copy that is made of it, though what is asked for is still in memory', async () => {
    await registry.addUser({ name: 'li', role: 'admin' }, 'test');
    copy();
    await registry.addUser({ name: 'wang', role: 'admin' }, 'test');
    expect(registry.users()).toHaveLength(3);
    damageUnseen(path);
    vi.advanceTimersByTime(30_000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(damagedFiles()).toHaveLength(1), { timeout: 10_000 });
    expect(errors()).toMatch(/malformed.*cannot make the backup copy.*registry is damaged, set aside/);
    expect(registry.users().map(({ name }) => name)).toEqual(['li', 'zhang']);
  });

  it('is followed where another process found the damage first', () => {
    const [agent, revoked] = [enrolled(), enrolled()];
    copy();
    const told: string[] = [];
    registry.onChange(({ agents }) => told.push(...agents));
    damage(path);
    const other = openRegistry(path, log);
    other.revoke(revoked, 'command line');
    other.close();
    vi.advanceTimersByTime(1000);
    expect(registry.agent(revoked)).toBeUndefined();
    expect(ids()).toEqual([agent]);
    expect(told.sort()).toEqual([agent, revoked].sort());
    registry.audit({ who: 'zhang', action: 'look', what: 'here' });
    registry.close();
    registry = openRegistry(path, log);
    expect(registry.auditTrail({ limit: 1 })[0]?.action).toBe('look');
    expect(damagedFiles()).toHaveLength(1);
  });

  it('goes on by what was read last while none can take its place, and says so once', () => {
    const agent = enrolled();
    registry.onChange(() => {});
    copy();
    const sound = join(folder, 'sound');
    copyFileSync(backupOf(path), sound);
    meddle(backupOf(path), `PRAGMA user_version = 1000; PRAGMA application_id = ${0x5454_0000 + 1000}`);
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix);
    renameSync(backupOf(path), path);
    for (let second = 0; second < 5; second += 1) vi.advanceTimersByTime(1000);
    expect(registry.agent(agent)?.id).toBe(agent);
    expect(ids()).toEqual([agent]);
    expect(registry.isRead()).toBe(false);
    expect(() => registry.revoke(agent, 'test')).toThrow(/cannot begin yet.*newer version/);
    expect(errors().match(/cannot read the registry/g)).toHaveLength(1);
    renameSync(sound, path);
    vi.advanceTimersByTime(1000);
    expect(registry.revoke(agent, 'test')).toEqual({ ok: true });
    expect(ids()).toEqual([]);
    expect(registry.isRead()).toBe(true);
  });
});
