import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from '@tongtang/runtime/database';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRegistry, type Registry } from './open.ts';

let folder: string;
let registry: Registry;
let other: DatabaseSync;
let nowS = 1_790_000_000;
const log = createLog('error');
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-turn-'));
  const path = join(folder, 'registry.db');
  registry = openRegistry(path, log, () => new Date(nowS * 1000));
  await registry.addUser({ name: 'zhang', role: 'admin' }, 'test');
  registry.waitBriefly();
  other = new DatabaseSync(path);
});
afterEach(() => {
  other.close();
  registry.close();
  rmSync(folder, { recursive: true });
});

describe('a registry that another process writes', () => {
  it('refuses a write soon, as busy, and takes it in its turn', async () => {
    other.exec('BEGIN IMMEDIATE');
    const write = () => registry.audit({ who: 'zhang', action: 'a', what: 'b' });
    let thrown: unknown;
    try {
      write();
    } catch (error) {
      thrown = error;
    }
    expect(isBusy(thrown)).toBe(true);
    // It is not for damaged.
    expect(readdirSync(folder).join()).not.toContain('damaged');
    const turn = registry.writable();
    other.exec('ROLLBACK');
    expect(await turn).toBe(true);
    write();
    expect(registry.auditTrail({ limit: 1 })[0]?.action).toBe('a');
  });

  it('locks nobody out, and does not wait at each request to write down the last use of a session', () => {
    const warn = vi.spyOn(log, 'warn').mockReturnValue();
    const link = registry.createSignInLink('zhang', 'test');
    const session = registry.signInByLink(link?.token ?? '')?.session ?? '';
    nowS += 120;
    other.exec('BEGIN IMMEDIATE');
    for (let request = 0; request < 20; request += 1) expect(registry.session(session)?.user).toBe('zhang');
    expect(warn).toHaveBeenCalledTimes(1);
    other.exec('ROLLBACK');
    nowS += 61;
    registry.session(session);
    expect(other.prepare('SELECT max(seen_at) AS at FROM sessions').get()?.at).toBe(nowS);
    warn.mockRestore();
  });
});
