import { inTransaction } from '@tongtang/runtime/database';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { Audit } from './audit.ts';
import type { RegistryFile } from './registry-file.ts';
import { integer, text } from './rows.ts';
import { digestOf, newSecret } from './secret.ts';
import type { Snapshot } from './snapshot.ts';
import { Throttle } from './throttle.ts';
import { type Role, roleOf, type Users } from './users.ts';

/** Who speaks: a user and the role it has now. */
export type Principal = Readonly<{ user: string; role: Role }>;

export type SignedIn = Readonly<{ ok: true; principal: Principal; session: string }>;
export type SignInResult =
  | SignedIn
  | Readonly<{ ok: false; reason: 'wrong' }>
  | Readonly<{ ok: false; reason: 'wait'; seconds: number }>;

/** Ways in: password, one-time link; and the session that each opens. Secrets are stored hashed. */
export interface SignIn {
  /**
   * By password. `address` is where the try comes from: too many failures of a user or an address make it wait.
   * A wrong name and a wrong password are answered alike.
   */
  signIn(attempt: { user: string; password: string; address: string }): Promise<SignInResult>;
  /** A secret that signs the user in once within ten minutes; undefined where there is no such user. */
  createSignInLink(user: string, by: string): { token: string; expiresAt: number } | undefined;
  signInByLink(token: string): SignedIn | undefined;
  /** Whose session this is. It ends 12 hours after it was last used and 30 days after it was opened. */
  session(secret: string): Principal | undefined;
  signOut(secret: string): void;
}

const idleS = 12 * 3600;
const longestS = 30 * 24 * 3600;
const linkLifeS = 600;
/** A session's last use is written down no more often than this, to spare the disk. */
const touchEveryS = 60;

export function openSignIn(
  database: RegistryFile,
  snapshot: Pick<Snapshot, 'sessionEnded'>,
  users: Users,
  { audit }: Audit,
  nowS: () => number,
  log: Log,
): SignIn {
  const throttle = new Throttle(nowS);
  const insertSession = database.prepare(
    'INSERT INTO sessions (hash, user, opened_at, seen_at) VALUES (?, ?, ?, ?)',
  );
  const forgetSessions = database.prepare('DELETE FROM sessions WHERE seen_at <= ? OR opened_at <= ?');
  const selectSession = database.prepare(`
    SELECT name, role, opened_at, seen_at FROM sessions JOIN users ON users.name = sessions.user WHERE hash = ?
  `);
  const touchSession = database.prepare('UPDATE sessions SET seen_at = ? WHERE hash = ?');
  let touchesFrom = 0;
  const deleteSession = database.prepare('DELETE FROM sessions WHERE hash = ?');
  const insertLink = database.prepare('INSERT INTO sign_in_links (hash, user, expires_at) VALUES (?, ?, ?)');
  const forgetLinks = database.prepare('DELETE FROM sign_in_links WHERE expires_at <= ?');
  const spendLink = database.prepare('DELETE FROM sign_in_links WHERE hash = ? RETURNING user, expires_at');

  function open(name: string, how: string): SignedIn | undefined {
    const user = users.user(name);
    if (user === undefined) return undefined;
    const session = newSecret();
    inTransaction(database, () => {
      forgetSessions.run(nowS() - idleS, nowS() - longestS);
      insertSession.run(digestOf(session), name, nowS(), nowS());
      audit({ who: name, action: 'sign in', what: name, detail: how });
    });
    return { ok: true, principal: { user: name, role: user.role }, session };
  }

  /**
   * A disk that is full, or a registry that somebody else writes, must lock nobody out: it ends 12 hours later. Nor must each request of
   * each open page try again, and wait.
   */
  function touch(hash: string, now: number): void {
    if (now < touchesFrom) return;
    try {
      touchSession.run(now, hash);
    } catch (error) {
      touchesFrom = now + touchEveryS;
      log.warn({ error: messageOf(error) }, 'the last use of a session was not written down');
    }
  }

  return {
    async signIn({ user, password, address }) {
      const names = [`user ${user}`, `address ${address}`];
      const seconds = throttle.waitS(...names);
      if (seconds > 0) return { ok: false, reason: 'wait', seconds };
      throttle.fail(...names);
      const right = await users.verifyPassword(user, password);
      const opened = right ? open(user, `password, from ${address}`) : undefined;
      if (opened === undefined) return { ok: false, reason: 'wrong' };
      throttle.forgive(...names);
      return opened;
    },

    createSignInLink(name, by) {
      if (users.user(name) === undefined) return undefined;
      const token = newSecret();
      const expiresAt = nowS() + linkLifeS;
      inTransaction(database, () => {
        forgetLinks.run(nowS());
        insertLink.run(digestOf(token), name, expiresAt);
        audit({ who: by, action: 'create sign-in link', what: name });
      });
      return { token, expiresAt };
    },

    signInByLink(token) {
      const row = spendLink.get(digestOf(token));
      if (row === undefined || integer(row, 'expires_at') <= nowS()) return undefined;
      return open(text(row, 'user'), 'link');
    },

    session(secret) {
      const hash = digestOf(secret);
      const row = selectSession.get(hash);
      if (row === undefined) return undefined;
      const now = nowS();
      const seenAt = integer(row, 'seen_at');
      if (now - seenAt >= idleS || now - integer(row, 'opened_at') >= longestS) return undefined;
      if (now - seenAt >= touchEveryS) touch(hash, now);
      return { user: text(row, 'name'), role: roleOf(text(row, 'role')) };
    },

    signOut(secret) {
      deleteSession.run(digestOf(secret));
      snapshot.sessionEnded();
    },
  };
}
