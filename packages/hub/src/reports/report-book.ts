import { randomBytes } from 'node:crypto';
import type { Language } from '@tongtang/model/text';
import type { IssuedReports } from '@tongtang/store/reports/issued-reports';
import type { KeptLetter, LetterKind } from '@tongtang/store/reports/letters';
import type { KeptReport, KeptRevision, RevisionReason } from '@tongtang/store/reports/revisions';
import type { Run } from '@tongtang/store/reports/schedules';
import { keyOf, type ReportDocument, type ScheduleDocument } from './documents.ts';
import type { Outcome } from './jobs.ts';
import { ReportRefusal } from './refusal.ts';
import type { WantedReport } from './report-from-files.ts';
import type { Made } from './report-maker-thread.ts';
import { scheduleOf } from './schedule.ts';

/** Who does it, and when, in seconds since 1970. */
export type By = Readonly<{ who: string; at: number }>;

/** Who made a revision that nobody asked for. */
export const theHub = 'hub';

/** What can be done with issued reports. Each is one transaction, with the letters that people are to have of it. */
export class ReportBook {
  readonly #store: IssuedReports;

  constructor(store: IssuedReports) {
    this.#store = store;
  }

  /** Tables of what was made last and of what people hold, to compare a new revision with. */
  basisOf(key: string): Readonly<{ newest?: Uint8Array; current?: Uint8Array }> {
    const report = this.#store.findKey(key);
    if (report === undefined) return {};
    const revisions = this.#store.revisions(report.id);
    const [newest, current] = [standing(revisions), currentOf(revisions)].map((revision) =>
      revision === undefined ? undefined : this.#store.basis(report.id, revision.number)?.tables,
    );
    return { ...(newest && { newest }), ...(current && { current }) };
  }

  /**
   * Enters what was made as a revision, where a reader finds anything in it that the last one does not say.
   * @param month of a scheduled report: it is done with it, whatever came of it
   */
  enter(wanted: WantedReport, made: Made, why: RevisionReason, { who, at }: By, month?: string): Outcome {
    const county = wanted.inventory.county.id;
    const about = { scope: wanted.scope, period: wanted.period, objective: wanted.objective };
    const key = keyOf(county, about);
    return this.#store.together(() => {
      const known = this.#store.findKey(key);
      const id = known?.id ?? `r-${randomBytes(4).toString('hex')}`;
      const revisions = known === undefined ? [] : this.#store.revisions(id);
      const last = standing(revisions);
      const ran = (outcome: Run['outcome']): void => {
        if (month !== undefined) this.#store.ran(county, { month, at, outcome, report: id });
      };
      if (made.isSame && last !== undefined) {
        this.#store.checked(id, at, made.inputs);
        ran('unchanged');
        if (last.state === 'issued') this.#tell(id, county, last.number, at, false);
        return { report: id, revision: last.number, outcome: 'unchanged' };
      }
      const number = (revisions[0]?.number ?? 0) + 1;
      const outcome = scheduleOf(this.#store, county).approval ? 'awaiting' : 'issued';
      this.#store.keepReport({
        id,
        county,
        key,
        ...(wanted.scope.kind === 'school' && { school: wanted.scope.id }),
        lastDay: wanted.period.to,
        document: JSON.stringify({ ...about, title: made.title } satisfies ReportDocument),
        madeAt: at,
        checkedAt: at,
        checkedInputs: made.inputs,
      });
      this.#replaceAwaiting(id, revisions, number, { who, at });
      this.#store.keepRevision({
        report: id,
        number,
        state: outcome,
        why,
        madeAt: at,
        madeBy: who,
        fingerprint: made.fingerprint,
        inputs: made.inputs,
        head: JSON.stringify(made.head),
        document: JSON.stringify(made.document),
        changes: JSON.stringify(made.changes),
        tables: made.tables,
        source: made.source,
        files: made.files,
      });
      this.#store.note(id, number, { at, who, what: 'made' });
      ran(outcome);
      if (outcome === 'issued') this.#tell(id, county, number, at, true);
      else this.#callApprovers(id, county, number, at);
      return { report: id, revision: number, outcome };
    });
  }

  /** A scheduled report of a month without lessons is none. */
  enterNothing(county: string, month: string, at: number): void {
    this.#store.ran(county, { month, at, outcome: 'nothing' });
  }

  /** @throws ReportRefusal where that revision awaits nothing */
  approve(id: string, number: number, note: string | undefined, { who, at }: By): void {
    this.#store.together(() => {
      const report = this.#existing(id);
      const revision = this.#store.revisions(id).find((one) => one.number === number);
      if (revision?.state !== 'awaiting')
        throw new ReportRefusal('conflict', `revision: ${number} does not await approval`);
      this.#store.setState(id, number, 'issued');
      this.#store.note(id, number, { at, who, what: 'approved', ...(note !== undefined && { note }) });
      this.#tell(id, report.county, number, at, true);
    });
  }

  /**
   * Withdraws what awaits approval, or else all that people hold; these are told.
   * @throws ReportRefusal where there is nothing to withdraw
   */
  withdraw(id: string, note: string, { who, at }: By): void {
    this.#store.together(() => {
      const report = this.#existing(id);
      const revisions = this.#store.revisions(id);
      const [newest] = revisions;
      const awaiting = revisions.filter(({ state }) => state === 'awaiting');
      const issued = revisions.filter(({ state }) => state === 'issued');
      const going = awaiting.length > 0 ? awaiting : issued;
      if (newest === undefined || going.length === 0)
        throw new ReportRefusal('conflict', 'the report is withdrawn already');
      for (const { number } of going) {
        this.#store.setState(id, number, 'withdrawn');
        this.#store.note(id, number, { at, who, what: 'withdrawn', note });
      }
      if (awaiting.length > 0) return;
      const last = issued[0]?.number ?? newest.number;
      for (const { to, language } of this.#holders(id))
        this.#write(report.county, id, last, 'withdrawn', to, language, at);
    });
  }

  /** @throws ReportRefusal where that revision was not handed out, or none was */
  send(
    id: string,
    to: readonly string[],
    language: Language,
    number: number | undefined,
    { who, at }: By,
  ): void {
    this.#store.together(() => {
      const report = this.#existing(id);
      const revisions = this.#store.revisions(id);
      const revision =
        number === undefined ? currentOf(revisions) : revisions.find((one) => one.number === number);
      if (revision?.state !== 'issued')
        throw new ReportRefusal('conflict', 'only what is issued and not withdrawn is sent');
      for (const each of new Set(to))
        this.#write(report.county, id, revision.number, 'sent', each, language, at);
      this.#store.note(id, revision.number, { at, who, what: 'sent', note: [...new Set(to)].join(', ') });
    });
  }

  /**
   * Enters how a county wants its monthly report. Who is to approve reports from now on is told of those that wait already.
   * @param since it is on, in seconds since 1970
   */
  setSchedule(county: string, schedule: ScheduleDocument, since: number, at: number): void {
    this.#store.together(() => {
      this.#store.keepSchedule({ county, document: JSON.stringify(schedule), since });
      for (const { id } of this.#newest(county)) {
        const waiting = this.#store.revisions(id).find(({ state }) => state === 'awaiting');
        if (waiting !== undefined) this.#callApprovers(id, county, waiting.number, at);
      }
    });
  }

  /** Sends the newest report of a county as a trial, or a line where none was issued. */
  sendTrial(county: string, to: string, at: number): void {
    const report = this.#newest(county).find(({ id }) => currentOf(this.#store.revisions(id)) !== undefined);
    const number = report && currentOf(this.#store.revisions(report.id))?.number;
    this.#write(county, report?.id, number, 'trial', to, scheduleOf(this.#store, county).language, at);
  }

  #newest(county: string): KeptReport[] {
    return this.#store.list({ county, limit: 500 });
  }

  #existing(id: string): KeptReport {
    const report = this.#store.find(id);
    if (report === undefined) throw new ReportRefusal('not_found', `report: no report "${id}"`);
    return report;
  }

  #replaceAwaiting(id: string, revisions: readonly KeptRevision[], by: number, { who, at }: By): void {
    for (const { number, state } of revisions) {
      if (state !== 'awaiting') continue;
      this.#store.setState(id, number, 'replaced');
      this.#store.note(id, number, { at, who, what: 'replaced', note: `revision ${by}` });
    }
  }

  /**
   * Whoever has the report is sent a new revision of it, and of a scheduled one those whom the schedule names are sent what they have not.
   */
  #tell(id: string, county: string, number: number, at: number, isNew: boolean): void {
    const holders = this.#holders(id);
    for (const { to, language } of isNew ? holders : [])
      this.#write(county, id, number, 'revised', to, language, at);
    if (!this.#store.runs(county).some(({ report }) => report === id)) return;
    const { recipients, language } = scheduleOf(this.#store, county);
    for (const to of recipients)
      if (!holders.some((holder) => holder.to === to))
        this.#write(county, id, number, 'issued', to, language, at);
  }

  /** Whoever approves reports of the county is asked to once for each revision. */
  #callApprovers(id: string, county: string, number: number, at: number): void {
    const { approval, approvers, language } = scheduleOf(this.#store, county);
    const asked = this.#store
      .letters(id)
      .filter((letter) => letter.kind === 'awaiting' && letter.number === number)
      .map(({ to }) => to);
    for (const to of approval ? approvers : [])
      if (!asked.includes(to)) this.#write(county, id, number, 'awaiting', to, language, at);
  }

  /** Who was sent any revision of a report, with the language that each had last. */
  #holders(id: string): Pick<KeptLetter, 'to' | 'language'>[] {
    const had = this.#store
      .letters(id)
      .filter(({ kind }) => kind === 'issued' || kind === 'revised' || kind === 'sent');
    return [...new Map(had.map(({ to, language }) => [to, { to, language }])).values()];
  }

  #write(
    county: string,
    report: string | undefined,
    number: number | undefined,
    kind: LetterKind,
    to: string,
    language: string,
    at: number,
  ): void {
    const id = `tongtang-report-${randomBytes(10).toString('hex')}`;
    const of = report === undefined || number === undefined ? {} : { report, number };
    this.#store.write({ id, ...of, county, kind, to, language, at });
  }
}

/** What people hold: the newest that was issued and not withdrawn. */
export function currentOf(revisions: readonly KeptRevision[]): KeptRevision | undefined {
  return revisions.find(({ state }) => state === 'issued');
}

/** The newest that is or may be issued. */
function standing(revisions: readonly KeptRevision[]): KeptRevision | undefined {
  return revisions.find(({ state }) => state === 'issued' || state === 'awaiting');
}
