import type { JSX } from 'preact';
import type { TimetableProblem } from '../api/answers.ts';
import { inLanguage, words } from '../language/language.ts';

/** More than a screen of problems helps nobody. */
const mostShown = 100;

type ProblemTableProps = Readonly<{ problems: readonly TimetableProblem[]; severalFiles: boolean }>;

/** What is wrong with the files, each with its place as programs for tables show it. */
export function ProblemTable({ problems, severalFiles }: ProblemTableProps): JSX.Element {
  const t = words.value.timetable;
  return (
    <>
      <p class="problem" role="alert">
        {t.problems(problems.length)}
      </p>
      <div class="timetable-problems">
        <table>
          <thead>
            <tr>
              <th scope="col">{t.place}</th>
              <th scope="col">{t.wrong}</th>
            </tr>
          </thead>
          <tbody>
            {problems.slice(0, mostShown).map((problem, n) => (
              <tr key={n}>
                <td>{placeInWords(problem, severalFiles)}</td>
                <td>{inLanguage(problem.text)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {problems.length > mostShown && <p class="hint">{t.more(problems.length - mostShown)}</p>}
    </>
  );
}

function placeInWords({ file, sheet, row, column, heading }: TimetableProblem, withFile: boolean): string {
  const t = words.value.timetable;
  return (
    [
      ...(withFile && file !== undefined ? [file] : []),
      ...(sheet === undefined ? [] : [sheet]),
      ...(row === undefined ? [] : [`${column ?? ''}${row}`]),
      ...(heading === undefined ? [] : [inLanguage(heading)]),
    ].join(' · ') ||
    (file ?? t.everywhere)
  );
}
