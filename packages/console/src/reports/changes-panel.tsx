import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Text } from '../api/answers.ts';
import { useAnswer } from '../api/asked-answer.ts';
import { problemText } from '../api/problem.ts';
import type { Change, Changes, Report } from '../api/report-answers.ts';
import { inLanguage, words } from '../language/language.ts';
import { type ReportQuery, reportAddress } from './report-text.ts';
import { TableHead } from './table-head.tsx';

type ChangesPanelProps = Readonly<{ report: Report; from: number; to: number; query: ReportQuery }>;

/** What differs between two revisions, figure by figure. */
export function ChangesPanel({ report, from, to, query }: ChangesPanelProps): JSX.Element {
  const t = words.value.reports.changes;
  const { route } = useLocation();
  const { id, revisions } = report;
  const { answer, error } = useAnswer<Changes>(
    `${id} ${from} ${to}`,
    `reports/${encodeURIComponent(id)}/changes`,
    () => ({ from, to }),
  ).state.value;
  const heading = useRef<HTMLHeadingElement>(null);
  // It opens below what was clicked, maybe out of sight.
  useEffect(() => heading.current?.focus(), [from, to]);
  const numbers = revisions.map(({ number }) => number).reverse();
  const choice = (end: 'from' | 'to', chosen: number, without: number): JSX.Element => (
    <label>
      {t[end]}
      <select
        value={chosen}
        onChange={(event) => route(reportAddress(id, { ...query, [end]: event.currentTarget.value }))}
      >
        {numbers
          .filter((number) => number !== without)
          .map((number) => (
            <option key={number} value={number}>
              {number}
            </option>
          ))}
      </select>
    </label>
  );
  return (
    <section class="sheet panel" aria-labelledby="changes">
      <div class="report-panel-head">
        <h2 id="changes" ref={heading} tabIndex={-1}>
          {t.title(from, to)}
        </h2>
        <a href={reportAddress(id, { ...query, from: undefined, to: undefined })}>{t.close}</a>
      </div>
      {numbers.length > 2 && (
        <div class="report-days">
          {choice('from', from, to)}
          {choice('to', to, from)}
        </div>
      )}
      {error !== undefined && (
        <p class="problem" role="alert">
          {problemText(error)}
        </p>
      )}
      {answer === undefined && error === undefined && <p class="hint">{words.value.loading}</p>}
      {answer?.changes.length === 0 && <p>{t.none}</p>}
      {answer !== undefined && answer.changes.length > 0 && <ChangeTable changes={answer.changes} />}
      {answer !== undefined && answer.more > 0 && <p class="hint">{t.more(answer.more)}</p>}
    </section>
  );
}

function ChangeTable({ changes }: { changes: readonly Change[] }): JSX.Element {
  const t = words.value.reports.changes;
  const value = (text: Text | undefined): string => (text === undefined ? '–' : inLanguage(text));
  return (
    <div class="report-scroll">
      <table class="report-table">
        <TableHead names={[t.where, t.figure, t.before, t.after]} />
        <tbody>
          {changes.map(({ table, row, column, before, after, kind }, index) => (
            <tr key={index}>
              <th scope="row">
                {inLanguage(row)} <span class="hint">{inLanguage(table)}</span>
              </th>
              <td>{column === undefined ? '' : inLanguage(column)}</td>
              <td>{value(before)}</td>
              <td>
                {kind === 'removed' ? t.removed : value(after)}{' '}
                {kind === 'added' && <span class="hint">{t.added}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
