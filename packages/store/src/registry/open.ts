import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { type Audit, openAudit } from './audit.ts';
import { backUp, backUpBeside, copiedRevision, openOrRestore } from './backup.ts';
import { type Enrolment, openEnrolment } from './enrolment.ts';
import { type Inventories, openInventories } from './inventories.ts';
import { openSignIn, type SignIn } from './sign-in.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { openTimetables, type Timetables } from './timetables.ts';
import { openTokens, type Tokens } from './tokens.ts';
import { openTurn, type Turn } from './turn.ts';
import { openUsers, type Users } from './users.ts';
import { openVisits, type Visits } from './visits.ts';

/** All that people have entered. Everything that changes something takes the name of who does it, and audits it. */
export interface Registry
  extends Pick<
      Snapshot,
      'inventories' | 'timetable' | 'agents' | 'agent' | 'revoked' | 'onChange' | 'onAccessChange'
    >,
    Inventories,
    Timetables,
    Visits,
    Enrolment,
    Users,
    SignIn,
    Tokens,
    Audit,
    Turn {
  /** Copies what changed since the last copy, and closes the file. */
  close(): void;
}

/** Who is enrolled is let in by nothing else than this file: a copy is no more than so much older. */
const copyEveryMs = 30_000;

/**
 * Opens the registry at the path (`<data>/hub/registry.db`) and keeps a copy beside it, made anew within half a minute of a
 * change and at closing. A damaged file is set aside and the copy takes its place.
 * @throws where the folder cannot be written, or the file was made by a newer version
 */
export function openRegistry(path: string, log: Log, now: () => Date = () => new Date()): Registry {
  const { database, restoredFrom } = openOrRestore(path, log);
  const nowS = () => Math.floor(now().getTime() / 1000);
  const snapshot = openSnapshot(database, log);
  const audit = openAudit(database, nowS);
  const users = openUsers(database, snapshot, audit, nowS);
  if (restoredFrom !== undefined)
    audit.audit({ who: 'hub', action: 'restore registry', what: path, detail: `from ${restoredFrom}` });

  let copied = copiedRevision(path);
  let copying = false;
  let closed = false;
  const failed = (error: unknown): void =>
    log.error({ error: messageOf(error), path }, 'cannot make the backup copy of the registry');
  function copy(): void {
    try {
      if (snapshot.revision() === copied) return;
      backUp(database, path);
      copied = snapshot.revision();
    } catch (error) {
      failed(error);
    }
  }
  async function copyBeside(): Promise<void> {
    if (copying) return;
    copying = true;
    try {
      // What changes while it is copied may be in the copy or not: it is copied once more.
      const revision = snapshot.revision();
      if (revision === copied) return;
      await backUpBeside(path, () => !closed);
      copied = revision;
    } catch (error) {
      failed(error);
    } finally {
      copying = false;
    }
  }
  copy();
  const timer = setInterval(copyBeside, copyEveryMs).unref();

  return {
    inventories: snapshot.inventories,
    timetable: snapshot.timetable,
    agents: snapshot.agents,
    agent: snapshot.agentOfLate,
    revoked: snapshot.revoked,
    onChange: snapshot.onChange,
    onAccessChange: snapshot.onAccessChange,
    ...audit,
    ...openTurn(database),
    ...users,
    ...openInventories(database, snapshot, audit, nowS),
    ...openTimetables(database, snapshot, audit, nowS),
    ...openVisits(database, snapshot, audit, nowS),
    ...openEnrolment(database, snapshot, audit, nowS),
    ...openSignIn(database, snapshot, users, audit, nowS, log),
    ...openTokens(database, snapshot, users, audit, nowS),
    close() {
      closed = true;
      clearInterval(timer);
      snapshot.stop();
      copy();
      database.close();
    },
  };
}
