import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { County, Me } from '../api/answers.ts';
import { useAnswer } from '../api/asked-answer.ts';
import { problemText } from '../api/problem.ts';
import type { ReportList } from '../api/report-answers.ts';
import { Problem } from '../design/problem.tsx';
import { inLanguage, words } from '../language/language.ts';
import { IssueDialog } from './issue-dialog.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { useCounties } from './places.ts';
import { ReportTable } from './report-table.tsx';
import './report-parts.css';
import './reports.css';

/** As many as are asked for at first, and how many more each time. The hub gives no more than the most. */
const shown = { atFirst: 50, more: 50, most: 500 } as const;
const pauseMs = { whileMaking: 2000, usual: 30_000 } as const;

function isBeingMade({ jobs }: ReportList): boolean {
  return jobs.some(({ state }) => state === 'waiting' || state === 'working');
}

/** Reports that were issued, and those that are being made. */
export default function ReportsPage({ me }: { me: Me }): JSX.Element {
  const t = words.value;
  const { counties, problem } = useCounties();
  useEffect(() => {
    document.title = `${t.reports.title} · ${t.product}`;
  }, [t]);
  if (counties !== undefined) return <Reports me={me} counties={counties} />;
  return problem === '' ? <p class="waiting">{t.loading}</p> : <Problem text={problem} />;
}

function Reports({ me, counties }: { me: Me; counties: readonly County[] }): JSX.Element {
  const t = words.value.reports;
  const { query, route } = useLocation();
  const limit = useSignal<number>(shown.atFirst);
  const isIssuing = useSignal(false);
  const { county, school } = query;
  const { state, again } = useAnswer<ReportList>(
    `${county} ${school} ${limit.value}`,
    'reports',
    () => ({ county, school, limit: limit.value }),
    (answer) => (answer !== undefined && isBeingMade(answer) ? pauseMs.whileMaking : pauseMs.usual),
  );
  const { answer, error } = state.value;
  const here = counties.find(({ id }) => id === county) ?? counties[0];
  const issueButton = here !== undefined && (
    <button type="button" class="primary" onClick={() => (isIssuing.value = true)}>
      {t.issue}
    </button>
  );
  return (
    <div class="reports-page">
      <div class="page-head">
        <h1>{t.title}</h1>
        <div class="report-actions">
          <WhichChoice counties={counties} chosen={[county, school]} choose={(address) => route(address)} />
          {here !== undefined && (
            <a class="button" href={`/reports/schedule?county=${encodeURIComponent(here.id)}`}>
              {t.schedule}
            </a>
          )}
          {issueButton}
        </div>
      </div>
      <p class="hint">{t.intro}</p>
      {error !== undefined && answer !== undefined && (
        <p class="stale-note" role="status">
          {problemText(error)}
        </p>
      )}
      {answer === undefined && error !== undefined && <Problem text={problemText(error)} />}
      {answer === undefined && error === undefined && <p class="waiting">{words.value.loading}</p>}
      {answer !== undefined && (
        <>
          <JobsPanel jobs={answer.jobs} me={me} changed={again} />
          {answer.reports.length > 0 ? (
            <ReportTable reports={answer.reports} counties={counties} />
          ) : (
            <div class="empty sheet">
              <p>{school === undefined ? t.none : t.noneHere}</p>
              <p>{t.noneMore}</p>
              {issueButton}
            </div>
          )}
          {answer.more && limit.value < shown.most && (
            <button type="button" onClick={() => (limit.value += shown.more)}>
              {t.older}
            </button>
          )}
        </>
      )}
      {isIssuing.value && here !== undefined && (
        <IssueDialog
          counties={counties}
          county={here}
          school={school}
          done={() => {
            isIssuing.value = false;
            again();
          }}
        />
      )}
    </div>
  );
}

type WhichChoiceProps = Readonly<{
  counties: readonly County[];
  chosen: readonly [county: string | undefined, school: string | undefined];
  /** Goes to an address of this page. */
  choose: (address: string) => void;
}>;

/** Of which county or school reports are shown. */
function WhichChoice({ counties, chosen: [county, school], choose }: WhichChoiceProps): JSX.Element {
  const t = words.value.reports;
  const addressOf = (query: Record<string, string>): string => {
    const search = new URLSearchParams(query);
    return search.size === 0 ? '/reports' : `/reports?${search}`;
  };
  const here = addressOf({
    ...(county !== undefined && { county }),
    ...(school !== undefined && { school }),
  });
  return (
    <select aria-label={t.which} value={here} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="/reports">{counties.length === 1 ? t.ofCounty : t.allCounties}</option>
      {counties.map(({ id, name, schools }) => (
        <optgroup key={id} label={inLanguage(name)}>
          {counties.length > 1 && <option value={addressOf({ county: id })}>{t.ofCounty}</option>}
          {schools.map((one) => (
            <option key={one.id} value={addressOf({ county: id, school: one.id })}>
              {inLanguage(one.name)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
