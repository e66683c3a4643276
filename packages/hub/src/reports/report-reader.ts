import type { Text } from '@tongtang/model/text';
import type { IssuedReports } from '@tongtang/store/reports/issued-reports';
import type { KeptLetter } from '@tongtang/store/reports/letters';
import type { Deed, KeptReport, KeptRevision, ReportQuery } from '@tongtang/store/reports/revisions';
import type { ReportDocument, RevisionDocument, RevisionHead } from './documents.ts';
import { currentOf } from './report-book.ts';

/** A report as lists show it: what it is about, how it stands, and the figures of its newest revision. */
export type ReportHead = ReportDocument &
  Readonly<{
    id: string;
    county: string;
    state: KeptRevision['state'];
    newest: number;
    current?: number;
    madeAt: number;
    madeBy: string;
    why: KeptRevision['why'];
    figures: RevisionHead['figures'];
  }>;

export type RevisionRow = Readonly<{
  number: number;
  state: KeptRevision['state'];
  why: KeptRevision['why'];
  madeAt: number;
  madeBy: string;
  fingerprint: string;
  inputs: string;
  changes: number;
  history: readonly Readonly<{ at: number; by: string; what: Deed['what']; note?: string }>[];
  letters: readonly LetterRow[];
}>;

/** A mail to a reader, and what became of it. */
export type LetterRow = Readonly<{
  to: string;
  at: number;
  kind: KeptLetter['kind'];
  state: Exclude<KeptLetter['state'], 'handed'>;
  why?: Text;
}>;

/** A report with one of its revisions, and how all of these came to be. */
export type ReportDetail = ReportHead &
  RevisionDocument &
  Readonly<{ revision: number; fingerprint: string; revisions: readonly RevisionRow[] }>;

/** Issued reports as people read them. */
export class ReportReader {
  readonly #store: IssuedReports;

  constructor(store: IssuedReports) {
    this.#store = store;
  }

  list(query: ReportQuery): ReportHead[] {
    return this.#store
      .list(query)
      .flatMap((report) => headOf(report, this.#store.revisions(report.id)) ?? []);
  }

  head(id: string): ReportHead | undefined {
    const report = this.#store.find(id);
    return report && headOf(report, this.#store.revisions(id));
  }

  /** @param number of the revision; what people hold, or else the newest, where absent */
  detail(id: string, number?: number): ReportDetail | undefined {
    const revisions = this.#store.revisions(id);
    const head = this.head(id);
    const shown =
      number === undefined
        ? (currentOf(revisions) ?? revisions[0])
        : revisions.find((one) => one.number === number);
    const text = shown && this.#store.text(id, shown.number);
    if (head === undefined || shown === undefined || text === undefined) return undefined;
    const document: RevisionDocument = JSON.parse(text.document);
    const [deeds, letters] = [this.#store.deeds(id), this.#store.letters(id)];
    return {
      ...head,
      ...document,
      revision: shown.number,
      fingerprint: shown.fingerprint,
      revisions: revisions.map((revision) => ({
        ...plain(revision),
        history: deeds
          .filter((deed) => deed.number === revision.number)
          .map(({ at, who, what, note }) => ({ at, by: who, what, ...(note !== undefined && { note }) })),
        letters: letters
          .filter((letter) => letter.number === revision.number && letter.kind !== 'trial')
          .map(letterRow),
      })),
    };
  }
}

function headOf(report: KeptReport, revisions: readonly KeptRevision[]): ReportHead | undefined {
  const [newest] = revisions;
  if (newest === undefined) return undefined;
  const about: ReportDocument = JSON.parse(report.document);
  const current = currentOf(revisions);
  return {
    id: report.id,
    county: report.county,
    ...about,
    state: newest.state,
    newest: newest.number,
    ...(current && { current: current.number }),
    madeAt: newest.madeAt,
    madeBy: newest.madeBy,
    why: newest.why,
    figures: headIn(newest).figures,
  };
}

export function letterRow({ to, at, kind, state, why }: KeptLetter): LetterRow {
  return {
    to,
    at,
    kind,
    state: state === 'handed' ? 'waiting' : state,
    ...(why !== undefined && { why: { zh: why, en: why } }),
  };
}

function plain(revision: KeptRevision) {
  const { number, state, why, madeAt, madeBy, fingerprint, inputs } = revision;
  return { number, state, why, madeAt, madeBy, fingerprint, inputs, changes: headIn(revision).changes };
}

function headIn({ head }: KeptRevision): RevisionHead {
  const read: RevisionHead = JSON.parse(head);
  return read;
}
