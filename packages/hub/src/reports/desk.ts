import { plusDays, secondsAt } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import type { Language, Text } from '@tongtang/model/text';
import type { Term } from '@tongtang/model/timetable';
import { scopeOf } from '@tongtang/reports/make-report';
import type { Period } from '@tongtang/reports/period';
import type { Log } from '@tongtang/runtime/log';
import type { Registry } from '@tongtang/store/registry/open';
import type { IssuedReports } from '@tongtang/store/reports/issued-reports';
import type { ReportQuery } from '@tongtang/store/reports/revisions';
import type { Run } from '@tongtang/store/reports/schedules';
import type { Changes, ReportDocument, ScheduleDocument } from './documents.ts';
import { type FileFormat, fileNamesOf } from './file-names.ts';
import { type Job, openJobs } from './jobs.ts';
import { type LetterBox, PostRoom } from './post-room.ts';
import { noMailbox, reportProblems, scheduleProblems } from './problems.ts';
import { ReportRefusal } from './refusal.ts';
import { type By, ReportBook } from './report-book.ts';
import { type Print, ReportFiles } from './report-files.ts';
import { ReportKeeper } from './report-keeper.ts';
import type { ReportMaker } from './report-maker.ts';
import {
  type LetterRow,
  letterRow,
  type ReportDetail,
  type ReportHead,
  ReportReader,
} from './report-reader.ts';
import { ReportWork } from './report-work.ts';
import { type Due, dueOf, nextDue, scheduleOf } from './schedule.ts';

export type ReportsDeskParts = Readonly<{
  store: IssuedReports;
  registry: Registry;
  settledTo: (county: string) => number | undefined;
  notifier: LetterBox | undefined;
  maker: ReportMaker;
  print: Print;
  isSimulated: boolean;
  mayRun: () => boolean;
  log: Log;
  nowS: () => number;
}>;

/** What somebody wants a report of; the objective in hundredths of a per cent. */
export type Asked = Readonly<{
  county: string;
  scope?: ScheduleDocument['scope'];
  period: Period;
  objective?: number;
}>;

/** How a county wants its monthly report, what came of it last, what comes next, and the newest mail for trying. */
export type ScheduleState = ScheduleDocument &
  Readonly<{ next?: Due; last?: Run; trial?: LetterRow; problems: readonly Text[] }>;

/** Everything that people do with issued reports. What cannot be done is thrown as a {@link ReportRefusal}. */
export class ReportsDesk {
  readonly #parts: ReportsDeskParts;
  readonly #reader: ReportReader;
  readonly #files: ReportFiles;
  readonly #book: ReportBook;
  readonly #jobs: ReturnType<typeof openJobs>;
  readonly #work: ReportWork;
  readonly #post: PostRoom;
  readonly keeper: ReportKeeper;

  constructor(parts: ReportsDeskParts) {
    const { store, print, log, nowS } = parts;
    this.#parts = parts;
    this.#reader = new ReportReader(store);
    this.#files = new ReportFiles(store, print, log);
    this.#book = new ReportBook(store);
    this.#jobs = openJobs(nowS);
    this.#work = new ReportWork({ ...parts, book: this.#book });
    this.#post = new PostRoom({ ...parts, files: this.#files });
    this.keeper = new ReportKeeper({ ...parts, work: this.#work, jobs: this.#jobs, post: this.#post });
  }

  list(query: ReportQuery): ReportHead[] {
    return this.#reader.list(query);
  }

  head(id: string): ReportHead {
    return this.#reader.head(id) ?? unknown(id);
  }

  detail(id: string, number?: number): ReportDetail & Readonly<{ problems: readonly Text[] }> {
    const detail = this.#reader.detail(id, number) ?? unknown(id, number);
    const { approvers } = scheduleOf(this.#parts.store, detail.county);
    const { hasMailbox } = this.#post;
    const problems = reportProblems(detail.revisions, { approvers, hasMailbox, pdf: this.#files.problem });
    return { ...detail, problems };
  }

  /** @throws ReportRefusal, also where PDF cannot be printed: it says what to do */
  async file(id: string, format: FileFormat, language: Language, wanted?: number) {
    const head = this.head(id);
    const number = wanted ?? head.current ?? head.newest;
    const content = await this.#files.of(id, number, format, language).catch((error: unknown) => {
      if (format === 'pdf') throw new ReportRefusal('unavailable', this.#files.problem ?? 'no PDF');
      throw error;
    });
    return { content: content ?? unknown(id, number), ...fileNamesOf(head, number, format, language) };
  }

  async changes(id: string, from?: number, to?: number): Promise<Changes & { from: number; to: number }> {
    const { store, maker } = this.#parts;
    const after = to ?? this.head(id).newest;
    const before = from ?? after - 1;
    if (before === after) throw new ReportRefusal('invalid_input', 'from: is the same as to');
    const [was, is] = [store.basis(id, before), store.basis(id, after)];
    if (was === undefined)
      throw new ReportRefusal('invalid_input', `from: there is no revision ${before} of the report`);
    if (is === undefined)
      throw new ReportRefusal('invalid_input', `to: there is no revision ${after} of the report`);
    return { from: before, to: after, ...(await maker.compare(was.tables, is.tables)) };
  }

  /** Makes a report as soon as its turn comes. */
  ask({ county, scope = { kind: 'county', id: county }, period, objective }: Asked, who: string): Job {
    const inventory = this.#inventoryOf(county);
    const about = this.#scopeIn(inventory, scope);
    this.#assertOver(inventory, period);
    const { store, registry, isSimulated } = this.#parts;
    const part = objective ?? scheduleOf(store, county).objective;
    const title = {
      zh: `${about.name.zh} ${period.title.zh}`,
      en: `${about.name.en}, ${period.title.en}`,
    };
    return this.#jobs.ask({ county, title, askedBy: who }, async (told, cancelled) => {
      const timetable = registry.timetable(county);
      const wanted = {
        inventory,
        timetable,
        scope: about,
        period,
        objective: { part, of: 10_000 },
        isSimulated,
      };
      const outcome = await this.#work.make(wanted, { why: 'asked', who }, told, cancelled);
      void this.#post.look();
      if (outcome === undefined) throw new Error('nothing came of it');
      return outcome;
    });
  }

  job(id: string): Job {
    const job = this.#jobs.find(id);
    if (job === undefined)
      throw new ReportRefusal(
        'not_found',
        `job: no job "${id}"; the hub may have been started anew: ask again`,
      );
    return job;
  }

  /** What is not made yet is not made. */
  cancel(id: string): void {
    this.#jobs.cancel(id);
  }

  /** What a report may be about: the terms of the timetable, and the objective of the county's schedule. */
  periods(county: string): Readonly<{ terms: readonly Term[]; objective: number }> {
    this.#inventoryOf(county);
    const { registry, store } = this.#parts;
    const { objective } = scheduleOf(store, county);
    return { terms: registry.timetable(county)?.terms ?? [], objective };
  }

  jobs(county?: string): Job[] {
    return this.#jobs.list(county);
  }

  approve(id: string, number: number, note: string | undefined, by: By): ReportHead {
    this.#book.approve(id, number, note, by);
    return this.#done('approve report', id, number, note, by);
  }

  withdraw(id: string, note: string, by: By): ReportHead {
    this.#book.withdraw(id, note, by);
    return this.#done('withdraw report', id, undefined, note, by);
  }

  send(id: string, to: readonly string[], language: Language, number: number | undefined, by: By): void {
    this.head(id);
    this.#assertMailbox();
    this.#book.send(id, to, language, number, by);
    this.#done('send report', id, number, to.join(', '), by);
  }

  schedule(county: string): ScheduleState {
    const { store, registry, nowS } = this.#parts;
    const inventory = this.#inventoryOf(county);
    const [schedule, kept, runs] = [scheduleOf(store, county), store.schedule(county), store.runs(county)];
    const { timezone } = inventory.county;
    const timetable = registry.timetable(county);
    const [last] = runs;
    const trial = store.lastTrial(county);
    const next =
      schedule.on && kept !== undefined
        ? nextDue({ since: kept.since, now: nowS(), timezone }, runs, (month) =>
            dueOf(month, schedule, inventory, timetable),
          )
        : undefined;
    return {
      ...schedule,
      ...(next && { next }),
      ...(last && { last }),
      ...(trial && { trial: letterRow(trial) }),
      problems: scheduleProblems(schedule, {
        hasMailbox: this.#post.hasMailbox,
        waits: next !== undefined && this.keeper.waitsFor(next, inventory),
        trouble: schedule.on ? this.keeper.troubleOf(county) : undefined,
      }),
    };
  }

  setSchedule(county: string, schedule: ScheduleDocument, { who, at }: By): ScheduleState {
    const { store, registry } = this.#parts;
    this.#scopeIn(this.#inventoryOf(county), schedule.scope);
    const [before, kept] = [scheduleOf(store, county), store.schedule(county)];
    // What was due while it was off is not made when it is switched on.
    const since = before.on && kept !== undefined ? kept.since : at;
    this.#book.setSchedule(county, schedule, since, at);
    const { on, recipients, approval, approvers } = schedule;
    const named = (people: readonly string[]): string => people.join(', ') || 'nobody';
    const approved = approval ? `with approval asked of ${named(approvers)}` : 'without approval';
    const detail = `${on ? 'on' : 'off'}, ${approved}, to ${named(recipients)}`;
    registry.audit({ who, action: 'change report schedule', what: `county ${county}`, detail });
    void this.#post.look();
    return this.schedule(county);
  }

  sendTrial(county: string, to: string, { who, at }: By): void {
    this.#inventoryOf(county);
    this.#assertMailbox();
    this.#book.sendTrial(county, to, at);
    this.#parts.registry.audit({ who, action: 'send trial of report', what: `county ${county}`, detail: to });
    void this.#post.look();
  }

  /** Resolves when nothing is made or handed over any more. */
  async settled(): Promise<void> {
    await this.#jobs.inTurn(async () => {});
    await this.#post.settled();
  }

  #done(action: string, id: string, number: number | undefined, detail = '', { who }: By): ReportHead {
    const head = this.head(id);
    const what = `${head.county}/${id}${number === undefined ? '' : ` revision ${number}`}`;
    this.#parts.registry.audit({ who, action, what, detail });
    void this.#post.look();
    return head;
  }

  #inventoryOf(county: string): Inventory {
    const inventory = this.#parts.registry.inventories().find((one) => one.county.id === county);
    if (inventory === undefined) throw new ReportRefusal('not_found', `county: no county "${county}"`);
    return inventory;
  }

  #scopeIn(inventory: Inventory, { kind, id }: ScheduleDocument['scope']): ReportDocument['scope'] {
    const scope = scopeOf(inventory, kind, id);
    if (scope === undefined)
      throw new ReportRefusal('not_found', `scope: no ${kind} "${id}" in ${inventory.county.id}`);
    return scope;
  }

  /** An issued report is of days that are over and known: of others there would be a revision each day. */
  #assertOver({ county: { id, timezone } }: Inventory, { to }: Period): void {
    const settledTo = this.#parts.settledTo(id) ?? 0;
    const end = secondsAt(plusDays(to, 1), '00:00', timezone);
    if (settledTo >= end) return;
    const known =
      settledTo === 0
        ? 'nothing is known yet'
        : `it is known until ${new Date(settledTo * 1000).toISOString()}`;
    throw new ReportRefusal(
      'conflict',
      `the period is not over, or its last day is not settled yet (${known}): choose days up to yesterday, or ask again later`,
    );
  }

  #assertMailbox(): void {
    if (!this.#post.hasMailbox) throw new ReportRefusal('conflict', noMailbox.en);
  }
}

function unknown(id: string, number?: number): never {
  const what = number === undefined ? `no report "${id}"` : `no revision ${number} of report "${id}"`;
  throw new ReportRefusal('not_found', `report: ${what}`);
}
