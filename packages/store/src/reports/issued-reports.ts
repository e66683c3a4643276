import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '@tongtang/runtime/database';
import type { Log } from '@tongtang/runtime/log';
import { MendedDatabase } from '../mended-database.ts';
import { type Letters, openLetters } from './letters.ts';
import { openRevisions, type Revisions } from './revisions.ts';
import { openSchedules, type Schedules } from './schedules.ts';
import { migrations } from './schema.ts';

/** What is kept of reports, in `<data>/hub/reports.db`. What returned survives kill -9 and a power cut; everything throws where the disk refuses. */
export type IssuedReports = Revisions &
  Letters &
  Schedules &
  Readonly<{
    /** Several changes as one: all of them, or none. */
    together: <T>(work: () => T) => T;
    close: () => void;
  }>;

/** Opens the file. Where it is damaged it is set aside, loudly, and an empty one takes its place. */
export function openIssuedReports(path: string, log: Log): IssuedReports {
  const file = new MendedDatabase(
    path,
    { migrations, durability: 'full' },
    log,
    (database: DatabaseSync) => ({
      database,
      ...openRevisions(database),
      ...openLetters(database),
      ...openSchedules(database),
    }),
  );
  return {
    find: (id) => file.run((opened) => opened.find(id)),
    findKey: (key) => file.run((opened) => opened.findKey(key)),
    list: (query) => file.run((opened) => opened.list(query)),
    keepReport: (report) => file.run((opened) => opened.keepReport(report)),
    checked: (id, at, inputs) => file.run((opened) => opened.checked(id, at, inputs)),
    unchecked: (query) => file.run((opened) => opened.unchecked(query)),
    revisions: (id) => file.run((opened) => opened.revisions(id)),
    keepRevision: (revision) => file.run((opened) => opened.keepRevision(revision)),
    text: (id, number) => file.run((opened) => opened.text(id, number)),
    setState: (id, number, state) => file.run((opened) => opened.setState(id, number, state)),
    basis: (id, number) => file.run((opened) => opened.basis(id, number)),
    file: (id, number, format, language) => file.run((opened) => opened.file(id, number, format, language)),
    keepFile: (id, number, kept) => file.run((opened) => opened.keepFile(id, number, kept)),
    note: (id, number, deed) => file.run((opened) => opened.note(id, number, deed)),
    deeds: (id) => file.run((opened) => opened.deeds(id)),
    write: (letter) => file.run((opened) => opened.write(letter)),
    letters: (id) => file.run((opened) => opened.letters(id)),
    lastTrial: (county) => file.run((opened) => opened.lastTrial(county)),
    openLetters: () => file.run((opened) => opened.openLetters()),
    setLetter: (id, state, why) => file.run((opened) => opened.setLetter(id, state, why)),
    schedule: (county) => file.run((opened) => opened.schedule(county)),
    schedules: () => file.run((opened) => opened.schedules()),
    keepSchedule: (schedule) => file.run((opened) => opened.keepSchedule(schedule)),
    runs: (county) => file.run((opened) => opened.runs(county)),
    ran: (county, run) => file.run((opened) => opened.ran(county, run)),
    together: (work) => file.run(({ database }) => inTransaction(database, work)),
    close: () => file.close(),
  };
}
