import type { JSX } from 'preact';
import type { County, Lesson } from '../api/answers.ts';
import { hubNow } from '../format/clock.ts';
import { formatClock } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { schoolAddress } from '../overview/room-address.ts';
import { type Board, type Column, isRunning } from './board.ts';
import { LessonCell } from './lesson-cell.tsx';

export type BoardProps = Readonly<{ county: County; board: Board; open: (lesson: Lesson) => void }>;

/** On a desk: a row for each class, a column for each period. */
export function LessonGrid({ county, board, open }: BoardProps): JSX.Element {
  const t = words.value.lessons;
  const now = hubNow.value;
  const clock = (seconds: number): string => formatClock(seconds, county.timezone, locale.value, false);
  const running = (column: Column): string => (isRunning(column, now) ? 'is-running' : '');
  return (
    <div class="lesson-grid sheet">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.class}</th>
            {board.columns.map((column) => (
              <th key={column.n} scope="col" class={running(column)}>
                <span>{t.period(column.n)}</span>
                {isRunning(column, now) && <span class="lesson-now">{t.isRunning}</span>}
                <span class="lesson-hours hint">
                  {clock(column.start)}–{clock(column.end)}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {board.schools.map(({ school, rows }) => (
          <tbody key={school.id}>
            <tr class="lesson-school">
              <th scope="rowgroup" colSpan={board.columns.length + 1}>
                <a href={schoolAddress(county, school)}>{inLanguage(school.name)}</a>
              </th>
            </tr>
            {rows.map(({ of, cells }) => (
              <tr key={of.id}>
                <th scope="row">{inLanguage(of.name)}</th>
                {board.columns.map((column) => (
                  <td key={column.n} class={running(column)}>
                    {(cells.get(column.n) ?? []).map((lesson) => (
                      <LessonCell
                        key={`${lesson.origin}/${lesson.cancelled}`}
                        lesson={lesson}
                        clock={lesson.start === column.start ? undefined : clock(lesson.start)}
                        open={open}
                      />
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
