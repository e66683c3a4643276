import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { type Audit, openAudit } from './audit.ts';
import { backUp, backUpBeside, copiedRevision } from './backup.ts';
import { openCarryOver } from './carry-over.ts';
import { type Enrolment, openEnrolment } from './enrolment.ts';
import { type Inventories, openInventories } from './inventories.ts';
import { RegistryFile } from './registry-file.ts';
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
      'inventories' | 'timetable' | 'agents' | 'agent' | 'revoked' | 'onChange' | 'onAccessChange' | 'isRead'
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
 * change and at closing. A damaged file is set aside and the copy takes its place, at the start and while it is in use.
 * @throws where the folder cannot be written, or the file was made by a newer version
 */
export function openRegistry(path: string, log: Log, now: () => Date = () => new Date()): Registry {
  const file = new RegistryFile(path, log);
  const nowS = () => Math.floor(now().getTime() / 1000);
  const audit = openAudit(file, nowS);
  const carryOver = openCarryOver(file, nowS);
  const noteRestored = (): void => {
    if (file.restoredFrom !== undefined)
      audit.audit({
        who: 'hub',
        action: 'restore registry',
        what: path,
        detail: `from ${file.restoredFrom}`,
      });
  };
  const snapshot = openSnapshot(file, log, (known) => {
    carryOver(known);
    noteRestored();
    log.warn(
      { agents: known.agents.size },
      'entered in the registry again what was known of agents and places',
    );
  });
  const users = openUsers(file, snapshot, audit, nowS);
  noteRestored();

  /** Which file holds what: another that took its place counts anew. */
  const state = (revision = snapshot.revision()): string => `${file.generation}/${revision}`;
  let copied = state(copiedRevision(path));
  let copying = false;
  let closed = false;
  const failed = (error: unknown): void =>
    log.error({ error: messageOf(error), path }, 'cannot make the backup copy of the registry');
  function copy(): void {
    try {
      if (state() === copied) return;
      backUp(file.database, path);
      copied = state();
    } catch (error) {
      failed(error);
      // What this process knows is entered in the file that takes its place, so that it outlives a restart.
      if (file.mendDamage(error)) copy();
    }
  }
  async function copyBeside(): Promise<void> {
    if (copying) return;
    copying = true;
    const { generation } = file;
    try {
      // What changes while it is copied may be in the copy or not: it is copied once more.
      const present = state();
      if (present === copied) return;
      await backUpBeside(path, () => !closed);
      copied = present;
    } catch (error) {
      failed(error);
      // The file as it is on disk: what is read here may be what was kept in memory of it.
      if (file.generation === generation) file.mendDamage(error);
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
    isRead: snapshot.isRead,
    ...audit,
    ...openTurn(file),
    ...users,
    ...openInventories(file, snapshot, audit, nowS),
    ...openTimetables(file, snapshot, audit, nowS),
    ...openVisits(file, snapshot, audit, nowS),
    ...openEnrolment(file, snapshot, audit, nowS),
    ...openSignIn(file, snapshot, users, audit, nowS, log),
    ...openTokens(file, snapshot, users, audit, nowS),
    close() {
      closed = true;
      clearInterval(timer);
      snapshot.stop();
      copy();
      file.close();
    },
  };
}
