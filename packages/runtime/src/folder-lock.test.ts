import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { isFolderLocked, lockFolder } from './folder-lock.ts';

const root = mkdtempSync(join(tmpdir(), 'tongtang-lock-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('the lock of a folder', () => {
  it('is held by one at a time, and by the next when it is let go', () => {
    const folder = join(root, 'one');
    expect(isFolderLocked(folder)).toBe(false);
    const unlock = lockFolder(folder);
    expect(unlock).toBeDefined();
    expect(lockFolder(folder)).toBeUndefined();
    expect(isFolderLocked(folder)).toBe(true);
    unlock?.();
    expect(isFolderLocked(folder)).toBe(false);
    const again = lockFolder(folder);
    expect(again).toBeDefined();
    again?.();
  });

  it('is free when the process that held it was killed', async () => {
    const folder = join(root, 'killed');
    const lock = join(import.meta.dirname, 'folder-lock.ts');
    const program = `
      const { lockFolder } = await import(${JSON.stringify(lock)});
      console.log(lockFolder(${JSON.stringify(folder)}) !== undefined);
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void holder.kill('SIGKILL'));
    const [said] = await once(holder.stdout, 'data');
    expect(String(said).trim()).toBe('true');
    expect(lockFolder(folder)).toBeUndefined();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const unlock = lockFolder(folder);
    expect(unlock).toBeDefined();
    unlock?.();
  });
});
