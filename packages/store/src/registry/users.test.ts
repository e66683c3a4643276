import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry, type Registry } from './open.ts';

let folder: string;
let registry: Registry;
let time: number;
const password = 'correct horse battery';
const address = '10.0.0.1';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-users-'));
  time = 1_760_000_000;
  registry = openRegistry(join(folder, 'registry.db'), createLog('error'), () => new Date(time * 1000));
  expect(await registry.addUser({ name: '张伟', role: 'admin', password }, 'test')).toEqual({ ok: true });
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

async function session(): Promise<string> {
  const result = await registry.signIn({ user: '张伟', password, address });
  if (!result.ok) throw new Error(result.reason);
  return result.session;
}

describe('users', () => {
  it.each([
    ['zhang wei', password, 'name: must be 1 to 64 letters, digits and inner . _ @ -, without spaces'],
    ['', password, 'name: must be 1 to 64 letters, digits and inner . _ @ -, without spaces'],
    ['张伟', password, 'name: "张伟" is taken'],
    ['li', 'short', 'password: must have at least 10 characters'],
    ['li', 'a'.repeat(20), 'password: must not repeat the same few characters'],
    ['li', 'ab1'.repeat(100), 'password: must have at most 200 characters'],
    ['lihua', 'my-LiHua-2026', 'password: must not contain the user name'],
  ])('user %j with password %j is refused', async (name, tried, problem) => {
    expect(await registry.addUser({ name, role: 'bureau', password: tried }, 'test')).toEqual({
      ok: false,
      problem,
    });
  });

  it('the last admin stays', async () => {
    expect(registry.removeUser('张伟', 'test')).toEqual({
      ok: false,
      problem: 'user: "张伟" is the last admin',
    });
    expect(registry.changeRole('张伟', 'bureau', 'test')).toEqual({
      ok: false,
      problem: 'role: "张伟" is the last admin',
    });
    await registry.addUser({ name: 'li', role: 'admin' }, 'test');
    expect(registry.removeUser('张伟', 'test')).toEqual({ ok: true });
    expect(registry.users()).toEqual([{ name: 'li', role: 'admin', createdAt: time, hasPassword: false }]);
  });

  it('no password, session, link or token is in the file', async () => {
    const opened = await session();
    const token = registry.createToken('张伟', 'script', 'test');
    const link = registry.createSignInLink('张伟', 'test');
    const bytes = ['registry.db', 'registry.db-wal'].map((name) =>
      readFileSync(join(folder, name)).toString('latin1'),
    );
    for (const secret of [password, opened, token?.token ?? '-', link?.token ?? '-'])
      expect(bytes.some((content) => content.includes(secret))).toBe(false);
  });
});

describe('a new registry', () => {
  it('gets an admin who signs in by link, and only where there is no user', () => {
    registry.ensureFirstAdmin();
    expect(registry.users().map(({ name }) => name)).toEqual(['张伟']);
    const empty = openRegistry(join(folder, 'new.db'), createLog('error'));
    empty.ensureFirstAdmin();
    empty.ensureFirstAdmin();
    expect(empty.users()).toMatchObject([{ name: 'admin', role: 'admin', hasPassword: false }]);
    expect(empty.createSignInLink('admin', 'test')).toBeDefined();
    empty.close();
  });
});

describe('signing in', () => {
  it('a right password opens a session with the role that the user has now', async () => {
    const opened = await session();
    expect(registry.session(opened)).toEqual({ user: '张伟', role: 'admin' });
    await registry.addUser({ name: 'li', role: 'admin' }, 'test');
    registry.changeRole('张伟', 'technician', 'test');
    expect(registry.session(opened)).toEqual({ user: '张伟', role: 'technician' });
  });

  it('a wrong password and a wrong name are answered alike', async () => {
    expect(await registry.signIn({ user: '张伟', password: 'x', address })).toEqual({
      ok: false,
      reason: 'wrong',
    });
    expect(await registry.signIn({ user: 'nobody', password, address })).toEqual({
      ok: false,
      reason: 'wrong',
    });
  });

  it('a user without a password cannot sign in with an empty one', async () => {
    await registry.addUser({ name: 'li', role: 'bureau' }, 'test');
    expect((await registry.signIn({ user: 'li', password: '', address })).ok).toBe(false);
  });

  it('after five failures even the right password has to wait', async () => {
    await Promise.all(
      Array.from({ length: 5 }, () => registry.signIn({ user: '张伟', password: 'wrong', address })),
    );
    expect(await registry.signIn({ user: '张伟', password, address: '10.0.0.2' })).toEqual({
      ok: false,
      reason: 'wait',
      seconds: 1,
    });
    time += 1;
    expect((await registry.signIn({ user: '张伟', password, address: '10.0.0.2' })).ok).toBe(true);
  });

  it('a session ends 12 hours after its last use', async () => {
    const opened = await session();
    for (let hour = 0; hour < 24; hour += 8) {
      time += 8 * 3600;
      expect(registry.session(opened)).toBeDefined();
    }
    time += 12 * 3600;
    expect(registry.session(opened)).toBeUndefined();
  });

  it('a session ends after 30 days however much it is used', async () => {
    const opened = await session();
    for (let half = 0; half < 60; half += 1) {
      time += 12 * 3600 - 60;
      expect(registry.session(opened)).toBeDefined();
    }
    time += 3600;
    expect(registry.session(opened)).toBeUndefined();
  });

  it('signing out, a new password and removal end sessions', async () => {
    const [first, second, kept] = [await session(), await session(), await session()];
    registry.signOut(first);
    expect(registry.session(first)).toBeUndefined();
    expect(await registry.changePassword('张伟', 'another fine one', 'test', kept)).toEqual({ ok: true });
    expect(registry.session(second)).toBeUndefined();
    expect(registry.session(kept)).toBeDefined();
    const again = await registry.signIn({ user: '张伟', password: 'another fine one', address });
    await registry.addUser({ name: 'li', role: 'admin' }, 'test');
    registry.removeUser('张伟', 'test');
    expect(again.ok && registry.session(again.session)).toBeUndefined();
  });

  it('a sign-in link works once and for ten minutes', () => {
    const link = registry.createSignInLink('张伟', 'test');
    const opened = registry.signInByLink(link?.token ?? '');
    expect(opened?.principal).toEqual({ user: '张伟', role: 'admin' });
    expect(registry.session(opened?.session ?? '')).toEqual({ user: '张伟', role: 'admin' });
    expect(registry.signInByLink(link?.token ?? '')).toBeUndefined();
    const late = registry.createSignInLink('张伟', 'test');
    time += 600;
    expect(registry.signInByLink(late?.token ?? '')).toBeUndefined();
    expect(registry.createSignInLink('nobody', 'test')).toBeUndefined();
  });
});

describe('tokens', () => {
  it('a token acts as its user until it is removed', () => {
    const made = registry.createToken('张伟', 'nightly export', 'test');
    expect(registry.bearer(made?.token ?? '')).toEqual({ user: '张伟', role: 'admin' });
    expect(registry.tokens('张伟')).toEqual([{ id: made?.id, label: 'nightly export', createdAt: time }]);
    expect(registry.removeToken('li', made?.id ?? '', 'test')).toBe(false);
    expect(registry.removeToken('张伟', made?.id ?? '', 'test')).toBe(true);
    expect(registry.bearer(made?.token ?? '')).toBeUndefined();
    expect(registry.createToken('nobody', 'x', 'test')).toBeUndefined();
  });
});
