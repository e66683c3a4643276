import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { County, Me } from '../api/answers.ts';
import { useAnswer } from '../api/asked-answer.ts';
import { ApiError } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import type { Report } from '../api/report-answers.ts';
import { Problem } from '../design/problem.tsx';
import { inLanguage, locale, words } from '../language/language.ts';
import { ChangesPanel } from './changes-panel.tsx';
import { ComparePanel } from './compare-panel.tsx';
import { CompletenessPanel } from './completeness-panel.tsx';
import { DownloadsPanel } from './downloads-panel.tsx';
import { FigureTable } from './figure-table.tsx';
import { FigureTiles } from './figure-tiles.tsx';
import { dayName } from './periods.ts';
import { useCounties } from './places.ts';
import { ReportActions } from './report-actions.tsx';
import { ReportState } from './report-state.tsx';
import {
  decides,
  makerName,
  momentText,
  type ReportQuery,
  reportAddress,
  reportName,
} from './report-text.ts';
import './report-parts.css';
import './report.css';
import { RevisionsPanel } from './revisions-panel.tsx';

/** One report: what it says, how complete it is, its files, and what became of it. */
export default function ReportPage({ me }: { me: Me }): JSX.Element {
  const t = words.value;
  const { params, query } = useRoute();
  const id = params.id ?? '';
  const { revision } = query;
  const { counties } = useCounties();
  const { state, again } = useAnswer<Report>(
    `${id} ${revision}`,
    `reports/${encodeURIComponent(id)}`,
    () => ({ revision }),
  );
  const { answer, error } = state.value;
  const title = answer === undefined ? t.reports.title : reportName(answer);
  useEffect(() => {
    document.title = `${title} · ${t.product}`;
  }, [title, t]);

  if (answer !== undefined)
    return (
      <Known
        report={answer}
        county={counties?.find((one) => one.id === answer.county)}
        me={me}
        error={error}
        changed={again}
        query={query}
      />
    );
  if (error === undefined) return <p class="waiting">{t.loading}</p>;
  if (error instanceof ApiError && error.status === 404)
    return (
      <div class="empty">
        <h1>{t.reports.missing}</h1>
        <a href="/reports">{t.toReports}</a>
      </div>
    );
  return <Problem text={problemText(error)} />;
}

type KnownProps = Readonly<{
  report: Report;
  county: County | undefined;
  me: Me;
  error: unknown;
  changed: () => void;
  query: ReportQuery;
}>;

function Known({ report, county, me, error, changed, query }: KnownProps): JSX.Element {
  const t = words.value.reports;
  const said = useSignal('');
  const { id, scope, period, revision, revisions, summary } = report;
  const shown = revisions.find(({ number }) => number === revision);
  return (
    <article class="report-page">
      <nav class="crumbs" aria-label={t.title}>
        <a href="/reports">{t.title}</a>
      </nav>
      <div class="page-head">
        <h1>{reportName(report)}</h1>
        <ReportActions
          report={report}
          me={me}
          done={(text) => {
            said.value = text;
            changed();
          }}
        />
      </div>
      <p class="report-line">
        {shown !== undefined && <ReportState state={shown.state} />}
        <span>{t.revisionOf(revision, report.newest)}</span>
        <span>{t.scopes[scope.kind]}</span>
        <span>{t.period(dayName(period.from, locale.value), dayName(period.to, locale.value))}</span>
        {shown !== undefined && (
          <span>
            {t.madeBy(momentText(shown.madeAt, county), makerName(shown.madeBy))} · {t.reasons[shown.why]}
          </span>
        )}
      </p>
      <p class="report-said" role="status">
        {said}
      </p>
      {error !== undefined && (
        <p class="stale-note" role="status">
          {problemText(error)}
        </p>
      )}
      <Notices report={report} me={me} />
      <FigureTiles report={report} />
      <div class="panels">
        <DownloadsPanel report={report} />
        <CompletenessPanel report={report} />
      </div>
      <RevisionsPanel report={report} county={county} query={query} />
      {query.from !== undefined && query.to !== undefined && (
        <ChangesPanel report={report} from={Number(query.from)} to={Number(query.to)} query={query} />
      )}
      <section class="sheet panel" aria-labelledby="all-figures">
        <h2 id="all-figures">{t.all}</h2>
        <FigureTable figures={summary} />
      </section>
      <ComparePanel key={id} report={report} query={query} />
    </article>
  );
}

/** What has to be known before any figure is read. */
function Notices({ report, me }: Readonly<{ report: Report; me: Me }>): JSX.Element {
  const t = words.value.reports;
  const { id, revision, newest, revisions, isSimulated, problems } = report;
  const state = revisions.find(({ number }) => number === revision)?.state;
  return (
    <>
      {isSimulated && (
        <p class="stale-note" role="note">
          {t.simulated}
        </p>
      )}
      {state === 'withdrawn' && (
        <p class="stale-note" role="note">
          {t.isWithdrawn}
        </p>
      )}
      {state === 'awaiting' && (
        <p class="stale-note" role="note">
          {t.isAwaiting} {!decides(me.role) && t.whoApproves}
        </p>
      )}
      {revision !== newest && (
        <p class="stale-note" role="note">
          {t.isOld(newest)} <ReportState state={report.state} />{' '}
          <a href={reportAddress(id, { revision: String(newest) })}>{t.toNewest}</a>
        </p>
      )}
      {problems.length > 0 && (
        <section class="sheet panel report-problems" aria-label={t.problems}>
          <h2>{t.problems}</h2>
          <ul>
            {problems.map((problem) => (
              <li key={problem.en}>{inLanguage(problem)}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
