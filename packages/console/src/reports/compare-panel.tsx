import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useAnswer } from '../api/asked-answer.ts';
import { problemText } from '../api/problem.ts';
import type { Report, ReportList } from '../api/report-answers.ts';
import { inLanguage, words } from '../language/language.ts';
import { type ReportQuery, reportAddress, reportName } from './report-text.ts';
import { compareShares, printedDifference } from './share.ts';
import { TableHead } from './table-head.tsx';

type ComparePanelProps = Readonly<{ report: Report; query: ReportQuery }>;

/** The figures of the first page beside those of another report of the county. */
export function ComparePanel({ report, query }: ComparePanelProps): JSX.Element {
  const t = words.value.reports.compare;
  const { route } = useLocation();
  const { id, county } = report;
  const other = query.with;
  const { answer, error } = useAnswer<ReportList>(county, 'reports', () => ({ county, limit: 500 })).state
    .value;
  const others = answer?.reports.filter((one) => one.id !== id) ?? [];
  return (
    <section class="sheet panel" aria-labelledby="compare">
      <h2 id="compare">{t.title}</h2>
      {error !== undefined && (
        <p class="problem" role="alert">
          {problemText(error)}
        </p>
      )}
      {answer !== undefined && others.length === 0 && <p class="hint">{t.noOther}</p>}
      {others.length > 0 && (
        <select
          aria-label={t.choose}
          value={other ?? ''}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            route(reportAddress(id, { ...query, with: chosen === '' ? undefined : chosen }));
          }}
        >
          <option value="">{t.nothing}</option>
          {others.map((one) => (
            <option key={one.id} value={one.id}>
              {reportName(one)}
            </option>
          ))}
        </select>
      )}
      {other !== undefined && <Compared key={other} report={report} other={other} />}
    </section>
  );
}

function Compared({ report, other }: Readonly<{ report: Report; other: string }>): JSX.Element | null {
  const t = words.value.reports.compare;
  const { answer, error } = useAnswer<Report>(other, `reports/${encodeURIComponent(other)}`).state.value;
  if (error !== undefined)
    return (
      <p class="problem" role="alert">
        {problemText(error)}
      </p>
    );
  if (answer === undefined) return <p class="hint">{words.value.loading}</p>;
  const there = new Map(answer.summary.map((figure) => [figure.title.en, figure.value]));
  return (
    <>
      {answer.scope.id !== report.scope.id && <p class="hint">{t.otherScope}</p>}
      {compareShares(answer.objective, report.objective) !== 0 && <p class="hint">{t.otherObjective}</p>}
      <div class="report-scroll">
        <table class="report-table">
          <TableHead names={[t.figure, t.here, t.there, t.difference]} />
          <tbody>
            {report.summary.map(({ title, value, unit }) => (
              <tr key={title.en}>
                <th scope="row">
                  {inLanguage(title)} <span class="hint">{inLanguage(unit)}</span>
                </th>
                <td>{value ?? '–'}</td>
                <td>{there.get(title.en) ?? '–'}</td>
                <td>{printedDifference(there.get(title.en), value) ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
