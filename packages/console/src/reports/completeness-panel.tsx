import type { JSX } from 'preact';
import type { Completeness, Report } from '../api/report-answers.ts';
import { formatCount } from '../format/value.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { percentText } from './share.ts';
import { TableHead } from './table-head.tsx';

/** How much was measured, in plain words, and of which data the report was made. */
export function CompletenessPanel({ report }: { report: Report }): JSX.Element {
  const t = words.value.reports.completeness;
  const { figures, completeness, inputs } = report;
  const gaps = completeness.filter((school) => !isWhole(school));
  const whole = completeness.length - gaps.length;
  return (
    <section class="sheet panel" aria-labelledby="completeness">
      <h2 id="completeness">{t.title}</h2>
      <p>
        <strong>{t.known(percentText(figures.coverage))}</strong> {t.unknown}
      </p>
      {gaps.length > 0 && (
        <>
          <p>{t.gaps(gaps.length)}</p>
          <GapTable schools={gaps} />
        </>
      )}
      {whole > 0 && <p>{gaps.length === 0 ? t.allWhole(whole) : t.whole(whole)}</p>}
      <details>
        <summary>{t.inputs}</summary>
        <p class="hint">{t.inputsMore}</p>
        <dl class="report-inputs">
          {inputs.map(({ title, value }) => (
            <div key={title.en}>
              <dt>{inLanguage(title)}</dt>
              <dd>{inLanguage(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}

/** Whether there were data of every day, and no lesson is unknown. */
function isWhole({ days, unknownLessons }: Completeness): boolean {
  return days.part === days.of && unknownLessons === 0;
}

function GapTable({ schools }: { schools: readonly Completeness[] }): JSX.Element {
  const t = words.value.reports.completeness;
  const count = (value: number): string => formatCount(value, locale.value);
  return (
    <div class="report-scroll">
      <table class="report-table">
        <TableHead names={[t.school, t.days, t.coverage, t.lessons]} />
        <tbody>
          {schools.map(({ school, days, coverage, unknownLessons }) => (
            <tr key={school.en}>
              <th scope="row">{inLanguage(school)}</th>
              <td>{t.daysOf(count(days.part), count(days.of))}</td>
              <td>{percentText(coverage)}</td>
              <td>{count(unknownLessons)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
