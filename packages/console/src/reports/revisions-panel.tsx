import type { JSX } from 'preact';
import type { County } from '../api/answers.ts';
import type { Letter, Report, Revision } from '../api/report-answers.ts';
import { inLanguage, words } from '../language/language.ts';
import { ReportState } from './report-state.tsx';
import { makerName, momentText, type ReportQuery, reportAddress } from './report-text.ts';

type RevisionsPanelProps = Readonly<{ report: Report; county: County | undefined; query: ReportQuery }>;

/** Every revision with what became of it, the newest first. */
export function RevisionsPanel({ report, county, query }: RevisionsPanelProps): JSX.Element {
  const t = words.value.reports.revisions;
  return (
    <section class="sheet panel" aria-labelledby="revisions">
      <h2 id="revisions">{t.title}</h2>
      <ol class="report-revisions">
        {report.revisions.map((revision) => (
          <RevisionEntry
            key={revision.number}
            report={report}
            revision={revision}
            county={county}
            query={query}
          />
        ))}
      </ol>
    </section>
  );
}

type EntryProps = RevisionsPanelProps & Readonly<{ revision: Revision }>;

function RevisionEntry({ report, revision, county, query }: EntryProps): JSX.Element {
  const t = words.value.reports;
  const { number, state, why, changes, history, letters, fingerprint } = revision;
  const { id, revisions } = report;
  // What nobody ever had is nothing that changed.
  const before = revisions.find((other) => other.number < number && other.state !== 'replaced')?.number;
  return (
    <li>
      <p class="report-line">
        <strong>{t.revision(number)}</strong>
        <ReportState state={state} />
        <span>{t.reasons[why]}</span>
        <span class="hint">
          {t.revisions.fingerprint} <code>{fingerprint}</code>
        </span>
        {number === report.revision ? (
          <span class="hint">{t.revisions.shown}</span>
        ) : (
          <a
            href={reportAddress(id, { revision: String(number) })}
            aria-label={`${t.revisions.show}: ${t.revision(number)}`}
          >
            {t.revisions.show}
          </a>
        )}
        {before === undefined ? (
          <span class="hint">{t.revisions.firstOne}</span>
        ) : changes === 0 ? (
          <span class="hint">{t.revisions.noChanges}</span>
        ) : (
          <a href={reportAddress(id, { ...query, from: String(before), to: String(number) })}>
            {t.revisions.changes(changes)}
          </a>
        )}
      </p>
      <ul class="report-history">
        {history.map(({ at, by, what, note }) => (
          <li key={`${at} ${what}`}>
            <time>{momentText(at, county)}</time>
            <span>
              {t.revisions.deeds[what]} · {makerName(by)}
              {note !== undefined && <span class="report-note">{note}</span>}
            </span>
          </li>
        ))}
      </ul>
      {letters.length > 0 && <Letters letters={letters} county={county} />}
    </li>
  );
}

type LettersProps = Readonly<{ letters: readonly Letter[]; county: County | undefined }>;

function Letters({ letters, county }: LettersProps): JSX.Element {
  const t = words.value.reports.revisions;
  return (
    <ul class="report-history" aria-label={t.letters}>
      {letters.map(({ to, at, kind, state, why }) => (
        <li key={`${kind} ${to} ${at}`}>
          <time>{momentText(at, county)}</time>
          <span class={state === 'failed' ? 'problem' : ''}>
            {t.letterKinds[kind]} → {to}: {t.letterStates[state]}
            {why !== undefined && <span class="report-note">{inLanguage(why)}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
