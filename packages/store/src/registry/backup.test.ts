import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { damage, meddle } from '../meddle.fixture.ts';
import { backUpBeside, backupOf } from './backup.ts';
import { openRegistry } from './open.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-backup-'));
  path = join(folder, 'registry.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the backup copy', () => {
  it('is made at closing and is readable by the owner only', async () => {
    await withUser();
    expect(existsSync(backupOf(path))).toBe(true);
    if (process.platform !== 'win32') expect(statSync(backupOf(path)).mode & 0o077).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['registry.db', 'registry.db.backup']);
  });

  it('takes the place of a damaged registry, loudly and audited', async () => {
    await withUser();
    writeFileSync(path, 'not a database, but long enough to be one'.repeat(100));
    const { registry, errors } = openLoud();
    expect(registry.users().map(({ name }) => name)).toEqual(['zhang']);
    expect(errors()).toContain('registry is damaged, set aside');
    expect(errors()).toContain('registry restored from its backup copy');
    expect(registry.auditTrail({ limit: 1 })[0]?.action).toBe('restore registry');
    registry.close();
  });

  it.runIf(process.platform === 'linux')(
    'takes the place of a registry that the disk cannot read',
    async () => {
      await withUser();
      rmSync(path);
      // The kernel answers EIO to whoever reads it from its beginning, as it does for a bad sector.
      symlinkSync('/proc/self/mem', path);
      const { registry, errors } = openLoud();
      expect(registry.users().map(({ name }) => name)).toEqual(['zhang']);
      expect(errors()).toContain('registry is damaged, set aside');
      registry.close();
      expect(lstatSync(path).isFile()).toBe(true);
    },
  );

  it('takes the place of a registry that is gone', async () => {
    await withUser();
    rmSync(path);
    const { registry, errors } = openLoud();
    expect(registry.users()).toHaveLength(1);
    expect(errors()).toContain('restored');
    registry.close();
  });

  it('without a copy a damaged registry begins empty, and says so', async () => {
    await withUser();
    rmSync(backupOf(path));
    writeFileSync(path, 'x'.repeat(5000));
    const { registry, errors } = openLoud();
    expect(registry.users()).toEqual([]);
    expect(errors()).toContain('every agent must be enrolled again');
    registry.close();
    expect(existsSync(backupOf(path))).toBe(false);
  });

  it('has who was enrolled half a minute ago, when the power fails and the file is damaged', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'enrolling.child.ts'), path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [said] = await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(readdirSync(folder).filter((name) => name.includes('.backup'))).toEqual(['registry.db.backup']);
    writeFileSync(path, 'not a database, but long enough to be one'.repeat(100));
    const { registry } = openLoud();
    expect(registry.agents().map(({ id }) => id)).toEqual([String(said).trim()]);
    registry.close();
  });

  it('stays as it is while the registry cannot be read', async () => {
    await withUser();
    meddle(
      path,
      "INSERT INTO audit (time, who, action, what, detail) VALUES (1, 'a', 'b', 'c', hex(zeroblob(1e6)))",
    );
    const registry = openRegistry(path, createLog('error').child({}, { level: 'silent' }));
    await registry.addUser({ name: 'li', role: 'admin' }, 'test');
    const good = readFileSync(backupOf(path));
    damage(path);
    await expect(backUpBeside(path, () => true)).rejects.toThrow(/malformed/);
    expect(readFileSync(backupOf(path))).toEqual(good);
    expect(readdirSync(folder).filter((name) => name.includes('.backup'))).toEqual(['registry.db.backup']);
    registry.close();
  });

  it('that is under way when the registry is closed does not take the place of the newer one', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const registry = openRegistry(path, createLog('error'));
      await registry.addUser({ name: 'zhang', role: 'admin' }, 'test');
      vi.advanceTimersByTime(30_000);
      await registry.addUser({ name: 'li', role: 'admin' }, 'test');
      vi.advanceTimersByTime(30_000);
      registry.close();
      const copies = () => readdirSync(folder).filter((name) => name.includes('.backup'));
      await vi.waitFor(() => expect(copies()).toEqual(['registry.db.backup']), { timeout: 10_000 });
    } finally {
      vi.useRealTimers();
    }
    rmSync(path);
    const { registry } = openLoud();
    expect(registry.users()).toHaveLength(2);
    registry.close();
  });

  it('is made anew at the next start when the process was killed before it could', async () => {
    await withUser();
    copyFileSync(backupOf(path), join(folder, 'old'));
    const second = openRegistry(path, createLog('error'));
    await second.addUser({ name: 'li', role: 'admin' }, 'test');
    second.close();
    copyFileSync(join(folder, 'old'), backupOf(path));
    openRegistry(path, createLog('error')).close();
    rmSync(path);
    const { registry } = openLoud();
    expect(registry.users()).toHaveLength(2);
    registry.close();
  });
});

async function withUser(): Promise<void> {
  const registry = openRegistry(path, createLog('error'));
  await registry.addUser({ name: 'zhang', role: 'admin' }, 'test');
  registry.close();
}

function openLoud() {
  const log = createLog('error');
  const error = vi.spyOn(log, 'error').mockReturnValue();
  return { registry: openRegistry(path, log), errors: () => JSON.stringify(error.mock.calls) };
}
