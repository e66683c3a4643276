import { inflateSync } from 'node:zlib';
import type { Audit } from '@tongtang/store/registry/audit';
import type { Turn } from '@tongtang/store/registry/turn';
import type { Visits } from '@tongtang/store/registry/visits';
import type { IssuedReports } from '@tongtang/store/reports/issued-reports';
import type { KeptReport, RevisionReason } from '@tongtang/store/reports/revisions';
import { keyOf, type ReportDocument, type Source } from './documents.ts';
import type { Outcome } from './jobs.ts';
import { type ReportBook, theHub } from './report-book.ts';
import type { Progress, WantedReport } from './report-from-files.ts';
import type { ReportMaker } from './report-maker.ts';

export type ReportWorkParts = Readonly<{
  store: IssuedReports;
  book: ReportBook;
  maker: Pick<ReportMaker, 'make'>;
  registry: Pick<Audit, 'audit'> & Pick<Turn, 'writable'> & Pick<Visits, 'visits'>;
  isSimulated: boolean;
  nowS: () => number;
}>;

/** Why and for whom a report is made; `month` where the schedule wants it. */
export type Occasion = Readonly<{ why: RevisionReason; who: string; month?: string }>;

/** Makes a report and enters it. One at a time: what it is compared with must be the last one when it is entered. */
export class ReportWork {
  readonly #parts: ReportWorkParts;

  constructor(parts: ReportWorkParts) {
    this.#parts = parts;
  }

  /**
   * @returns undefined of a scheduled one where there was no lesson
   * @throws where it is cancelled before it is made
   */
  async make(
    about: Omit<WantedReport, 'visits'>,
    { why, who, month }: Occasion,
    told: (progress: Progress) => void = () => {},
    cancelled?: AbortSignal,
  ): Promise<Outcome | undefined> {
    const { book, maker, nowS } = this.#parts;
    const wanted = this.#withVisits(about);
    const county = wanted.inventory.county.id;
    const made = await maker.make({ wanted, ...book.basisOf(keyOf(county, wanted)) }, told, cancelled);
    if ('known' in made) throw new Error('a report that was to be made was not');
    if (month !== undefined && !made.hasLessons) {
      book.enterNothing(county, month, nowS());
      return undefined;
    }
    await this.#parts.registry.writable();
    const outcome = book.enter(wanted, made, why, { who, at: nowS() }, month);
    this.#audit(who, county, wanted, outcome);
    return outcome;
  }

  /**
   * Looks whether what a report was made of is other than it was, with the county as it was then: who came to it since, or moved, makes no
   * report of the past another.
   */
  async recheck(report: KeptReport): Promise<void> {
    const { store, book, maker, isSimulated, nowS } = this.#parts;
    const about: ReportDocument = JSON.parse(report.document);
    const last = store.revisions(report.id).find(({ state }) => state === 'issued' || state === 'awaiting');
    const basis = last && store.basis(report.id, last.number);
    if (basis === undefined) return;
    const source: Source = JSON.parse(inflateSync(basis.source).toString('utf8'));
    const { inventory, timetable } = source;
    const wanted = this.#withVisits({ ...about, inventory, timetable, isSimulated });
    const made = await maker.make(
      { wanted, known: report.checkedInputs, ...book.basisOf(report.key) },
      () => {},
    );
    if ('known' in made) return store.checked(report.id, nowS(), made.known);
    await this.#parts.registry.writable();
    const outcome = book.enter(wanted, made, 'late-data', { who: theHub, at: nowS() });
    if (outcome.outcome !== 'unchanged') this.#audit(theHub, report.county, wanted, outcome);
  }

  /** The register as it is now: what was entered late was held in the period all the same. */
  #withVisits(about: Omit<WantedReport, 'visits'>): WantedReport {
    const { inventory, period } = about;
    return { ...about, visits: this.#parts.registry.visits(inventory.county.id, { to: period.to }) };
  }

  #audit(
    who: string,
    county: string,
    { scope, period }: WantedReport,
    { report, revision, outcome }: Outcome,
  ): void {
    this.#parts.registry.audit({
      who,
      action: 'issue report',
      what: `${county}/${report} revision ${revision}`,
      detail: `${scope.kind} ${scope.id}, ${period.from} to ${period.to}: ${outcome}`,
    });
  }
}
