import { inTransaction } from '@tongtang/runtime/database';
import type { Audit } from './audit.ts';
import type { RegistryFile } from './registry-file.ts';
import { integer, text } from './rows.ts';
import { digestOf, newSecret, randomLetters } from './secret.ts';
import type { Principal } from './sign-in.ts';
import type { Snapshot } from './snapshot.ts';
import { roleOf, type Users } from './users.ts';

export type TokenEntry = Readonly<{ id: string; label: string; createdAt: number }>;

/** Bearer tokens for scripts, which act as their user until they are removed. */
export interface Tokens {
  /** The token is shown once: only its hash is stored. Undefined where there is no such user. */
  createToken(user: string, label: string, by: string): { id: string; token: string } | undefined;
  tokens(user: string): TokenEntry[];
  /** @returns whether the user had such a token */
  removeToken(user: string, id: string, by: string): boolean;
  /** Whose token this is. */
  bearer(token: string): Principal | undefined;
}

export function openTokens(
  database: RegistryFile,
  snapshot: Snapshot,
  users: Users,
  { audit }: Audit,
  nowS: () => number,
): Tokens {
  const insert = database.prepare(
    'INSERT INTO tokens (id, hash, user, label, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const selectOf = database.prepare('SELECT * FROM tokens WHERE user = ? ORDER BY created_at, id');
  const remove = database.prepare('DELETE FROM tokens WHERE user = ? AND id = ?');
  const selectBearer = database.prepare(
    'SELECT name, role FROM tokens JOIN users ON users.name = tokens.user WHERE hash = ?',
  );

  return {
    createToken(user, label, by) {
      if (users.user(user) === undefined) return undefined;
      const id = randomLetters(8).toLowerCase();
      const token = `tongtang_${newSecret()}`;
      inTransaction(database, () => {
        insert.run(id, digestOf(token), user, label, nowS());
        audit({ who: by, action: 'create token', what: user, detail: label });
      });
      snapshot.announce();
      return { id, token };
    },
    tokens: (user) =>
      selectOf.all(user).map((row) => ({
        id: text(row, 'id'),
        label: text(row, 'label'),
        createdAt: integer(row, 'created_at'),
      })),
    removeToken(user, id, by) {
      const removed = inTransaction(database, () => {
        if (remove.run(user, id).changes === 0) return false;
        audit({ who: by, action: 'remove token', what: user, detail: id });
        return true;
      });
      snapshot.announce();
      return removed;
    },
    bearer(token) {
      const row = selectBearer.get(digestOf(token));
      return row && { user: text(row, 'name'), role: roleOf(text(row, 'role')) };
    },
  };
}
