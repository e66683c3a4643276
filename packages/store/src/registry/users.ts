import { inTransaction } from '@tongtang/runtime/database';
import type { Audit } from './audit.ts';
import type { RegistryFile } from './registry-file.ts';
import { integer, optionalText, type Row, text } from './rows.ts';
import { digestOf } from './secret.ts';
import type { Snapshot } from './snapshot.ts';
import { hashUserPassword, passwordProblem, verifyUserPassword } from './user-password.ts';

/**
 * `admin` may do everything; `technician` reads all that operation needs and may ask agents for live data; `bureau`
 * reads places and reports.
 */
export const roles = ['admin', 'technician', 'bureau'] as const;
export type Role = (typeof roles)[number];

export type User = Readonly<{ name: string; role: Role; createdAt: number; hasPassword: boolean }>;

export type UserResult = Readonly<{ ok: true }> | Readonly<{ ok: false; problem: string }>;

/** Who may sign in, and as what. */
export interface Users {
  /** Without a password the user signs in by link or token only. Refused where the name is taken or unfit. */
  addUser(user: { name: string; role: Role; password?: string }, by: string): Promise<UserResult>;
  /** Ends all of the user's sessions but the one given. */
  changePassword(name: string, password: string, by: string, keepSession?: string): Promise<UserResult>;
  /** Refused for the last admin. */
  changeRole(name: string, role: Role, by: string): UserResult;
  /** Ends the user's sessions and tokens too. Refused for the last admin. */
  removeUser(name: string, by: string): UserResult;
  users(): User[];
  user(name: string): User | undefined;
  /** Whether this is the user's password; false, after the same time, where there is no such user or password. */
  verifyPassword(name: string, password: string): Promise<boolean>;
  /** Makes the admin `admin`, who signs in by link, where there is no user at all. */
  ensureFirstAdmin(): void;
}

/** Letters of any script, since people are called 张伟. No spaces: names that are not users' have one. */
const namePattern = /^[\p{L}\p{N}](?:[\p{L}\p{N}._@-]{0,62}[\p{L}\p{N}])?$/u;

export function openUsers(
  database: RegistryFile,
  snapshot: Snapshot,
  { audit }: Audit,
  nowS: () => number,
): Users {
  const select = database.prepare('SELECT * FROM users WHERE name = ?');
  const selectAll = database.prepare('SELECT * FROM users ORDER BY name');
  const insert = database.prepare(
    'INSERT INTO users (name, role, password_hash, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const setPassword = database.prepare('UPDATE users SET password_hash = ? WHERE name = ?');
  const setRole = database.prepare('UPDATE users SET role = ? WHERE name = ?');
  const remove = database.prepare('DELETE FROM users WHERE name = ?');
  const endSessions = database.prepare('DELETE FROM sessions WHERE user = ? AND hash <> ?');
  const otherAdmins = database.prepare("SELECT count(*) AS n FROM users WHERE role = 'admin' AND name <> ?");

  const isLastAdmin = (row: Row): boolean =>
    row.role === 'admin' && integer(otherAdmins.get(text(row, 'name')) ?? {}, 'n') === 0;

  /** Changes one user in a transaction, or says that there is none. */
  function change(name: string, work: (row: Row) => UserResult): UserResult {
    const result = inTransaction(database, () => {
      const row = select.get(name);
      return row === undefined ? problem(`user: no user "${name}"`) : work(row);
    });
    snapshot.announce();
    return result;
  }

  return {
    async addUser({ name, role, password }, by) {
      if (!namePattern.test(name))
        return problem('name: must be 1 to 64 letters, digits and inner . _ @ -, without spaces');
      const unfit = password === undefined ? undefined : passwordProblem(password, name);
      if (unfit !== undefined) return problem(unfit);
      const hash = password === undefined ? null : await hashUserPassword(password);
      const result = inTransaction(database, () => {
        if (insert.run(name, role, hash, nowS()).changes === 0) return problem(`name: "${name}" is taken`);
        audit({ who: by, action: 'add user', what: name, detail: role });
        return done;
      });
      snapshot.announce();
      return result;
    },

    async changePassword(name, password, by, keepSession = '') {
      const unfit = passwordProblem(password, name);
      if (unfit !== undefined) return problem(unfit);
      const hash = await hashUserPassword(password);
      return change(name, () => {
        setPassword.run(hash, name);
        endSessions.run(name, digestOf(keepSession));
        audit({ who: by, action: 'change password', what: name });
        return done;
      });
    },

    changeRole: (name, role, by) =>
      change(name, (row) => {
        if (role !== 'admin' && isLastAdmin(row)) return problem(`role: "${name}" is the last admin`);
        setRole.run(role, name);
        audit({ who: by, action: 'change role', what: name, detail: `${text(row, 'role')} → ${role}` });
        return done;
      }),

    removeUser: (name, by) =>
      change(name, (row) => {
        if (isLastAdmin(row)) return problem(`user: "${name}" is the last admin`);
        remove.run(name);
        audit({ who: by, action: 'remove user', what: name });
        return done;
      }),

    users: () => selectAll.all().map(userOf),
    user(name) {
      const row = select.get(name);
      return row && userOf(row);
    },
    verifyPassword(name, password) {
      const row = select.get(name);
      return verifyUserPassword(password, row && optionalText(row, 'password_hash'));
    },
    ensureFirstAdmin() {
      inTransaction(database, () => {
        if (selectAll.get() !== undefined) return;
        insert.run(firstAdmin, 'admin', null, nowS());
        audit({ who: 'first start', action: 'add user', what: firstAdmin, detail: 'admin' });
      });
      snapshot.announce();
    },
  };
}

/** Whose name `npm start` signs a newcomer in with. */
const firstAdmin = 'admin';

const done = { ok: true } as const;

function problem(message: string): { ok: false; problem: string } {
  return { ok: false, problem: message };
}

function userOf(row: Row): User {
  return {
    name: text(row, 'name'),
    role: roleOf(text(row, 'role')),
    createdAt: integer(row, 'created_at'),
    hasPassword: row.password_hash !== null,
  };
}

/** @throws where the database holds a role that this version does not know */
export function roleOf(stored: string): Role {
  const role = roles.find((known) => known === stored);
  if (role === undefined) throw new TypeError(`unknown role "${stored}"`);
  return role;
}
